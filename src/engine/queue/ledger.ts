import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { DeliveryState } from '../../shared/campaign.ts';
import type { AttemptEnd } from '../../shared/outcome.ts';
import { inTransaction } from './database.ts';
import type { Item, Settlement } from './item.ts';

interface Pending {
  write: () => void;
  done: () => void;
  failed: (error: unknown) => void;
}

/** The row of an attempt whose intent is on disk. */
export interface Intent {
  attempt: number;
}

export type Moved = (campaign: string, from: DeliveryState, to: DeliveryState, item: Item) => void;

/**
 * Writes intents and outcomes. What the connections hand over in one turn of the event loop is committed together, in
 * one transaction and one fsync; a promise resolves when its part is on disk.
 *
 * Contract: an intent is on disk before the final dot of its message; an outcome is on disk before the delivery is
 * attempted again. An intent without an outcome after a restart means: nobody knows, in doubt. If a transaction fails,
 * everything in it fails, and nothing of it is on disk.
 */
export class Ledger {
  readonly #database: DatabaseSync;
  readonly #moved: Moved;
  readonly #onTrouble: (error: unknown) => void;
  #batch: Pending[] = [];
  #scheduled = false;
  readonly #insert: StatementSync;
  readonly #sending: StatementSync;
  readonly #endAttempt: StatementSync;
  readonly #settle: StatementSync;
  readonly #requeue: StatementSync;

  constructor(database: DatabaseSync, moved: Moved, onTrouble: (error: unknown) => void) {
    this.#database = database;
    this.#moved = moved;
    this.#onTrouble = onTrouble;
    this.#insert = database.prepare(
      `INSERT INTO attempts (delivery, transport, quota_key, host, started_at, committed_at, ended_at, ended, cause)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#sending = database.prepare(
      `UPDATE deliveries SET state = 'sending', at = ?, transport = ?, host = ?, message_id = ? WHERE id = ?`,
    );
    this.#endAttempt = database.prepare('UPDATE attempts SET ended_at = ?, ended = ?, cause = ? WHERE id = ?');
    this.#settle = database.prepare(
      `UPDATE deliveries SET state = ?, tries = ?, hop = ?, next_at = ?, at = ?, transport = ?, host = ?, cause = ?,
       code = ?, enhanced = ?, text = ? WHERE id = ?`,
    );
    this.#requeue = database.prepare(`UPDATE deliveries SET state = ?, next_at = ?, hop = ? WHERE id = ?`);
  }

  /** The commit gate: resolves when it is on disk that this message's last byte is about to go out. */
  async intend(
    item: Item,
    attempt: { transport: string; quotaKey: string; host: string; startedAt: number; messageId: string },
    now: number,
  ): Promise<Intent> {
    const intent = { attempt: 0 };
    await this.#add(() => {
      const { transport, quotaKey, host, startedAt, messageId } = attempt;
      const row = this.#insert.run(item.id, transport, quotaKey, host, startedAt, now, 0, null, '');
      intent.attempt = Number(row.lastInsertRowid);
      this.#sending.run(now, transport, host, messageId, item.id);
    });
    this.#move(item, 'sending');
    return intent;
  }

  /** An attempt's end and what becomes of its delivery; `intent` when its intent is on disk. */
  async settle(settlement: Settlement, intent: Intent | null, now: number): Promise<void> {
    const { item, attempt, state } = settlement;
    await this.#add(() => {
      const ended = JSON.stringify(attempt.end);
      if (intent) this.#endAttempt.run(now, ended, attempt.cause, intent.attempt);
      else {
        const { transport, quotaKey, host, startedAt, cause } = attempt;
        this.#insert.run(item.id, transport, quotaKey, host, startedAt, 0, now, ended, cause);
      }
      const { code, enhanced, text } = wordsOf(attempt.end);
      this.#settle.run(
        state,
        settlement.tries,
        settlement.hop,
        settlement.nextAt,
        now,
        attempt.transport,
        attempt.host,
        attempt.cause,
        code,
        enhanced,
        text,
        item.id,
      );
    });
    item.tries = settlement.tries;
    item.hop = settlement.hop;
    this.#move(item, state);
  }

  /** Changes state without an attempt: back to the queue, later, suppressed, cancelled. */
  async place(item: Item, state: DeliveryState, nextAt: number, hop: number): Promise<void> {
    await this.#add(() => this.#requeue.run(state, nextAt, hop, item.id));
    item.hop = hop;
    this.#move(item, state);
  }

  /** Writes at once what is pending. Called before closing. */
  flush(): void {
    this.#scheduled = false;
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    try {
      inTransaction(this.#database, () => {
        for (const { write } of batch) write();
      });
    } catch (error) {
      for (const { failed } of batch) failed(error);
      this.#onTrouble(error);
      return;
    }
    for (const { done } of batch) done();
  }

  #add(write: () => void): Promise<void> {
    return new Promise((done, failed) => {
      this.#batch.push({ write, done, failed });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.flush());
    });
  }

  #move(item: Item, to: DeliveryState): void {
    const from = item.state;
    item.state = to;
    if (from !== to) this.#moved(item.campaign, from, to, item);
  }
}

export function wordsOf(end: AttemptEnd): { code: number; enhanced: string; text: string } {
  switch (end.kind) {
    case 'reply':
      return { ...end.reply, text: end.reply.text.slice(0, 2000) };
    case 'fault':
      return { code: 0, enhanced: '', text: end.detail.slice(0, 2000) };
    default:
      return end satisfies never;
  }
}
