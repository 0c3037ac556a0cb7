import type { DateOrder } from './readDate.ts';
import { type DecimalSign, readNumber } from './readNumber.ts';

/** How a column writes what can be read in two ways; told from all its rows. */
export interface ColumnStyle {
  dates?: DateOrder;
  decimals?: DecimalSign;
}

/** A cell that shows as it is written, `12,50 €`, and counts as the number it is. Liquid compares by these methods. */
export class NumberCell extends String {
  readonly #number: number;

  constructor(written: string, number: number) {
    super(written);
    this.#number = number;
  }

  [Symbol.toPrimitive](hint: string): string | number {
    return hint === 'number' ? this.#number : this.toString();
  }

  equals(other: unknown): boolean {
    return typeof other === 'number' ? other === this.#number : String(other) === this.toString();
  }

  gt(other: unknown): boolean {
    return this.#number > Number(other);
  }

  geq(other: unknown): boolean {
    return this.#number >= Number(other);
  }

  lt(other: unknown): boolean {
    return this.#number < Number(other);
  }

  leq(other: unknown): boolean {
    return this.#number <= Number(other);
  }
}

/** A cell of a column whose dates have one order. */
export class DateCell extends String {
  readonly order: DateOrder;

  constructor(written: string, order: DateOrder) {
    super(written);
    this.order = order;
  }
}

/** The cell as templates get it: a string, except where a string would be misread. */
export function cellValue(written: string, style: ColumnStyle | undefined): string | NumberCell | DateCell {
  if (style?.dates && /^\s*\d{1,2}[-/]\d/.test(written)) return new DateCell(written, style.dates);
  if (!/^[^a-z@]{0,6}\d/.test(written) || /^-?\d+(?:\.\d+)?$/.test(written)) {
    // A plain number reads as it should, but `1.234` in a column with decimal commas.
    if (style?.decimals !== ',' || !/^-?\d{1,3}(?:\.\d{3})+$/.test(written)) return written;
  }
  if (!/[.,'’\s\p{Sc}%]|[A-Z]{3}/u.test(written)) return written;
  const number = readNumber(written, style?.decimals ?? null);
  return number === null ? written : new NumberCell(written, number);
}
