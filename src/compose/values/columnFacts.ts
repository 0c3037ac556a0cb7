import type { ColumnStyle } from './cells.ts';
import { type DateOrder, orderOf } from './readDate.ts';
import { type DecimalSign, readNumber, signOf } from './readNumber.ts';

/** A line of a letter's first list, or `other.csv:12` of another one. */
export type LineName = number | string;

/** Rows of a column that have something in common. */
export interface Rows {
  count: number;
  /** Lines of the first of them. */
  lines: LineName[];
  /** The first of their cells. */
  sample: string;
}

/** What a column's cells look like; gathered row by row, of a size that does not grow. */
export interface ColumnFacts {
  /** `25/03/2026`, `03/25/2026`, and those that can be read either way. */
  dmy: Rows;
  mdy: Rows;
  eitherDate: Rows;
  /** `12,50`, `12.50`, and `1,234`, which can be read either way. */
  comma: Rows;
  point: Rows;
  eitherNumber: Rows;
  /** Cells that are no number. */
  words: Rows;
  /** What a spreadsheet or a database leaves in place of a value: `#N/A`, `NULL`, `1.23E+11`. */
  broken: Rows;
}

/** How many are named. */
export const LINES = 5;

export function noFacts(): ColumnFacts {
  const rows = (): Rows => ({ count: 0, lines: [], sample: '' });
  return {
    dmy: rows(),
    mdy: rows(),
    eitherDate: rows(),
    comma: rows(),
    point: rows(),
    eitherNumber: rows(),
    words: rows(),
    broken: rows(),
  };
}

const BROKEN =
  /^(?:#(?:[A-ZÀ-Þ][A-ZÀ-Þ0-9_/]{1,20}[!?]|N\/A|N\/D|NV|[Nn]\/?[AaDdVv])|#{3,}|[-+]?\d(?:[.,]\d+)?E[+]\d{1,3}|NULL|\\N|NaN|null|undefined|None|\[object Object\])$/;

/** Takes one cell that is not blank into account. */
export function takeFacts(facts: ColumnFacts, value: string, line: number): void {
  const first = value.charCodeAt(0);
  const digit = first >= 48 && first <= 57;
  // Most cells are words; the first character shows whether one may be something else.
  if (!digit && (!mayBe(first) || isName(value, first))) return note(facts.words, value, line);
  // A plain number.
  if (digit && value.length < 40 && areDigits(value)) return;
  takeOddFacts(facts, value, line, digit);
}

/** The same, whatever the cell looks like. */
export function takeOddFacts(facts: ColumnFacts, value: string, line: number, digit: boolean): void {
  if (BROKEN.test(value)) return note(facts.broken, value, line);
  if (digit) {
    const order = orderOf(value);
    if (order !== null) note(order === 'either' ? facts.eitherDate : facts[order], value, line);
  }
  if (readNumber(value, null) === null) return note(facts.words, value, line);
  const sign = signOf(value);
  if (sign === 'either') note(facts.eitherNumber, value, line);
  else if (sign !== null) note(sign === ',' ? facts.comma : facts.point, value, line);
}

/** `Ann`, `Lyon`: a capital and a small letter, unless it may be `NaN`, `None`, or francs, `Fr. 12`, `Frkr 12`. */
function isName(value: string, first: number): boolean {
  if (first < 65 || first > 90 || first === 78 || !isSmall(value.charCodeAt(1))) return false;
  if (first !== 70 || value.charCodeAt(1) !== 114) return true;
  const third = value.charCodeAt(2);
  return isSmall(third) && third !== 107 && third !== 122;
}

function isSmall(unit: number): boolean {
  return unit >= 97 && unit <= 122;
}

function areDigits(value: string): boolean {
  for (let at = 1; at < value.length; at++) {
    const unit = value.charCodeAt(at);
    if (unit < 48 || unit > 57) return false;
  }
  return true;
}

/** A sign, a currency's, or the first of `#N/A`, `NULL`, `null`, `undefined`, `None`, `\N`, `[object …`, `USD 12`, `kr 12`, `zł 12`. */
function mayBe(first: number): boolean {
  return (
    first < 58 ||
    first === 91 ||
    first === 92 ||
    first > 127 ||
    (first >= 65 && first <= 90) ||
    first === 107 ||
    first === 110 ||
    first === 117 ||
    first === 122
  );
}

function note(rows: Rows, value: string, line: number): void {
  if (rows.count++ === 0) rows.sample = value.slice(0, 40);
  if (rows.lines.length < LINES) rows.lines.push(line);
}

/** How the column is to be read; absent for what is unambiguous or contradictory. */
export function styleOf(facts: ColumnFacts): ColumnStyle {
  return { ...dateStyle(facts), ...decimalStyle(facts) };
}

function dateStyle({ dmy, mdy }: ColumnFacts): { dates?: DateOrder } {
  if (dmy.count > 0 && mdy.count === 0) return { dates: 'dmy' };
  return mdy.count > 0 && dmy.count === 0 ? { dates: 'mdy' } : {};
}

function decimalStyle({ comma, point }: ColumnFacts): { decimals?: DecimalSign } {
  if (comma.count > 0 && point.count === 0) return { decimals: ',' };
  return point.count > 0 && comma.count === 0 ? { decimals: '.' } : {};
}
