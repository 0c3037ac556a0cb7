import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { slicesOf } from './slices.ts';

/** Not to be mailed again: the address, or the whole domain, or somebody who was forgotten. */
export const SUPPRESSED =
  "(address = '' OR lower(address) IN (SELECT entry FROM suppressions) OR domain IN (SELECT entry FROM suppressions))";

const changes = new WeakMap<DatabaseSync, number>();

/** To be called with each change to suppressions, or to which deliveries are refused. */
export function refusalsChanged(database: DatabaseSync): void {
  changes.set(database, (changes.get(database) ?? 0) + 1);
}

/**
 * How many refused deliveries of a campaign must not be mailed again: their mailbox is gone, or they have unsubscribed. Counted
 * again only after a change, slice by slice, and for one campaign at a time.
 */
export class GoneForGood {
  readonly #database: DatabaseSync;
  readonly #counts = new Map<number, { count: number; change: number }>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** By the campaign's key; null when it has to be counted. */
  known(key: number): number | null {
    const known = this.#counts.get(key);
    return known?.change === this.#change ? known.count : null;
  }

  /** Rejects once `signal` is aborted. */
  count(key: number, signal: AbortSignal): Promise<number> {
    const counted = this.#last.then(async () => this.known(key) ?? (await this.#count(key, signal)));
    this.#last = counted.catch(() => {});
    return counted;
  }

  get #change(): number {
    return changes.get(this.#database) ?? 0;
  }

  async #count(key: number, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    const change = this.#change;
    const query = this.#database.prepare(
      `SELECT count(*) AS n FROM deliveries WHERE campaign = ? AND id >= ? AND id <= ? AND state = 'rejected' AND ${SUPPRESSED}`,
    );
    let count = 0;
    for (const { from, to } of slicesOf(this.#database, key)) {
      count += Number(query.get(key, from, to)?.n ?? 0);
      await setImmediate();
      signal.throwIfAborted();
    }
    this.#counts.set(key, { count, change });
    return count;
  }
}
