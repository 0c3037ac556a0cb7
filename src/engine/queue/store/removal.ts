import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { inTransaction } from './database.ts';
import { forgetResults } from './forgetResults.ts';
import { ROWS, slicesOf } from './slices.ts';

/** Begins the id of a campaign that is being removed. It is a draft, so that nothing finds it and the next engine finishes it. */
export const GONE = 'removed ';

/**
 * Removes campaigns: at once for everybody who asks for them, and row by row afterwards, in slices. What a crash or the end of
 * the engine interrupts is finished by the next one.
 */
export class Removal {
  readonly #database: DatabaseSync;
  readonly #closing = new AbortController();
  #last: Promise<void> = Promise.resolve();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * It is gone when this returns. Resolves once everything stored about it is overwritten, except how much it used of its servers'
   * limits: that stays, and identifies nobody.
   */
  remove(key: number): Promise<void> {
    this.#database.exec('PRAGMA secure_delete = ON');
    inTransaction(this.#database, () => this.#hide(key));
    return this.#after(async () => {
      await this.#clear(key);
      // Overwritten data must not stay in the log either.
      if (!this.#closing.signal.aborted) this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    });
  }

  /** The same for a draft; `within` runs in the transaction that removes it. Not even its limits are of interest. */
  removeDraft(id: string, within?: () => void): Promise<void> {
    const draft = this.#database.prepare(`SELECT key FROM campaigns WHERE id = ? AND state = 'draft'`).get(id);
    if (!draft && !within) return Promise.resolve();
    inTransaction(this.#database, () => {
      if (draft) this.#hide(Number(draft.key));
      within?.();
    });
    return draft ? this.#after(() => this.#clear(Number(draft.key))) : Promise.resolve();
  }

  /** Once in a process, before drafts are made: removes those of earlier ones, and finishes what they began to remove. */
  removeLeft(): Promise<void> {
    const left = this.#database.prepare(`SELECT key, id FROM campaigns WHERE state = 'draft'`).all();
    if (left.length === 0) return Promise.resolve();
    if (left.some(({ id }) => String(id).startsWith(GONE))) this.#database.exec('PRAGMA secure_delete = ON');
    inTransaction(this.#database, () => {
      for (const { key } of left) this.#hide(Number(key));
    });
    return this.#after(async () => {
      for (const { key } of left) await this.#clear(Number(key));
    });
  }

  /** Nothing more is written once this resolves. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#last;
  }

  #hide(key: number): void {
    this.#database.prepare(`UPDATE campaigns SET state = 'draft', id = '${GONE}' || key WHERE key = ?`).run(key);
  }

  /** One after the other: several at once would leave the others less time. */
  #after(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  async #clear(key: number): Promise<void> {
    const slice = 'campaign = ? AND id >= ? AND id <= ?';
    const results = this.#database.prepare(forgetResults(slice));
    const rows = this.#database.prepare(`DELETE FROM deliveries WHERE ${slice}`);
    for (const { from, to } of slicesOf(this.#database, key))
      if (
        !(await this.#turn(() => {
          results.run(key, from, to);
          rows.run(key, from, to);
        }))
      )
        return;
    const refused = this.#database.prepare(
      'DELETE FROM refused WHERE rowid IN (SELECT rowid FROM refused WHERE campaign = ? LIMIT ?)',
    );
    for (let more = true; more; ) {
      const went = await this.#turn(() => {
        more = Number(refused.run(key, ROWS).changes) === ROWS;
      });
      if (!went) return;
    }
    await this.#turn(() => this.#database.prepare('DELETE FROM campaigns WHERE key = ?').run(key));
  }

  /** Work in a transaction of its own, then the others' turn. False, and nothing done, when the engine closes. */
  async #turn(work: () => void): Promise<boolean> {
    if (this.#closing.signal.aborted) return false;
    inTransaction(this.#database, work);
    await setImmediate();
    return true;
  }
}
