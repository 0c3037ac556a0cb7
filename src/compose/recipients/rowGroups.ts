import { setImmediate } from 'node:timers/promises';
import { msg, type Place, type Text, UserError } from '../../shared/errors.ts';
import type { RefusedRow } from '../../shared/recipient.ts';
import type { AddressSet } from './addressSet.ts';
import type { Condition } from './condition.ts';
import { type ListHeader, readHeader } from './listHeader.ts';
import { findShape, isBlank, parse, refuseOtherText } from './shape.ts';
import type { ColumnDecision } from './status/statusReader.ts';

export interface RowReadOptions {
  /** The list as its reader knows it, for errors. */
  file: string;
  /** Address column, when it is not to be found by name or content. */
  addressField?: string;
  /** Where the author names it. */
  addressPlace?: Place;
  /** How it is written, when that is not to be found out: a name that browsers know. */
  encoding?: string;
  encodingPlace?: Place;
  /** The sheet of a workbook, by its name. */
  sheet?: string;
  sheetPlace?: Place;
  /** What the author says of columns that may speak of consent. */
  leaveOut?: Readonly<Record<string, ColumnDecision>>;
  /** Rows that do not meet it are left out. */
  where?: Condition;
  /** Addresses that are left out, each list with its name. */
  except?: readonly { file: string; addresses: Pick<AddressSet, 'lineOf'> }[];
  /**
   * Folded addresses that get no message whatever their row says: another row of the list, seen in a pass before,
   * takes it back.
   */
  withdrawn?: ReadonlyMap<string, WithdrawnRow>;
  /** Which of a letter's lists this is, from 0; 0 when absent. */
  list?: number;
  /** Whoever is taken from a list before this one is left out here. */
  before?: readonly { file: string; addresses: Pick<AddressSet, 'lineOf'> }[];
  /** Where this list's addresses are noted, for the lists after it. */
  seen?: AddressSet;
}

/** A row that takes back what another one says, with its list. */
export interface WithdrawnRow extends RefusedRow {
  file: string;
}

export interface Row {
  cells: readonly string[];
  /** Line of the row's first character in the file, from 1. */
  line: number;
  /** All its cells are empty. */
  blank: boolean;
  /** What is wrong with its quotation marks. */
  broken?: Text;
}

/** Rows that were parsed together. */
export interface RowGroup {
  header: ListHeader;
  /** Where the group begins in the text as decoded, in UTF-16 units, and on which line. */
  at: number;
  line: number;
  /** How many rows of the group are the header or stand above it; `rows` are those below. */
  headerRows: number;
  rows: readonly Row[];
}

const SAMPLE = 65536;
/** Text that is parsed at once. Small, because objects alive during a garbage collection are kept for long. */
const GROUP = 16384;
const MAX_ROW = 4 * 1024 * 1024;

/**
 * Parses the text of a list, as it arrives, into the rows below the header; other work gets its turn between two groups. Line
 * ends are `\n`. Throws a UserError when there is no header, no address column, or a quotation mark is never closed.
 */
export async function* readRowGroups(pieces: AsyncIterable<string>, options: RowReadOptions): AsyncGenerator<RowGroup> {
  let open: { header: ListHeader; headerRows: number } | null = null;
  let at = 0;
  let line = 1;
  let pending = '';
  for await (const piece of withEnd(pieces)) {
    pending += piece ?? '';
    const last = piece === null;
    if (!open) {
      if (!last && pending.length < SAMPLE) continue;
      open = openList(pending, options);
      await setImmediate();
    }
    let from = 0;
    for (let length = GROUP; from < pending.length; ) {
      const whole = from + length >= pending.length;
      const text = pending.slice(from, from + length);
      const { rows, cursor, lines } = parseRows(text, open.header, line, last && whole, options.file);
      const headerRows = Math.min(open.headerRows, rows.length);
      open.headerRows -= headerRows;
      if (rows.length > 0) yield { header: open.header, at, line, headerRows, rows: rows.slice(headerRows) };
      from += cursor;
      at += cursor;
      line += lines;
      if (whole) break;
      // A row longer than that: parsed again with what follows, a few times at most.
      length = cursor === 0 ? length * 4 : GROUP;
      await setImmediate();
    }
    pending = pending.slice(from);
    if (pending.length > MAX_ROW) throw endlessRow(options.file, line);
  }
}

function openList(text: string, options: RowReadOptions): { header: ListHeader; headerRows: number } {
  refuseOtherText(text, options.file);
  const { delimiter, quote, rows, header } = findShape(text);
  const cells = rows[header];
  if (!cells) {
    throw new UserError(
      'emptyList',
      msg('The list is empty.'),
      msg('Its first row must name the columns, such as {0}.', 'email,first_name'),
      { file: options.file, line: 1 },
    );
  }
  const line = 1 + header + rows.slice(0, header).reduce((sum, above) => sum + newlinesIn(above), 0);
  const { file, addressField, addressPlace, leaveOut } = options;
  const chosen = addressField === undefined ? {} : { addressField, ...(addressPlace ? { addressPlace } : {}) };
  return {
    header: readHeader(cells, rows.slice(header + 1), {
      file,
      delimiter,
      quote,
      line,
      ...chosen,
      ...(leaveOut ? { leaveOut } : {}),
    }),
    headerRows: header + 1,
  };
}

/**
 * Rows of `text`, which begins at `line`; without `last` an unfinished row at its end is left for the next call. `cursor`
 * is where that one begins, and `lines` how many lines lie before it.
 */
export function parseRows(
  text: string,
  { delimiter, quote }: Pick<ListHeader, 'delimiter' | 'quote'>,
  line: number,
  last: boolean,
  file: string,
): { rows: Row[]; cursor: number; lines: number } {
  const { data, errors, cursor } = parse(text, delimiter, quote, last);
  const broken = new Map<number, string>();
  for (const error of errors) {
    if (error.row !== undefined && error.row < data.length) broken.set(error.row, error.code);
  }
  let at = line;
  const rows = data.map((cells, index): Row => {
    const own = at;
    const blank = isBlank(cells);
    at += 1 + newlinesIn(cells);
    const code = broken.get(index);
    if (code === undefined) return { cells, line: own, blank };
    if (code === 'MissingQuotes') throw endlessRow(file, own);
    return {
      cells,
      line: own,
      blank: false,
      broken:
        at - 1 > own
          ? msg('a quotation mark is out of place; the row continues to line {0}', at - 1)
          : msg('a quotation mark is out of place: double it if it is part of the text'),
    };
  });
  return { rows, cursor, lines: at - line };
}

function endlessRow(file: string, line: number): UserError {
  return new UserError(
    'endlessRow',
    msg('The row that begins here never ends: a quotation mark is not closed.'),
    msg('Close it, or double it if it is part of the text.'),
    { file, line },
  );
}

function newlinesIn(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) count++;
  }
  return count;
}

async function* withEnd(text: AsyncIterable<string>): AsyncGenerator<string | null> {
  yield* text;
  yield null;
}
