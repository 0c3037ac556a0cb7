import type { ListHeader } from '../../compose/index.ts';
import type { Recipient, RefusedRow } from '../../shared/recipient.ts';

type ReadRecipients = typeof import('../../compose/index.ts').readRecipients;

/** First values and blanks of one column, for hover, completion and the jumps. */
export interface FieldProfile {
  name: string;
  title: string;
  /** The first three different values that are not blank, cut to 60 characters. */
  values: readonly string[];
  blanks: number;
  /** Lines of the first rows where it is blank, at most five. */
  blankLines: readonly number[];
}

const SEPARATOR = '\u0000';
const MAX_REFUSED = 1000;

/**
 * A whole list in memory, one string a row, so that the n-th row costs the same in a list of ten and of a million and
 * typing need not read the file again. Cells hold no NUL: the reader drops them.
 */
export class RecipientTable {
  readonly header: ListHeader;
  readonly profiles: readonly FieldProfile[];
  /** The first refused rows, at most a thousand; `refusedTotal` counts all. */
  readonly refused: readonly RefusedRow[];
  readonly refusedTotal: number;
  readonly #rows: readonly string[];
  readonly #lines: readonly number[];
  readonly #names: readonly string[];
  #lower: string[] | undefined;

  private constructor(
    header: ListHeader,
    rows: readonly string[],
    lines: readonly number[],
    profiles: readonly FieldProfile[],
    refused: readonly RefusedRow[],
    refusedTotal: number,
  ) {
    this.header = header;
    this.#rows = rows;
    this.#lines = lines;
    this.profiles = profiles;
    this.refused = refused;
    this.refusedTotal = refusedTotal;
    this.#names = header.fields.map((field) => field.name);
  }

  /** Throws the reader's UserErrors: no header, no address column, not one row. */
  static async read(
    readRecipients: ReadRecipients,
    source: AsyncIterable<Uint8Array>,
    file: string,
    isCurrent: () => boolean = () => true,
  ): Promise<RecipientTable | null> {
    const rows: string[] = [];
    const lines: number[] = [];
    const refused: RefusedRow[] = [];
    let refusedTotal = 0;
    let header: ListHeader | undefined;
    let profiles: { name: string; title: string; values: string[]; blanks: number; blankLines: number[] }[] = [];
    for await (const batch of readRecipients(source, { file })) {
      if (!isCurrent()) return null;
      if (!header) {
        header = batch.header;
        profiles = header.fields.map((field) => ({ ...field, values: [], blanks: 0, blankLines: [] }));
      }
      refusedTotal += batch.refused.length;
      for (const row of batch.refused) if (refused.length < MAX_REFUSED) refused.push(row);
      for (const row of batch.rows) {
        let cells = row.address;
        for (const profile of profiles) {
          const value = row.fields[profile.name] ?? '';
          cells += SEPARATOR + value;
          if (value === '') {
            profile.blanks++;
            if (profile.blankLines.length < 5) profile.blankLines.push(row.line);
          } else if (profile.values.length < 3) {
            const shown = value.length > 60 ? `${value.slice(0, 59)}…` : value;
            if (!profile.values.includes(shown)) profile.values.push(shown);
          }
        }
        rows.push(cells);
        lines.push(row.line);
      }
    }
    return header ? new RecipientTable(header, rows, lines, profiles, refused, refusedTotal) : null;
  }

  get total(): number {
    return this.#rows.length;
  }

  at(index: number): Recipient | undefined {
    const row = this.#rows[index];
    if (row === undefined) return undefined;
    const [address = '', ...cells] = row.split(SEPARATOR);
    const fields: Record<string, string> = {};
    for (const [column, name] of this.#names.entries()) fields[name] = cells[column] ?? '';
    return { line: this.#lines[index] ?? 0, address, fields };
  }

  /** Indexes of rows that hold the text in any cell, whatever its case; the first `limit`. */
  search(text: string, limit: number): number[] {
    this.#lower ??= this.#rows.map((row) => row.toLowerCase());
    const wanted = text.toLowerCase();
    const found: number[] = [];
    for (let index = 0; index < this.#lower.length && found.length < limit; index++)
      if (this.#lower[index]?.includes(wanted)) found.push(index);
    return found;
  }

  /** The row whose values in these columns are longest together: where a layout breaks first. -1 for none. */
  longest(names: readonly string[]): number {
    let best = -1;
    let most = -1;
    this.#eachRow(names, (index, values) => {
      const length = values.reduce((sum, value) => sum + value.length, 0);
      if (length > most) {
        most = length;
        best = index;
      }
    });
    return best;
  }

  /** The next row behind `after`, round the end, with a blank in one of these columns. -1 for none. */
  nextWithBlank(names: readonly string[], after: number): number {
    let first = -1;
    let next = -1;
    this.#eachRow(names, (index, values) => {
      if (values.every((value) => value !== '')) return;
      if (first === -1) first = index;
      if (next === -1 && index > after) next = index;
    });
    return next === -1 ? first : next;
  }

  profile(name: string): FieldProfile | undefined {
    return this.profiles.find((profile) => profile.name === name);
  }

  #eachRow(names: readonly string[], visit: (index: number, values: readonly string[]) => void): void {
    const columns = names.map((name) => this.#names.indexOf(name)).filter((column) => column !== -1);
    if (columns.length === 0) return;
    for (const [index, row] of this.#rows.entries()) {
      const cells = row.split(SEPARATOR);
      visit(
        index,
        columns.map((column) => cells[column + 1] ?? ''),
      );
    }
  }
}
