import { randomUUID } from 'node:crypto';
import type { EngineApi, ProbeCall, ProbeRequest } from '../protocol/engineApi.ts';
import { systemClock } from '../shared/clock.ts';
import { detailWords } from '../shared/detailText.ts';
import { parseDuration } from '../shared/duration.ts';
import { msg, UserError } from '../shared/errors.ts';
import { PROBE_BUDGET, type ProbeBudget, type ServerProbe } from '../shared/serverProbe.ts';
import {
  probeLetter,
  probeNotes,
  probeQuestion,
  probeRemedy,
  probeSettings,
  probeSummary,
  progressText,
} from '../shared/serverProbeWords.ts';
import { type ServerSettings, secretKey } from '../shared/settings.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { ask } from './confirm.ts';
import { EXIT, leaveAtOnce, onSignals } from './exit.ts';
import { refuseOnErrors } from './findings.ts';
import { collectSecrets } from './passwords.ts';
import { openMailboxes } from './readBack.ts';
import { loadSettings } from './settingsFile.ts';
import { bold, dim, oneLine, print, printError, printJson } from './terminal.ts';
import { say, words } from './words.ts';

const LOOK_EVERY_MS = 1_000;

/** `envoi servers probe NAME`: measures how much a server accepts, with test messages to the person's own test recipients. */
export async function probeServer(name: string | undefined, options: CommandOptions): Promise<number> {
  if (name === undefined)
    throw new UserError('usage', msg('No server was given.'), msg('Usage: envoi servers probe NAME.'));
  const { settings, findings } = await loadSettings(options, undefined);
  refuseOnErrors(findings, options.json);
  const connection = await connectEngineFor(options, 'send');
  try {
    const request: ProbeRequest = { settings, server: name, budget: budgetOf(options), again: options.again };
    const plan = await connection.engine.planProbe(request);
    const server = settings.servers[name] as ServerSettings;
    await ask(say(probeQuestion(name, plan, request.budget.forMs)), options);
    const secret = (await collectSecrets(settings, [name], options))[secretKey(server)] ?? '';
    const mailboxes = options.read ? await openMailboxes(settings, options) : [];
    // Whether messages can be read back is checked before one is spent.
    for (const { mailbox, secret: password } of mailboxes)
      await connection.engine.tryMailbox({ mailbox, secret: password });
    const found = await watch(connection.engine, options, {
      ...request,
      probe: randomUUID(),
      secret,
      letter: probeLetter(name, words),
      mailboxes: mailboxes.map(({ mailbox, secret: password }) => ({ mailbox, secret: password })),
    });
    tell(name, server, found, options);
    return exitOf(found);
  } finally {
    await connection.close();
  }
}

function budgetOf({ messages, for: span }: CommandOptions): ProbeBudget {
  const most = Number(messages ?? PROBE_BUDGET.messages);
  const forMs = span === undefined ? PROBE_BUDGET.forMs : parseDuration(span);
  if (!Number.isSafeInteger(most) || most < 1 || most > PROBE_BUDGET.messages)
    throw new UserError(
      'usage',
      msg('--messages is “{0}”.', String(messages)),
      msg('Write a number from 1 to {0}.', PROBE_BUDGET.messages),
    );
  if (forMs === null || forMs < 1_000 || forMs > PROBE_BUDGET.forMs)
    throw new UserError(
      'usage',
      msg('--for is “{0}”.', String(span)),
      msg('Write a duration of at most 180s, such as 90s.'),
    );
  return { messages: most, forMs };
}

/** Ctrl+C ends the test with the results so far, a second one exits at once. */
async function watch(
  engine: EngineApi,
  { json }: Pick<CommandOptions, 'json'>,
  call: ProbeRequest & ProbeCall,
): Promise<ServerProbe> {
  const over = new AbortController();
  let stopping = false;
  const signals = onSignals(() => {
    if (stopping) leaveAtOnce();
    stopping = true;
    engine.stopProbe({ probe: call.probe }).catch(() => {});
  });
  const running = engine.probeServer(call).finally(() => over.abort());
  const showing = json ? Promise.resolve() : show(engine, call.probe, over.signal);
  try {
    return await running;
  } finally {
    await showing;
    signals.dispose();
  }
}

async function show(engine: EngineApi, probe: string, signal: AbortSignal): Promise<void> {
  let last = '';
  while (!signal.aborted) {
    const progress = await engine.probeProgress({ probe }).catch(() => null);
    const line = progress ? say(progressText(progress, words)) : '';
    if (line !== '' && line !== last) printError(`  ${dim(line)}`);
    last = line || last;
    await systemClock.sleep(LOOK_EVERY_MS, signal).catch(() => {});
  }
}

function tell(name: string, server: ServerSettings, probe: ServerProbe, { json }: Pick<CommandOptions, 'json'>): void {
  const settings = probeSettings(probe, server);
  if (json) {
    printJson({ event: 'probe', server: name, ...probe, settings });
    return;
  }
  print(`\n  ${bold(name)} ${probeSummary(probe, words)}`);
  for (const note of probeNotes(probe)) print(`    ${say(note)}`);
  if (probe.text !== '') print(`    ${dim(oneLine(detailWords(probe.text, words)))}`);
  const remedy = probeRemedy(name, server, probe, words);
  if (remedy) print(`    ${remedy}`);
}

function exitOf({ ended, arrived }: ServerProbe): number {
  if (ended === 'cancelled' || ended === 'campaign' || ended === 'interrupted') return EXIT.interrupted;
  const lost = arrived !== null && arrived.junk + arrived.missing > 0;
  return ended === 'refused' || ended === 'unreachable' || lost ? EXIT.someFailed : EXIT.sent;
}
