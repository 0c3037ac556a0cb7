import { type Finding, msg } from '../shared/errors.ts';
import { dim, oneLine, printError, printJson, red, yellow } from './terminal.ts';
import { say } from './words.ts';

/** On standard error, place first, so that editors and terminals can open it. */
export function printFindings(findings: readonly Finding[], json: boolean): void {
  for (const { severity, code, text, place } of findings) {
    if (json) {
      printJson({ event: 'finding', severity, code, text: say(text), ...place });
      continue;
    }
    const where = `${place.file}${place.line ? `:${place.line}${place.column ? `:${place.column}` : ''}` : ''}`;
    printError(`${oneLine(where)}: ${label(severity)}: ${oneLine(say(text))}`);
  }
}

function label(severity: Finding['severity']): string {
  switch (severity) {
    case 'error':
      return red(say(msg('error')));
    case 'warning':
      return yellow(say(msg('warning')));
    case 'info':
      return dim(say(msg('note')));
    default:
      return severity satisfies never;
  }
}

/** Prints findings, notes only with --json; errors end the command before anything is sent. */
export function refuseOnErrors(findings: readonly Finding[], json: boolean): void {
  const errors = findings.filter((finding) => finding.severity === 'error');
  printFindings(json ? findings : findings.filter(({ severity }) => severity !== 'info'), json);
  if (errors.length > 0) throw new RefusalPrinted();
}

/** The reasons have been printed. */
export class RefusalPrinted extends Error {}
