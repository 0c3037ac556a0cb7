import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LearnedLimit } from '../../../shared/campaign.ts';
import type { ServerProbe } from '../../../shared/serverProbe.ts';
import { ATTEMPTS_SINCE } from './attemptsSince.ts';
import { inTransaction } from './database.ts';

export interface TestSent {
  transport: string;
  host: string;
  startedAt: number;
  committedAt: number;
  endedAt: number;
}

/**
 * What is known of each account's limits: the last one its server refused mail for, with its date and words, and what an
 * in-depth test found.
 */
export class LimitStore {
  readonly #keep: StatementSync;
  readonly #of: StatementSync;
  readonly #sent: StatementSync;
  readonly #replies: StatementSync;
  readonly #keepProbe: StatementSync;
  readonly #count: StatementSync;
  readonly #database: DatabaseSync;
  readonly #known = new Map<string, LearnedLimit | null>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    // Of no delivery: what windows and quotas count, and how long a reply took.
    this.#count = database.prepare(
      `INSERT INTO attempts (delivery, before, nth, transport, quota_key, host, started_at, committed_at, ended_at, ended, cause)
       VALUES (0, 0, 1, ?, ?, ?, ?, ?, ?, NULL, 'delivered')`,
    );
    this.#keep = database.prepare(
      `INSERT INTO learned_limits (account, count, per_ms, at, text) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (account) DO UPDATE SET count = excluded.count, per_ms = excluded.per_ms, at = excluded.at, text = excluded.text`,
    );
    this.#keepProbe = database.prepare(
      `INSERT INTO learned_limits (account, count, per_ms, at, text, probe) VALUES (?, 0, 0, 0, '', ?)
       ON CONFLICT (account) DO UPDATE SET probe = excluded.probe`,
    );
    this.#of = database.prepare('SELECT * FROM learned_limits WHERE account = ?');
    this.#sent = database.prepare(
      `SELECT COUNT(*) AS count FROM (${ATTEMPTS_SINCE}) WHERE quota_key = ? AND committed_at > ?`,
    );
    this.#replies = database.prepare(
      `SELECT transport, max(ended_at - committed_at, committed_at - started_at) AS ms FROM (SELECT * FROM attempts ORDER BY id DESC LIMIT 2000)
       WHERE committed_at > ? AND ended_at >= committed_at`,
    );
  }

  learn(account: string, limit: LearnedLimit): void {
    this.#known.set(account, limit);
    this.#keep.run(account, limit.count, limit.perMs, limit.at, limit.text.slice(0, 500));
  }

  of(account: string): LearnedLimit | null {
    const known = this.#known.get(account);
    if (known !== undefined) return known;
    const row = this.#of.get(account);
    // A row may hold an in-depth test alone.
    const limit =
      row && Number(row.count) > 0
        ? { count: Number(row.count), perMs: Number(row.per_ms), at: Number(row.at), text: String(row.text) }
        : null;
    this.#known.set(account, limit);
    return limit;
  }

  /** A message of an in-depth test, which used up the account's limits as any other does. */
  countTest(account: string, sent: TestSent): void {
    const { transport, host, startedAt, committedAt, endedAt } = sent;
    const end = Math.max(endedAt, committedAt);
    inTransaction(this.#database, () => this.#count.run(transport, account, host, startedAt, committedAt, end));
  }

  /** An in-depth test; also stored when it begins, so that its date is kept whatever happens. */
  keepProbe(account: string, probe: ServerProbe): void {
    this.#keepProbe.run(account, JSON.stringify({ ...probe, text: probe.text.slice(0, 500) }));
  }

  /** The last in-depth test of an account's server. */
  probeOf(account: string): ServerProbe | null {
    const kept = this.#of.get(account)?.probe;
    return typeof kept === 'string' && kept !== '' ? (JSON.parse(kept) as ServerProbe) : null;
  }

  /**
   * How long the newest messages over each transport kept their connection busy, ms, without the slowest and quickest twentieth:
   * until the reply to their end, or from submission to the commit where our own work or the line took longer.
   */
  messageTimes(since: number): Map<string, number> {
    const times = new Map<string, number[]>();
    for (const row of this.#replies.all(since)) {
      const name = String(row.transport);
      const known = times.get(name);
      if (known) known.push(Number(row.ms));
      else times.set(name, [Number(row.ms)]);
    }
    return new Map([...times].map(([name, values]) => [name, trimmedMean(values)]));
  }

  /** How many messages were completed over an account since then. */
  sentSince(account: string, since: number): number {
    return Number(this.#sent.get(since, account, since)?.count ?? 0);
  }
}

function trimmedMean(values: number[]): number {
  const cut = Math.floor(values.length / 20);
  const kept = values.sort((a, b) => a - b).slice(cut, values.length - cut);
  return kept.reduce((sum, each) => sum + each, 0) / Math.max(1, kept.length);
}
