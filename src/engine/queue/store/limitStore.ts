import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LearnedLimit } from '../../../shared/campaign.ts';

/** The last limit that each account's server refused for, with its date and words. */
export class LimitStore {
  readonly #keep: StatementSync;
  readonly #of: StatementSync;
  readonly #sent: StatementSync;
  readonly #known = new Map<string, LearnedLimit | null>();

  constructor(database: DatabaseSync) {
    this.#keep = database.prepare(
      'INSERT OR REPLACE INTO learned_limits (account, count, per_ms, at, text) VALUES (?, ?, ?, ?, ?)',
    );
    this.#of = database.prepare('SELECT * FROM learned_limits WHERE account = ?');
    this.#sent = database.prepare('SELECT COUNT(*) AS count FROM attempts WHERE quota_key = ? AND committed_at > ?');
  }

  learn(account: string, limit: LearnedLimit): void {
    this.#known.set(account, limit);
    this.#keep.run(account, limit.count, limit.perMs, limit.at, limit.text.slice(0, 500));
  }

  of(account: string): LearnedLimit | null {
    const known = this.#known.get(account);
    if (known !== undefined) return known;
    const row = this.#of.get(account);
    const limit = row
      ? { count: Number(row.count), perMs: Number(row.per_ms), at: Number(row.at), text: String(row.text) }
      : null;
    this.#known.set(account, limit);
    return limit;
  }

  /** How many messages were completed over an account since then. */
  sentSince(account: string, since: number): number {
    return Number(this.#sent.get(account, since)?.count ?? 0);
  }
}
