import { hostname } from 'node:os';
import { createAttachmentPaths } from '../compose/index.ts';
import { confirmationOf } from '../letter/plan/confirmation.ts';
import { unchosenDirect } from '../letter/plan/directDoubt.ts';
import { listShares } from '../letter/plan/listShares.ts';
import { planOf } from '../letter/plan/planOf.ts';
import { preflight } from '../letter/preflight.ts';
import { pinCampaign, pinnedLists } from '../letter/submit.ts';
import type { EngineApi } from '../protocol/engineApi.ts';
import { parseAddress } from '../shared/address.ts';
import { mailboxAddresses } from '../shared/arrivalWords.ts';
import { msg, type Text, UserError } from '../shared/errors.ts';
import { printable } from '../shared/printable.ts';
import type { Recipient, RefusedRow } from '../shared/recipient.ts';
import type { Settings } from '../shared/settings.ts';
import { subjectWords } from '../shared/subjectWords.ts';
import { mayAsk } from './ask.ts';
import { alreadyStarted, lookBefore } from './before.ts';
import { type CommandOptions, connectEngineFor } from './commandLine.ts';
import { confirm, overview } from './confirm.ts';
import { diskFiles } from './diskFiles.ts';
import { printEnding } from './ending.ts';
import { EXIT, leaveAtOnce, onSignals } from './exit.ts';
import { findRow, gather, gatherSound, openList, requireNoErrors, type Sendable } from './gather.ts';
import { gitCommit } from './gitCommit.ts';
import { lookAhead } from './lookAhead.ts';
import { collectSecrets, transportsOf } from './passwords.ts';
import { openMailboxes, readBack } from './readBack.ts';
import { readFirst } from './readFirst.ts';
import { faultyRows, printRows } from './rowFindings.ts';
import { dim, print, printError, printJson, yellow } from './terminal.ts';
import { watchOrLook } from './watch.ts';
import { parseWhen } from './when.ts';
import { withEngine } from './withEngine.ts';
import { errorWords, say, words } from './words.ts';

/** `envoi send DOCUMENT`: checks, asks, pins, delivers, reports. */
export async function send(path: string, options: CommandOptions): Promise<number> {
  checkOnce(options.once);
  const startAt = options.at === undefined ? 0 : parseWhen(options.at, Date.now());
  const before = async (key: string, settings: Settings) => {
    await readFirst(settings, options);
    return lookBefore(key, options);
  };
  const gathered = await gather(path, { ...options, before }, 'send');
  const done = await alreadyStarted(gathered, options);
  if (done !== null) return done;
  const letter = await requireNoErrors(gathered, options);
  const { list, settings } = letter;
  if (!list) throw new Error('a letter that may be sent has a list');
  if (options.yes) printRows(faultyRows(letter), options.json);
  const secrets = await collectSecrets(settings, transportsOf(settings), options);
  const foresight = await lookAhead({ settings, list: listShares(list.profile), startAt }, options);
  const doubt = unchosenDirect(settings, foresight.direct);
  if (doubt && (options.yes || !mayAsk(options))) throw directNotChosen(doubt);
  const plan = await planOf(letter, letter.newsletter, {
    document: path,
    list: list.lists.map(({ file }) => file).join(', '),
    foresight,
    host: hostname(),
    startAt,
    ...(letter.before ? { before: letter.before.campaigns } : {}),
  });
  const confirmation = confirmationOf(plan, Date.now(), words);
  if (!options.json) print(overview(confirmation));
  await confirm(list.profile.count, confirmation, options);
  const batches = () => openList(list);
  return deliver({ letter, kind: 'send', batches, startAt, secrets }, options);
}

/** As the protocol takes it. */
const LONGEST_ONCE = 200;

/** It is compared with those of earlier runs, and printed. */
function checkOnce(key: string | undefined): void {
  if (key === undefined) return;
  if (key.trim() !== '' && key.length <= LONGEST_ONCE && printable(key) === key) return;
  throw new UserError(
    'usage',
    msg('--once takes a key of at most {0} characters on one line, such as newsletter-2026-11.', LONGEST_ONCE),
    msg('Correct --once. Nothing was sent.'),
  );
}

/** Without a person to confirm it, nothing is sent directly from this computer unless direct delivery was chosen. */
function directNotChosen(doubt: Text): UserError {
  return new UserError(
    'directNotChosen',
    doubt,
    msg(
      'Nothing was sent. Add a server to envoi.servers, check direct delivery with “envoi plan LETTER --network”, or set envoi.route to {0}.',
      '["direct"]',
    ),
  );
}

