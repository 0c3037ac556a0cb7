import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { createAttachmentPaths } from '../compose/index.ts';
import type { EngineApi } from '../protocol/engineApi.ts';
import { pinCampaign } from '../protocol/pinCampaign.ts';
import { preflight } from '../protocol/preflight.ts';
import { formatRate } from '../shared/duration.ts';
import { describeError, type Finding, format, msg, UserError } from '../shared/errors.ts';
import type { Recipient, RefusedRow } from '../shared/recipient.ts';
import { DIRECT, type Settings } from '../shared/settings.ts';
import { type CommandOptions, openDoorFor } from './commandLine.ts';
import { diskFiles, gitCommit } from './diskFiles.ts';
import { printEnding } from './ending.ts';
import { printFindings } from './findings.ts';
import { type Gathered, gather, openList } from './gather.ts';
import { collectSecrets, transportsOf } from './passwords.ts';
import { bold, clockTime, dim, number, print, printJson, table, yellow } from './terminal.ts';
import { EXIT, watch } from './watch.ts';
import { parseWhen } from './when.ts';

/** `envoi send DOCUMENT`: checks, asks, pins, delivers, tells. */
export async function send(path: string, options: CommandOptions): Promise<number> {
  const startAt = options.at === undefined ? 0 : parseWhen(options.at, Date.now());
  const gathered = await gather(path, options);
  refuseOnErrors(gathered.findings, options.json);
  const { newsletter } = gathered.compiled;
  if (!newsletter) throw new Error('a document without errors has a newsletter');
  const counted = await countList(gathered);
  const secrets = await collectSecrets(gathered.settings, transportsOf(gathered.settings));
  if (!options.json) print(overview(gathered, counted, startAt));
  await confirm(counted.rows, options);
  return deliver(
    gathered,
    'send',
    openList(gathered.recipientsPath, path, counted.sha256),
    startAt,
    secrets,
    options,
    counted.sha256,
  );
}

/** `envoi test DOCUMENT --to ADDRESS`: one message with the values of a row, to somebody else. */
export async function sendTest(path: string, options: CommandOptions): Promise<number> {
  const gathered = await gather(path, options);
  refuseOnErrors(gathered.findings, options.json);
  const { newsletter } = gathered.compiled;
  const to = options.to ?? gathered.settings.testRecipients;
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
  return deliver({ ...gathered, compiled }, 'test', batches(), 0, secrets, options);
}

async function deliver(
  gathered: Gathered,
  kind: 'send' | 'test',
  batches: AsyncIterable<{ rows: readonly Recipient[]; refused: readonly RefusedRow[] }>,
  startAt: number,
  secrets: Record<string, string>,
  options: CommandOptions,
  sha256 = '',
): Promise<number> {
  const { path, document, settings, recipientsPath, compiled } = gathered;
  const { newsletter } = compiled;
  if (!newsletter) throw new Error('a document without errors has a newsletter');
  const door = await openDoorFor(options, true);
  try {
    await checkServers(door.engine, settings, secrets, options.json);
    const started = await pinCampaign(door.engine, {
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
      batches,
      startAt,
      secrets,
    });
    if (options.json) printJson({ event: 'started', campaign: started.id, total: started.total, startAt });
    else print(`  ${dim(`campaign ${started.id}`)}\n`);
    return await printEnding(door.engine, await watch(door, started.id, options.json), options.json);
  } finally {
    await door.close();
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
    else process.stderr.write(`${yellow('warning')}: ${error.message} The backup takes over.\n`);
  }
}

/** Prints what was found; errors end the command before anything is sent. */
export function refuseOnErrors(findings: readonly Finding[], json: boolean): void {
  const errors = findings.filter((finding) => finding.severity === 'error');
  printFindings(findings, json);
  if (errors.length > 0) throw new Refused();
}

/** The reasons have been printed. */
export class Refused extends Error {
  readonly exitCode = EXIT.refused;
}

interface Counted {
  rows: number;
  invalid: number;
  duplicate: number;
  /** Of the list's bytes, hex. */
  sha256: string;
}

async function countList(gathered: Gathered): Promise<Counted> {
  const counted: Counted = { rows: 0, invalid: 0, duplicate: 0, sha256: '' };
  const hash = createHash('sha256');
  for await (const { rows, refused } of openList(gathered.recipientsPath, gathered.path, hash)) {
    counted.rows += rows.length;
    for (const row of refused) counted[row.reason === 'duplicate' ? 'duplicate' : 'invalid']++;
  }
  if (counted.rows === 0) {
    throw new UserError(
      'emptyList',
      msg('The list has no row with a good address ({0} refused).', counted.invalid + counted.duplicate),
      msg('See why with “envoi check”.'),
      { file: gathered.recipientsPath },
    );
  }
  counted.sha256 = hash.digest('hex');
  return counted;
}

/** The row whose values a test or a rendering takes: by address or number, else the first. */
export async function findRow(gathered: Gathered, wanted: string | undefined): Promise<Recipient | null> {
  if (gathered.recipientsPath === '') return null;
  let seen = 0;
  for await (const { rows } of openList(gathered.recipientsPath, gathered.path)) {
    const found = rows.find(
      (row, at) => wanted === undefined || row.address === wanted || String(seen + at + 1) === wanted,
    );
    if (found) return found;
    seen += rows.length;
  }
  if (wanted === undefined) return null;
  throw new UserError(
    'noRecipient',
    msg('The list has no recipient {0}.', wanted),
    msg('Give an address of the list, or a number from 1 to {0}.', seen),
  );
}

function overview(gathered: Gathered, counted: Counted, startAt: number): string {
  const { settings, compiled, recipientsPath } = gathered;
  const { newsletter } = compiled;
  const left = [
    ...(counted.invalid > 0 ? [`${number(counted.invalid)} invalid`] : []),
    ...(counted.duplicate > 0 ? [`${number(counted.duplicate)} duplicate`] : []),
  ];
  const from = newsletter?.from.name
    ? `${newsletter.from.name} <${newsletter.from.address}>`
    : newsletter?.from.address;
  const rows = [
    [dim('subject'), newsletter?.subject ?? ''],
    [dim('from'), from ?? ''],
    [
      dim('to'),
      `${bold(number(counted.rows))} recipients of ${recipientsPath}${left.length > 0 ? ` (left out: ${left.join(', ')})` : ''}`,
    ],
    [dim('by'), routeText(settings)],
    ...(startAt > 0 ? [[dim('at'), clockTime(startAt)]] : []),
  ];
  return `\n${table(rows)}\n`;
}

/** "office (smtp.example.org:587, at most 500/hour), then direct" */
export function routeText(settings: Settings): string {
  const one = (name: string) => {
    const server = settings.servers[name];
    if (name === DIRECT || !server) return 'directly to the recipients’ servers';
    const limits = server.windows.map(formatRate).join(', ');
    return `${name} (${server.host}:${server.port}${limits ? `, at most ${limits}` : ''})`;
  };
  return settings.route.map(one).join(', then ');
}

async function confirm(rows: number, options: CommandOptions): Promise<void> {
  if (options.yes) return;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UserError(
      'notConfirmed',
      msg('Without a terminal nobody can confirm.'),
      msg('Add --yes to send to {0} recipients.', rows),
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`  Send to ${number(rows)} recipients? Type ${bold('yes')}: `);
    if (answer.trim().toLowerCase() === 'yes') return;
  } finally {
    terminal.close();
  }
  process.stdout.write(`  ${format(msg('Nothing was sent.'))}\n`);
  throw new Refused();
}
