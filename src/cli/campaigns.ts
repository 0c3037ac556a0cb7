import type { EngineApi } from '../protocol/engineApi.ts';
import { type CampaignSnapshot, countIn, failedCount, openCount, resendable } from '../shared/campaign.ts';
import { cut } from '../shared/displayWidth.ts';
import { msg, UserError } from '../shared/errors.ts';
import { type Settings, secretKey } from '../shared/settings.ts';
import { subjectWords } from '../shared/subjectWords.ts';
import { plural } from '../shared/words.ts';
import { attentionWords } from './attentionWords.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { ask } from './confirm.ts';
import { ENGINE_NEEDED, printEnding } from './ending.ts';
import { EXIT } from './exit.ts';
import { type PromptOptions, secretOf } from './passwords.ts';
import { campaignStateText } from './stateWords.ts';
import { bold, clockTime, dim, number, print, printJson, table } from './terminal.ts';
import { watchOrLook } from './watch.ts';
import { withEngine } from './withEngine.ts';
import { say } from './words.ts';

const unfinished = (snapshot: CampaignSnapshot) => !['done', 'cancelled'].includes(snapshot.state);

/** `envoi status [CAMPAIGN]` */
export async function status(campaign: string | undefined, options: CommandOptions): Promise<number> {
  const { connection, result: list } = await withEngine(
    () => connectEngineFor(options, 'look'),
    async ({ engine }) => (campaign ? [await engine.get({ campaign })] : engine.list()),
  );
  try {
    if (options.json) {
      for (const snapshot of list) printJson({ event: 'status', campaign: snapshot.id, ...snapshot });
      return EXIT.sent;
    }
    if (list.length === 0) {
      print(`  ${say(msg('No campaigns yet in {0}.', options.state))}`);
      return EXIT.sent;
    }
    const head = [
      msg('campaign'),
      msg('state'),
      msg('sent'),
      msg('of'),
      msg('failed'),
      msg('waiting'),
      msg('subject'),
    ].map((text) => dim(say(text)));
    const rows = list.map((snapshot) => {
      const { counts } = snapshot;
      return [
        bold(snapshot.id),
        say(campaignStateText[snapshot.state]),
        number(counts.sent),
        number(snapshot.total),
        number(failedCount(snapshot)),
        number(openCount(snapshot)),
        `${cut(subjectWords(snapshot.subject), 40)}  ${dim(clockTime(snapshot.createdAt))}`,
      ];
    });
    print(table([head, ...rows]));
    for (const snapshot of list) {
      for (const item of snapshot.attention) print(`  ${snapshot.id}: ${attentionWords(item)}`);
      if (snapshot.state === 'scheduled' && connection.own)
        print(`  ${dim(say(msg('No engine is running now. {0}', ENGINE_NEEDED)))}`);
    }
    return EXIT.sent;
  } finally {
    await connection.close();
  }
}

/** `envoi pause|cancel [CAMPAIGN]` */
export async function control(
  verb: 'pause' | 'cancel',
  campaign: string | undefined,
  options: CommandOptions,
): Promise<number> {
  // Chosen once: an engine that closes along with the campaign it was told to cancel may not send its reply.
  let chosen = campaign;
  const { connection, result: snapshot } = await withEngine(
    () => connectEngineFor(options, 'look'),
    async ({ engine }) => {
      chosen = await choose(engine, chosen);
      return engine[verb]({ campaign: chosen });
    },
  );
  const { id } = snapshot;
  try {
    if (options.json)
      printJson({
        event: verb === 'pause' ? 'paused' : 'cancelled',
        campaign: id,
        state: snapshot.state,
        ...snapshot.counts,
      });
    else {
      const left = snapshot.counts.queued + snapshot.counts.deferred;
      print(
        `  ${say(
          msg(
            '{0} is {1}: {2} sent, {3} not sent.',
            id,
            campaignStateText[snapshot.state],
            snapshot.counts.sent,
            left + snapshot.counts.cancelled,
          ),
        )}`,
      );
      if (verb === 'pause') print(`  ${dim(say(msg('Continue with: {0}', `envoi resume ${id}`)))}`);
    }
    return EXIT.sent;
  } finally {
    await connection.close();
  }
}

