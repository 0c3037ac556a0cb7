import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { erasedEntry } from '../../../shared/erased.ts';
import { wildcardsOver } from '../../../shared/suppressionEntry.ts';
import { inTransaction } from './database.ts';

export interface SuppressionRow {
  entry: string;
  reason: 'unsubscribed' | 'bounced' | 'complained' | 'blocked';
  note: string;
  at: number;
}

/** Addresses and domains that must not be mailed, lower case. */
export class SuppressionStore {
  readonly #database: DatabaseSync;
  readonly #has: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#has = database.prepare('SELECT 1 FROM suppressions WHERE entry IN (?, ?, ?) LIMIT 1');
  }

  has(address: string, domain: string): boolean {
    if (this.#has.get(address.toLowerCase(), domain, erasedEntry(address)) !== undefined) return true;
    return wildcardsOver(domain).some((entry) => this.#has.get(entry, entry, entry) !== undefined);
  }

  /** The first reason stays. */
  add(rows: readonly SuppressionRow[]): void {
    const insert = this.#database.prepare(
      'INSERT OR IGNORE INTO suppressions (entry, reason, note, at) VALUES (?, ?, ?, ?)',
    );
    inTransaction(this.#database, () => {
      for (const row of rows) insert.run(row.entry.toLowerCase(), row.reason, row.note.slice(0, 500), row.at);
    });
  }

  remove(entries: readonly string[]): void {
    const remove = this.#database.prepare('DELETE FROM suppressions WHERE entry = ?');
    inTransaction(this.#database, () => {
      for (const entry of entries) remove.run(entry.toLowerCase());
    });
  }

  /** Takes back what a campaign's refusals and bounces have marked; what people asked for stays. Returns the entries. */
  undo(campaign: number): string[] {
    const rows = this.#database
      .prepare(
        `DELETE FROM suppressions WHERE reason = 'bounced'
           AND at >= (SELECT created_at FROM campaigns WHERE key = ?)
           AND entry IN (SELECT lower(address) FROM deliveries WHERE campaign = ? AND state IN ('rejected', 'sent')
                         UNION SELECT lower(address) FROM returned WHERE campaign = ?)
         RETURNING entry`,
      )
      .all(campaign, campaign, campaign);
    return rows.map((row) => String(row.entry)).sort();
  }

  list(after: string, limit: number): SuppressionRow[] {
    const rows = this.#database
      .prepare('SELECT * FROM suppressions WHERE entry > ? ORDER BY entry LIMIT ?')
      .all(after, limit);
    return rows.map((row) => ({
      entry: String(row.entry),
      reason: String(row.reason) as SuppressionRow['reason'],
      note: String(row.note),
      at: Number(row.at),
    }));
  }
}
