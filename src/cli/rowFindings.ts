import { rowFindings } from '../letter/readLetter.ts';
import type { Finding } from '../shared/errors.ts';
import type { RefusedRow } from '../shared/recipient.ts';
import { printFindings } from './findings.ts';
import type { Gathered } from './gather.ts';
import { printJson } from './terminal.ts';
import { say } from './words.ts';

/** A row that is left out, and what is said of it. */
export interface RowFinding {
  finding: Finding;
  row: RefusedRow | undefined;
}

export function rowsOf(letter: Gathered): RowFinding[] {
  const rows = letter.list?.profile.refusals ?? [];
  return rowFindings(letter).map((finding, at) => ({ finding, row: rows[at] }));
}

/** Those in which something should be fixed: where a person is not asked, nobody looks at their number first. */
export function faultyRows(letter: Gathered): RowFinding[] {
  return rowsOf(letter).filter(({ finding }) => finding.severity !== 'info');
}

export function printRows(rows: readonly RowFinding[], json: boolean): void {
  if (!json) {
    printFindings(
      rows.map(({ finding }) => finding),
      json,
    );
    return;
  }
  for (const { finding, row } of rows) {
    const { severity, code, text, place } = finding;
    const refused = row ? { address: row.address, reason: row.reason, detail: say(row.detail) } : {};
    printJson({ event: 'refused', severity, code, text: say(text), ...place, ...refused });
  }
}
