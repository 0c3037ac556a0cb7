import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createComposer, type DkimKey } from '../compose/index.ts';
import { newCampaignId } from '../letter/submit.ts';
import { domainOf } from '../shared/address.ts';
import { format, msg, UserError } from '../shared/errors.ts';
import type { CommandOptions } from './commandLine.ts';
import { diskFiles } from './diskFiles.ts';
import { printFindings, Refused, refuseOnErrors } from './findings.ts';
import { type Gathered, gather, openList } from './gather.ts';
import { adviceOn, findRow, surveyList } from './survey.ts';
import { dim, number, print, printJson } from './terminal.ts';
import { EXIT } from './watch.ts';

/** `envoi render DOCUMENT [--recipient ADDRESS|N] [--out DIR]`: messages as on the wire. */
export async function render(path: string, options: CommandOptions): Promise<number> {
  const gathered = await gather(path, options);
  refuseOnErrors(gathered.findings, options.json);
  const { newsletter } = gathered.compiled;
  if (!newsletter) throw new Error('a document without errors has a newsletter');
  const context = { campaign: newCampaignId(), date: Date.now(), key: randomBytes(32) };
  const composer = await createComposer(newsletter, diskFiles(path).read, context, await signingKey(gathered));
  if (options.out === undefined) {
    const row = (await findRow(gathered, options.recipient)) ?? {
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
    const row = await findRow(gathered, options.recipient);
    if (row) await write(row);
  } else {
    for await (const { rows } of openList(gathered.recipientsPath, path)) for (const row of rows) await write(row);
  }
  if (options.json) printJson({ event: 'rendered', count: written, out: options.out });
  else print(`  ${number(written)} messages written to ${options.out}`);
  return EXIT.sent;
}

async function signingKey(gathered: Gathered): Promise<DkimKey | null> {
  const from = gathered.compiled.newsletter?.from.address ?? '';
  const domain = domainOf(from);
  const entry = gathered.settings.dkim[domain];
  if (!entry) return null;
  const privateKey = await readFile(entry.privateKeyFile, 'utf8').catch(() => {
    throw new UserError(
      'dkimKeyMissing',
      msg('The DKIM key {0} cannot be read.', entry.privateKeyFile),
      msg('Put it there, or correct envoi.dkim.'),
      { file: entry.privateKeyFile, key: 'envoi.dkim' },
    );
  });
  return { domain, selector: entry.selector, privateKey };
}

/** `envoi check DOCUMENT [--json]`: all that was found, and what the list holds. */
export async function check(path: string, options: CommandOptions): Promise<number> {
  const gathered = await gather(path, options);
  if (gathered.document.broken) refuseOnErrors(gathered.findings, options.json);
  const { profile, refused } = await surveyList(gathered);
  const findings = [...gathered.findings, ...adviceOn(gathered, profile)];
  printFindings(findings, options.json);
  const good = profile?.count ?? 0;
  for (const row of profile?.refusals ?? []) {
    if (options.json) printJson({ event: 'refused', ...row, detail: format(row.detail) });
    else print(`${gathered.recipientsPath}:${row.line}: ${dim(row.reason)} ${row.address} ${dim(format(row.detail))}`);
  }
  const unsaid = refused.invalid + refused.duplicate - (profile?.refusals.length ?? 0);
  if (unsaid > 0 && !options.json) print(`  … and ${number(unsaid)} more rows are left out`);
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  if (options.json) printJson({ event: 'checked', recipients: good, ...refused, errors });
  else
    print(
      `  ${number(good)} recipients; ${errors === 0 ? 'ready to send' : `${errors} errors, nothing would be sent`}`,
    );
  if (errors > 0) throw new Refused();
  return EXIT.sent;
}
