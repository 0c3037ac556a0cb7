import { createAttachmentPaths } from '../compose/index.ts';
import { preflight } from '../letter/preflight.ts';
import { pinCampaign } from '../letter/submit.ts';
import type { EngineApi } from '../protocol/engineApi.ts';
import { parseAddress } from '../shared/address.ts';
import { describeError, msg, UserError } from '../shared/errors.ts';
import type { Recipient, RefusedRow } from '../shared/recipient.ts';
import type { Settings } from '../shared/settings.ts';
import { type CommandOptions, openDoorFor } from './commandLine.ts';
import { confirm, overview } from './confirm.ts';
import { diskFiles, gitCommit } from './diskFiles.ts';
import { throughDoor } from './door.ts';
import { printEnding } from './ending.ts';
import { refuseOnErrors } from './findings.ts';
import { type Gathered, gather, openList } from './gather.ts';
import { collectSecrets, transportsOf } from './passwords.ts';
import { adviceOn, findRow, requireSomebody, surveyList } from './survey.ts';
import { complain, dim, print, printJson, yellow } from './terminal.ts';
import { watch } from './watch.ts';
import { parseWhen } from './when.ts';

/** `envoi send DOCUMENT`: checks, asks, pins, delivers, tells. */
export async function send(path: string, options: CommandOptions): Promise<number> {
  const startAt = options.at === undefined ? 0 : parseWhen(options.at, Date.now());
  const gathered = await gather(path, options);
  refuseOnErrors(gathered.findings, options.json);
  const survey = await surveyList(gathered);
  const rows = requireSomebody(gathered, survey);
  refuseOnErrors(adviceOn(gathered, survey.profile), options.json);
  const secrets = await collectSecrets(gathered.settings, transportsOf(gathered.settings));
  if (!options.json) print(overview(gathered, survey, startAt));
  await confirm(rows, options);
  return deliver(
    gathered,
    'send',
    () => openList(gathered.recipientsPath, path, survey.sha256),
    startAt,
    secrets,
    options,
    survey.sha256,
  );
}

/** `envoi test DOCUMENT --to ADDRESS`: one message with the values of a row, to somebody else. */
export async function sendTest(path: string, options: CommandOptions): Promise<number> {
  const gathered = await gather(path, options);
  refuseOnErrors(gathered.findings, options.json);
  const { newsletter } = gathered.compiled;
  const to = (options.to ?? gathered.settings.testRecipients).map(testAddress);
  if (!newsletter) throw new Error('a document without errors has a newsletter');
  if (to.length === 0) {
    throw new UserError(
      'testAddress',
      msg('No test address is given.'),
      msg('Add --to you@example.org, or set envoi.testRecipients.'),
    );
  }
  const secrets = await collectSecrets(gathered.settings, transportsOf(gathered.settings));
  const like = await findRow(gathered, options.recipient);
  const rows = to.map((address) => ({ line: like?.line ?? 1, address, fields: like?.fields ?? {} }));
  const subject = `[Test] ${newsletter.subject}`;
  const compiled = { ...gathered.compiled, newsletter: { ...newsletter, subject } };
  async function* batches() {
    yield { rows, refused: [] };
  }
  return deliver({ ...gathered, compiled }, 'test', batches, 0, secrets, options);
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

async function deliver(
  gathered: Gathered,
  kind: 'send' | 'test',
  batches: () => AsyncIterable<{ rows: readonly Recipient[]; refused: readonly RefusedRow[] }>,
  startAt: number,
  secrets: Record<string, string>,
  options: CommandOptions,
  sha256 = '',
): Promise<number> {
  const { path, document, settings, recipientsPath, compiled } = gathered;
  const { newsletter } = compiled;
  if (!newsletter) throw new Error('a document without errors has a newsletter');
  let checked = false;
  const { door, result: started } = await throughDoor(
    () => openDoorFor(options, 'send'),
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
            recipients: { path: recipientsPath, sha256 },
          },
          assets: compiled.assets,
          read: diskFiles(path).read,
          attachmentPaths: createAttachmentPaths(newsletter),
          batches: batches(),
          startAt,
          secrets,
        }),
      );
    },
  );
  try {
    if (options.json) printJson({ event: 'started', campaign: started.id, total: started.total, startAt });
    else print(`  ${dim(`campaign ${started.id}`)}\n`);
    return await printEnding(door.engine, await watch(door, started.id, options.json), options.json);
  } finally {
    await door.close();
  }
}

/** Ctrl+C ends it between two batches of the list: nothing has been sent by then, and nothing will be. */
async function interruptible<T>(work: (onProgress: () => void) => Promise<T>): Promise<T> {
  let asked = false;
  const stop = () => {
    asked = true;
  };
  process.once('SIGINT', stop);
  try {
    return await work(() => {
      if (asked) throw new UserError('stopped', msg('Stopped while the list was read.'), msg('Nothing was sent.'));
    });
  } finally {
    process.off('SIGINT', stop);
  }
}

/** Refuses when no transport of the route works; says what does not where another one does. */
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
    if (json) printJson({ event: 'serverFailed', server, text: describeError(error) });
    else complain(`${yellow('warning')}: ${error.message} The backup takes over.`);
  }
}
