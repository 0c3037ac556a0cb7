import { type Finding, format } from '../shared/errors.ts';
import { complain, printJson, red, yellow } from './terminal.ts';

/** On standard error, place first, so that editors and terminals can open it; `info` only with --json. */
export function printFindings(findings: readonly Finding[], json: boolean): void {
  for (const { severity, code, text, place } of findings) {
    if (json) {
      printJson({ event: 'finding', severity, code, text: format(text), ...place });
      continue;
    }
    if (severity === 'info') continue;
    const where = `${place.file}${place.line ? `:${place.line}${place.column ? `:${place.column}` : ''}` : ''}`;
    const label = severity === 'error' ? red('error') : yellow('warning');
    complain(`${where}: ${label}: ${format(text)}`);
  }
}

/** Prints what was found; errors end the command before anything is sent. */
export function refuseOnErrors(findings: readonly Finding[], json: boolean): void {
  const errors = findings.filter((finding) => finding.severity === 'error');
  printFindings(findings, json);
  if (errors.length > 0) throw new Refused();
}

/** The reasons have been printed. */
export class Refused extends Error {}
