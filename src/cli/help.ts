import { bold, dim } from './terminal.ts';

/** Forms and one line each, in the order in which they are needed. */
export const commands: readonly [form: string, what: string][] = [
  ['check DOCUMENT', 'says what would stop it, and which rows are left out'],
  ['render DOCUMENT [--recipient ADDRESS|N] [--out DIR]', 'the messages as on the wire (.eml)'],
  ['test DOCUMENT --to ADDRESS', 'sends one, filled from the first row'],
  ['send DOCUMENT [--recipients CSV] [--yes] [--at TIME]', 'checks, asks, sends, tells'],
  ['status [CAMPAIGN]', 'the campaigns and how far they are'],
  ['pause | resume | cancel [CAMPAIGN]', 'stops within one message; goes on; ends it'],
  ['report [CAMPAIGN] [--csv FILE] [--failed]', 'who got it, who did not, and why'],
  ['resend CAMPAIGN', 'sends again to the failed'],
  ['decide CAMPAIGN resend|leave', 'settles the ones in doubt'],
  ['servers test [NAME]', 'tries a relay without sending'],
  ['suppress | unsuppress ADDRESS…, suppressions', 'who must not be mailed'],
];

export function help(): string {
  const width = Math.max(...commands.map(([form]) => form.length));
  const lines = commands.map(([form, what]) => `  envoi ${form.padEnd(width)}  ${dim(what)}`);
  return [
    `${bold('envoi')}: sends a Markdown or HTML document as a newsletter to a CSV list`,
    '',
    ...lines,
    '',
    `  --config FILE   settings, JSON with comments ${dim('(else ENVOI_CONFIG, else envoi.json beside the document)')}`,
    `  --state DIR     where campaigns are kept ${dim('(the same as in the editor)')}`,
    '  --json          one JSON object a line',
    '',
    `  Passwords come from ENVOI_PASSWORD_<SERVER> (OAuth: ENVOI_TOKEN_<SERVER>) or are asked for.`,
    `  Exit codes: 0 all sent · 1 some failed · 2 refused, nothing sent · 3 interrupted, resumable`,
  ].join('\n');
}