/** `envoi resume [CAMPAIGN]`, `envoi resend CAMPAIGN`, `envoi decide CAMPAIGN resend|leave`: does it, then watches. */
export async function continueCampaign(
  how: 'resume' | 'resend' | 'decideResend' | 'decideLeave',
  campaign: string | undefined,
  options: CommandOptions,
): Promise<number> {
  const { connection, result: snapshot } = await withEngine(
    () => connectEngineFor(options, how === 'decideLeave' ? 'look' : 'send'),
    async ({ engine }) => {
      const id = how === 'resume' ? await choose(engine, campaign) : campaign;
      if (!id) throw new UserError('usage', msg('No campaign was given.'), msg('See the list with “envoi status”.'));
      if (how === 'decideLeave' || how === 'decideResend') await requireDoubt(engine, id);
      if (how === 'decideLeave') return engine.decideInDoubt({ campaign: id, decision: 'leave' });
      if (how === 'resend') {
        await confirmResend(engine, id, options);
        await engine.resendFailed({ campaign: id });
      }
      if (how === 'decideResend') await engine.decideInDoubt({ campaign: id, decision: 'resend' });
      return resume(engine, id, options);
    },
  );
  const { engine } = connection;
  const { id } = snapshot;
  let seen: Awaited<ReturnType<typeof watchOrLook>> | undefined;
  try {
    if (how === 'decideLeave') return await printEnding(engine, snapshot, options.json);
    if (!options.json) print(`\n  ${dim(say(msg('campaign {0}', id)))}  ${subjectWords(snapshot.subject)}\n`);
    seen = await watchOrLook(connection, id, options.json, () => connectEngineFor(options, 'look'));
    return await printEnding(seen.connection.engine, seen.snapshot, options.json);
  } finally {
    if (seen && seen.connection !== connection) await seen.connection.close();
    await connection.close();
  }
}

/** Who decides about nothing would only resume the campaign. */
async function requireDoubt(engine: EngineApi, campaign: string): Promise<void> {
  const { id, counts } = await engine.get({ campaign });
  if (counts.inDoubt === 0)
    throw new UserError(
      'nobodyLeft',
      msg('Campaign {0} has no messages in doubt.', id),
      msg('See the list with “envoi status”.'),
    );
}

/** Sending always needs a confirmation, the second time too. Throws the UserError `nobodyLeft` when there is nobody to send it to. */
async function confirmResend(engine: EngineApi, campaign: string, options: CommandOptions): Promise<void> {
  const snapshot = await engine.get({ campaign });
  const { subject } = snapshot;
  const rows = snapshot.resendable ?? countIn(snapshot.counts, resendable);
  if (rows === 0)
    throw new UserError(
      'nobodyLeft',
      msg('Campaign {0} has no recipients to whom it can be sent again.', snapshot.id),
      msg('See “envoi report {0} --failed”.', snapshot.id),
    );
  if (options.yes) return;
  const question = plural(
    'Send “{1}” again to {0} recipient?',
    'Send “{1}” again to {0} recipients?',
    rows,
    subjectWords(subject),
  );
  const remedy = plural(
    'Add --yes to send again to {0} recipient.',
    'Add --yes to send again to {0} recipients.',
    rows,
  );
  await ask(say(question), options, remedy);
}

/** Resumes; a password that the engine lacks, or that a server refused, is asked for. */
async function resume(engine: EngineApi, campaign: string, prompts: PromptOptions): Promise<CampaignSnapshot> {
  const { settings } = await engine.plan({ campaign });
  const before = await engine.get({ campaign });
  const refused = before.attention.flatMap((item) =>
    item.kind === 'transportClosed' && item.cause === 'credentials' ? [item.transport] : [],
  );
  let snapshot = await engine.resume({ campaign, secrets: await secretsOf(settings, refused, prompts) });
  for (;;) {
    const missing = snapshot.attention.flatMap((item) => (item.kind === 'secretMissing' ? [item.transport] : []));
    if (snapshot.state !== 'needsAction' || missing.length === 0) return snapshot;
    snapshot = await engine.resume({ campaign, secrets: await secretsOf(settings, missing, prompts) });
  }
}

async function secretsOf(
  settings: Settings,
  names: readonly string[],
  prompts: PromptOptions,
): Promise<Record<string, string>> {
  const secrets: Record<string, string> = {};
  for (const name of names) {
    const server = settings.servers[name];
    if (server && server.auth !== 'none') secrets[secretKey(server)] = await secretOf(name, server, prompts);
  }
  return secrets;
}

/** The named campaign, else the only unfinished one. */
async function choose(engine: EngineApi, campaign: string | undefined): Promise<string> {
  if (campaign) return (await engine.get({ campaign })).id;
  const list = (await engine.list()).filter(unfinished);
  const [first] = list;
  if (!first)
    throw new UserError(
      'nothingOpen',
      msg('There is no unfinished campaign.'),
      msg('See the list with “envoi status”.'),
    );
  if (list.length > 1) {
    throw new UserError(
      'whichCampaign',
      msg('{0} campaigns are unfinished.', list.length),
      msg('Choose one of {0}.', list.map((item) => item.id).join(', ')),
    );
  }
  return first.id;
}