/** `envoi test DOCUMENT --to ADDRESS`: one message with the values of a row, to somebody else. */
export async function sendTest(path: string, options: CommandOptions): Promise<number> {
  const letter = await gatherSound(path, options, 'test');
  const { newsletter, settings } = letter;
  const mailboxes = options.read ? await openMailboxes(settings, options) : [];
  const own = mailboxAddresses(options.read ? settings.mailboxes : {});
  const to = (options.to ?? (own.length > 0 ? own : settings.testRecipients)).map(testAddress);
  if (to.length === 0) {
    throw new UserError(
      'testAddress',
      msg('No test address was given.'),
      msg('Add --to you@example.org, or set envoi.testRecipients.'),
    );
  }
  const secrets = await collectSecrets(settings, transportsOf(settings), options);
  const like = await findRow(letter, options.recipient);
  const rows = to.map((address) => ({ line: like?.line ?? 1, address, fields: like?.fields ?? {} }));
  const tested = { ...letter, newsletter: { ...newsletter, subject: `[Test] ${newsletter.subject}` } };
  async function* batches() {
    yield { rows, refused: [] };
  }
  const afterwards = (engine: EngineApi, campaign: string) => readBack(engine, campaign, mailboxes, options);
  const delivery: Delivery = { letter: tested, kind: 'test', batches, startAt: 0, secrets };
  return deliver(options.read ? { ...delivery, afterwards } : delivery, options);
}

function testAddress(written: string): string {
  const parsed = parseAddress(written);
  if (parsed.ok) return parsed.address;
  throw new UserError(
    'badAddress',
    msg('“{0}” is not an address.', written),
    msg('Correct --to, or envoi.testRecipients. Nothing was sent.'),
  );
}

interface Delivery {
  letter: Sendable;
  kind: 'send' | 'test';
  batches: () => AsyncIterable<{ rows: readonly Recipient[]; refused: readonly RefusedRow[] }>;
  startAt: number;
  secrets: Record<string, string>;
  /** What is left to do when all is settled; returns an exit code. */
  afterwards?: (engine: EngineApi, campaign: string) => Promise<number>;
}

async function deliver(delivery: Delivery, options: CommandOptions): Promise<number> {
  const { letter, kind, batches, startAt, secrets } = delivery;
  const { path, document, settings, newsletter, assets, list } = letter;
  let checked = false;
  const { connection, result: started } = await withEngine(
    () => connectEngineFor(options, 'send'),
    async ({ engine }) => {
      if (!checked) await checkServers(engine, settings, secrets, options.json);
      checked = true;
      return interruptible((onProgress) =>
        pinCampaign(engine, {
          onProgress,
          campaign: {
            kind,
            newsletter,
            settings,
            document: { path, text: document.text, commit: gitCommit(path) },
            recipients: pinnedLists(list),
            ...(kind === 'send' ? { letter: { key: letter.key, once: options.once ?? '', again: options.again } } : {}),
          },
          assets,
          read: diskFiles(path).read,
          attachmentPaths: createAttachmentPaths(newsletter),
          batches: batches(),
          startAt,
          secrets,
        }),
      );
    },
  );
  let seen: Awaited<ReturnType<typeof watchOrLook>> | undefined;
  try {
    if (connection.own) await tellUnfinished(connection.engine, started.id, options.json);
    if (options.json) printJson({ event: 'started', campaign: started.id, total: started.total, startAt });
    else print(`  ${dim(say(msg('campaign {0}', started.id)))}\n`);
    seen = await watchOrLook(connection, started.id, options.json, () => connectEngineFor(options, 'look'));
    const { engine } = seen.connection;
    const code = await printEnding(engine, seen.snapshot, options.json);
    return Math.max(code, (await delivery.afterwards?.(engine, started.id)) ?? EXIT.sent);
  } finally {
    if (seen && seen.connection !== connection) await seen.connection.close();
    await connection.close();
  }
}

/** What was in progress when another command or engine ended waits; it is not resumed implicitly. */
async function tellUnfinished(engine: EngineApi, own: string, json: boolean): Promise<void> {
  for (const { id, state, subject, counts, total } of await engine.list()) {
    if (id === own || (state !== 'paused' && state !== 'needsAction')) continue;
    if (json) printJson({ event: 'unfinished', campaign: id, sent: counts.sent, total });
    else {
      const words = msg(
        '“{0}” is unfinished, {1} of {2} sent. Continue with: envoi resume {3}',
        subjectWords(subject),
        counts.sent,
        total,
        id,
      );
      printError(`  ${dim(say(words))}`);
    }
  }
}

/** Ctrl+C ends it between two batches of the list, a second one at once: nothing has been sent by then, and nothing will be. */
async function interruptible<T>(work: (onProgress: () => void) => Promise<T>): Promise<T> {
  let asked = false;
  const listening = onSignals(() => {
    if (asked) leaveAtOnce();
    asked = true;
  });
  try {
    return await work(() => {
      if (asked)
        throw new UserError('stopped', msg('Stopped while the list was being read.'), msg('Nothing was sent.'));
    });
  } finally {
    listening.dispose();
  }
}

/** Refuses when no transport of the route works; warns about the others when one does. */
async function checkServers(
  engine: EngineApi,
  settings: Settings,
  secrets: Record<string, string>,
  json: boolean,
): Promise<void> {
  const { failures, otherWay } = await preflight(engine, settings, secrets);
  const [first] = failures;
  if (first && !otherWay) throw first.error;
  for (const { server, error } of failures) {
    if (json) printJson({ event: 'serverFailed', server, text: errorWords(error) });
    else printError(`${yellow(say(msg('warning')))}: ${say(msg('{0} The backup takes over.', error.what))}`);
  }
}
