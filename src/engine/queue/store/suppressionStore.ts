import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { erasedEntry, isErased } from '../../../shared/erased.ts';
import { wildcardsOver } from '../../../shared/suppressionEntry.ts';
import { inTransaction } from './database.ts';
import { refusalsChanged } from './goneForGood.ts';
import { slicesOf } from './slices.ts';

export interface SuppressionRow {
  entry: string;
  reason: 'unsubscribed' | 'bounced' | 'complained' | 'blocked';
  note: string;
  at: number;
}

/** Entries held in memory; beyond that the store is queried. */
const IN_MEMORY = 200_000;

/** Addresses and domains that must not be mailed, lower case. */
export class SuppressionStore {
  readonly #database: DatabaseSync;
  /** Keyed by the number of entries in the query. */
  readonly #has: StatementSync[] = [];

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  has(address: string, domain: string): boolean {
    const entries = [address.toLowerCase(), domain, erasedEntry(address), ...wildcardsOver(domain)];
    return this.#asking(entries.length).get(...entries) !== undefined;
  }

  #asking(count: number): StatementSync {
    this.#has[count] ??= this.#database.prepare(
      `SELECT 1 FROM suppressions WHERE entry IN (${Array(count).fill('?').join(', ')}) LIMIT 1`,
    );
    return this.#has[count];
  }

  /**
   * The same question for many at once, as of now: answered from memory where there are not too many entries.
   * Entries added later are found when a message is about to be made for them.
   */
  asked(): (address: string, domain: string) => boolean {
    const rows = this.#database.prepare('SELECT entry FROM suppressions LIMIT ?').all(IN_MEMORY + 1);
    if (rows.length > IN_MEMORY) return (address, domain) => this.has(address, domain);
    const entries = new Set(rows.map(({ entry }) => String(entry)));
    if (entries.size === 0) return () => false;
    const erased = [...entries].some(isErased);
    const wildcards = [...entries].some((entry) => entry.startsWith('*.'));
    return (address, domain) =>
      entries.has(address.toLowerCase()) ||
      entries.has(domain) ||
      (erased && entries.has(erasedEntry(address))) ||
      (wildcards && wildcardsOver(domain).some((entry) => entries.has(entry)));
  }

  /** The first reason is kept. */
  add(rows: readonly SuppressionRow[]): void {
    inTransaction(this.#database, () => this.addWithin(rows));
  }

  /** The same, within the caller's transaction. */
  addWithin(rows: readonly SuppressionRow[]): void {
    const insert = this.#database.prepare(
      'INSERT OR IGNORE INTO suppressions (entry, reason, note, at) VALUES (?, ?, ?, ?)',
    );
    for (const row of rows) insert.run(row.entry.toLowerCase(), row.reason, row.note.slice(0, 500), row.at);
    refusalsChanged(this.#database);
  }

  remove(entries: readonly string[]): void {
    const remove = this.#database.prepare('DELETE FROM suppressions WHERE entry = ?');
    inTransaction(this.#database, () => {
      for (const entry of entries) remove.run(entry.toLowerCase());
    });
    refusalsChanged(this.#database);
  }

  /** Undoes the marks made for bounces since a campaign began, for these addresses, within a transaction. Returns them. */
  takeBack(campaign: number, addresses: readonly string[]): string[] {
    const remove = this.#database.prepare(
      `DELETE FROM suppressions WHERE entry = ? AND reason = 'bounced'
         AND at >= (SELECT created_at FROM campaigns WHERE key = ?)`,
    );
    refusalsChanged(this.#database);
    return addresses.filter((address) => remove.run(address.toLowerCase(), campaign).changes > 0);
  }

  /** Undoes the marks of a campaign's refusals and bounces; what people asked for stays. Returns the entries. */
  async undo(campaign: number): Promise<string[]> {
    const undoing = (of: string) =>
      this.#database.prepare(
        `DELETE FROM suppressions WHERE reason = 'bounced'
           AND at >= (SELECT created_at FROM campaigns WHERE key = ?) AND entry IN (SELECT lower(address) FROM ${of})
         RETURNING entry`,
      );
    const refusals = undoing(`deliveries WHERE campaign = ? AND id >= ? AND id <= ? AND state IN ('rejected', 'sent')`);
    const undone: string[] = [];
    const take = (rows: Record<string, unknown>[]) => {
      if (rows.length > 0) refusalsChanged(this.#database);
      for (const { entry } of rows) undone.push(String(entry));
    };
    inTransaction(this.#database, () => take(undoing('returned WHERE campaign = ?').all(campaign, campaign)));
    for (const { from, to } of slicesOf(this.#database, campaign)) {
      inTransaction(this.#database, () => take(refusals.all(campaign, campaign, from, to)));
      await setImmediate();
    }
    return undone.sort();
  }

  /** In the order of the entries, of one reason or of all. */
  list(after: string, limit: number, reason = ''): SuppressionRow[] {
    const rows = this.#database
      .prepare("SELECT * FROM suppressions WHERE entry > ? AND ? IN ('', reason) ORDER BY entry LIMIT ?")
      .all(after, reason, limit);
    return rows.map((row) => ({
      entry: String(row.entry),
      reason: String(row.reason) as SuppressionRow['reason'],
      note: String(row.note),
      at: Number(row.at),
    }));
  }

  counts(): Record<SuppressionRow['reason'], number> {
    const rows = this.#database.prepare('SELECT reason, count(*) AS n FROM suppressions GROUP BY reason').all();
    const counts = { unsubscribed: 0, bounced: 0, complained: 0, blocked: 0 };
    return { ...counts, ...Object.fromEntries(rows.map(({ reason, n }) => [String(reason), Number(n)])) };
  }
}
