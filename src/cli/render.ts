import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createComposer, type DkimKey } from '../compose/index.ts';
import { aboutList } from '../letter/plan/aboutList.ts';
import { findingsOf } from '../letter/readLetter.ts';
import { newCampaignId } from '../letter/submit.ts';
import { countLeftForGood } from '../letter/suppressionFile.ts';
import { msg, UserError } from '../shared/errors.ts';
import { type LeftOut, leftOutKinds, totalLeftOut } from '../shared/leftOut.ts';
import { readPlainText } from '../shared/plainFile.ts';
import { dkimKeyFor } from '../shared/signing.ts';
import { plural } from '../shared/words.ts';
import { lookIfThere } from './before.ts';
import type { CommandOptions } from './commandLine.ts';
import { diskFiles } from './diskFiles.ts';
import { EXIT } from './exit.ts';
import { printFindings, RefusalPrinted } from './findings.ts';
import { findRow, gather, gatherSound, openList, type Sendable } from './gather.ts';
import { isTracked } from './gitIndex.ts';
import { printRows, type RowFinding, rowsOf } from './rowFindings.ts';
import { dim, print, printJson } from './terminal.ts';
import { say } from './words.ts';

/** `envoi render DOCUMENT [--recipient ADDRESS|N] [--out DIR]`: messages as on the wire. */
export async function render(path: string, options: CommandOptions): Promise<number> {
  const letter = await gatherSound(
    path,
    options,
    options.out !== undefined && options.recipient === undefined ? 'send' : 'test',
  );
  const { newsletter, list } = letter;
  const context = { campaign: newCampaignId(), date: Date.now(), key: randomBytes(32) };
  const composer = await createComposer(newsletter, diskFiles(path).read, context, await signingKey(letter));
  if (options.out === undefined) {
    const row = (await findRow(letter, options.recipient)) ?? {
      line: 1,
      address: newsletter.from.address,
      fields: {},
    };
    process.stdout.write((await composer.compose(row)).bytes);
    return EXIT.sent;
  }
  await mkdir(options.out, { recursive: true });
  let written = 0;
  const write = async (row: Parameters<typeof composer.compose>[0]) => {
    const { bytes } = await composer.compose(row);
    const name = `${String(row.line).padStart(6, '0')}-${row.address.replace(/[^A-Za-z0-9@._-]/g, '_').slice(0, 100)}.eml`;
    await writeFile(join(options.out ?? '', name), bytes);
    written++;
  };
  if (options.recipient !== undefined) {
    const row = await findRow(letter, options.recipient);
    if (row) await write(row);
  } else if (list) {
    for await (const { rows } of openList(list)) for (const row of rows) await write(row);
  }
  if (options.json) printJson({ event: 'rendered', count: written, out: options.out });
  else print(`  ${say(plural('{0} message written to {1}', '{0} messages written to {1}', written, options.out))}`);
  return EXIT.sent;
}

async function signingKey({ newsletter, settings }: Sendable): Promise<DkimKey | null> {
  const found = dkimKeyFor(settings.dkim, newsletter.from.address);
  if (!found) return null;
  const { domain, entry } = found;
  const privateKey = await readPlainText(entry.privateKeyFile, 1_000_000).catch(() => {
    throw new UserError(
      'dkimKeyMissing',
      msg('The DKIM key {0} cannot be read.', entry.privateKeyFile),
      msg('Put the key there, or correct envoi.dkim.'),
      { file: entry.privateKeyFile, key: 'envoi.dkim' },
    );
  });
  return { domain, selector: entry.selector, privateKey };
}

const NOTES = 10;

/** `envoi check DOCUMENT [--json]`: all findings, and what the list contains. */
export async function check(path: string, options: CommandOptions): Promise<number> {
  const letter = await gather(path, { ...options, before: (key) => lookIfThere(key, options) }, 'look');
  const { list } = letter;
  const findings = await findingsOf(letter);
  printFindings(findings, options.json);
  const rows = rowsOf(letter);
  const shown = options.json ? rows : fewNotes(rows);
  printRows(shown, options.json);
  const left: Partial<LeftOut> = list?.profile.refused ?? {};
  const unsaid = totalLeftOut(left) - shown.length - (left.suppressed ?? 0);
  if (unsaid > 0 && !options.json)
    print(`  ${say(plural('… and {0} more row is left out', '… and {0} more rows are left out', unsaid))}`);
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  const good = list?.profile.count ?? 0;
  const tracked = list?.lists.some(({ file }) => isTracked(file)) === true;
  if (options.json) {
    const { text, service, header } = list?.profile ?? {};
    const taken = {
      encoding: text?.encoding,
      sheet: text?.sheet,
      service,
      addressColumn: header?.fields[header.addressIndex]?.title,
    };
    printJson({ event: 'checked', recipients: good, ...leftOutKinds(left), leftOut: left, ...taken, tracked, errors });
  } else if (!letter.document.broken) {
    const end =
      errors === 0
        ? msg('ready to send')
        : plural('{0} error, nothing would be sent', '{0} errors, nothing would be sent', errors);
    print(`  ${say(plural('{0} recipient; {1}', '{0} recipients; {1}', good, end))}`);
    if (list) for (const line of aboutList(list.profile)) print(`  ${dim(say(line))}`);
    if (countLeftForGood(left) > 0)
      print(`  ${dim(say(msg('To leave these people out of every list: {0}', `envoi suppress --left-out ${path}`)))}`);
    if (tracked) print(`  ${say(msg('Git tracks the list: anyone who gets this repository gets its addresses too.'))}`);
  }
  const sound = options.network ? await (await import('./evidence.ts')).printEvidence(letter, options) : true;
  if (errors > 0) throw new RefusalPrinted();
  return sound ? EXIT.sent : EXIT.someFailed;
}

/** Errors, and the first few of the rows that are left out as they should be: their numbers are printed below. */
function fewNotes(rows: readonly RowFinding[]): RowFinding[] {
  let notes = 0;
  return rows.filter(({ finding }) => finding.severity !== 'info' || notes++ < NOTES);
}
