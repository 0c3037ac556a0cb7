import type { StatusReason } from '../../../shared/statusReasons.ts';
import { columnNamed, type ListField } from '../listHeader.ts';
import { type ColumnDecision, type ColumnReader, columnReader, type StatusQuestion } from './columnReader.ts';
import type { KnownExport } from './exportRule.ts';
import { knownExports } from './knownExports.ts';
import { OWN_STATUS, ownRule } from './ownStatus.ts';
import { wordKey } from './words.ts';

export type { ColumnDecision, StatusQuestion } from './columnReader.ts';

export interface StatusVerdict {
  reason: StatusReason;
  column: string;
  value: string;
}

/** Reads what the columns of one list say of each row. One for each pass: it gathers what must be asked. */
export class StatusReader {
  /** The service that the list comes from, "" when it is not known. */
  readonly service: string;
  readonly #columns: readonly ColumnReader[];

  constructor(
    fields: readonly ListField[],
    decisions: Readonly<Record<string, ColumnDecision>> = {},
    addressIndex = -1,
  ) {
    const keys = fields.map(({ title }) => wordKey(title));
    const found = exportOf(keys);
    this.service = found?.name ?? '';
    const decided = new Map(
      Object.entries(decisions).map(([column, decision]) => [columnNamed(fields, column), decision]),
    );
    const columns = fields.flatMap(({ title }, index) => {
      if (index === addressIndex) return [];
      const key = keys[index] ?? '';
      const reader = columnReader(
        index,
        title,
        key,
        decided.get(index),
        key === OWN_STATUS ? ownRule : found?.rules[key],
      );
      return reader ? [reader] : [];
    });
    // What an export says comes first, in its order.
    const order = Object.keys(found?.rules ?? {});
    const rank = ({ key }: ColumnReader) => (order.includes(key) ? order.indexOf(key) : order.length);
    this.#columns = columns.sort((a, b) => rank(a) - rank(b) || a.index - b.index);
  }

  /** Why this row gets no message; null when nothing in it forbids one. */
  verdict(cells: readonly string[]): StatusVerdict | null {
    for (const column of this.#columns) {
      const cell = cells[column.index] ?? '';
      const meaning = column.meaning(cell);
      if (meaning.kind === 'leaveOut') return { reason: meaning.reason, column: column.title, value: cell.trim() };
    }
    return null;
  }

  /** A row whose reader gets a message, by it or by another row: what in it is doubtful is kept for a question. */
  mailed(cells: readonly string[], line: number): void {
    for (const column of this.#columns) column.note(cells[column.index] ?? '', line);
  }

  questions(): StatusQuestion[] {
    return this.#columns.flatMap((column) => column.question() ?? []);
  }
}

function exportOf(keys: readonly string[]): KnownExport | undefined {
  const there = new Set(keys);
  const fits = (columns: readonly string[]) => columns.every((column) => there.has(column));
  const fitting = knownExports.filter(({ columns }) => columns.some(fits));
  return fitting.find(({ rules }) => Object.keys(rules).some((column) => there.has(column))) ?? fitting[0];
}
