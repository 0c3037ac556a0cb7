import type { DatabaseSync } from 'node:sqlite';

/** Rows processed before other work gets its turn: some ten milliseconds, a few more where they are written. */
export const ROWS = 4000;

/** Ids from `from` to `to`, both included. */
export interface Slice {
  from: number;
  to: number;
}

/** The ids of a campaign's deliveries, as slices of equal width. Rows added during the iteration are left out. */
export function* slicesOf(database: DatabaseSync, key: number, rows = ROWS): Generator<Slice> {
  const first = 'SELECT min(id) AS id FROM deliveries WHERE campaign = ?';
  const last = 'SELECT max(id) AS id FROM deliveries WHERE campaign = ?';
  const [start, end] = [first, last].map((sql) => database.prepare(sql).get(key)?.id ?? null);
  if (start === null || end === null) return;
  for (let from = Number(start); from <= Number(end); from += rows) yield { from, to: from + rows - 1 };
}
