import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { DeliveryState } from '../../../shared/campaign.ts';
import type { AttemptEnd } from '../../../shared/outcome.ts';
import { inTransaction, inTransactionLater, isDiskSlow } from './database.ts';
import type { Delivery, SettledDelivery } from './delivery.ts';
import { refusalsChanged } from './goneForGood.ts';

interface Pending {
  write: () => void;
  done: () => void;
  failed: (error: unknown) => void;
  /** Facts that cannot be obtained again: written as soon as the disk accepts them. */
  owed: boolean;
}

/**
 * An outcome waits some turns so that others are written with it: the next intent over its connection flushes it at
 * the latest, so no more than one message per connection can be in doubt.
 */
const PATIENT_TURNS = 4;

/**
 * So many at once and others have something to do while the disk is synced: it is not waited for. With fewer, mostly of one
 * connection, the way to libuv's pool and back takes longer than a fast disk.
 */
const MANY = 4;

/** An intent that is on disk. */
export interface Intent {
  committedAt: number;
  messageId: string;
}

export interface Move {
  from: DeliveryState;
  to: DeliveryState;
  /** The transport of the previous attempt, or "". */
  before: string;
  /** When it is due, for `deferred`. */
  nextAt: number;
}

export type MoveListener = (delivery: Delivery, move: Move) => void;

/**
 * Writes intents and outcomes: an intent is a row of a small table, an outcome one more attempt, its delivery's row and the
 * end of the intent. That a delivery is in progress is known in memory, and on disk by its intent alone. What the connections
 * hand over in a turn or a few of the event loop is committed together, in one transaction and one sync of the log; a promise
 * resolves when its part is on disk.
 *
 * Contract: an intent is on disk before the final dot of its message; an outcome is on disk before the delivery is
 * attempted again. An intent without an outcome after a restart means: unknown, in doubt. If a transaction fails,
 * everything in it fails, and nothing of it is on disk; only the outcome of an attempt whose intent is on disk is kept
 * and written first when the disk accepts writes again. State in memory changes only once it is on disk.
 */
export class Ledger {
  readonly #database: DatabaseSync;
  readonly #moved: MoveListener;
  readonly #onTrouble: (error: unknown) => void;
  #batch: Pending[] = [];
  #owed: Pending[] = [];
  /** Committed, and not known to be on disk yet. */
  #syncing: Pending[] = [];
  /** The pool is syncing, perhaps nothing any more that is not known to be on disk. */
  #underWay = false;
  /** Something is to be written as soon as it has ended. */
  #due = false;
  #turn: NodeJS.Immediate | null = null;
  #turns = Number.POSITIVE_INFINITY;
  readonly #intend: StatementSync;
  readonly #end: StatementSync;
  readonly #append: StatementSync;
  readonly #settle: StatementSync;
  readonly #requeue: StatementSync;
  readonly #suppress: StatementSync;

  constructor(database: DatabaseSync, moved: MoveListener, onTrouble: (error: unknown) => void) {
    this.#database = database;
    this.#moved = moved;
    this.#onTrouble = onTrouble;
    this.#intend = database.prepare(
      `INSERT INTO intents (delivery, transport, quota_key, host, started_at, committed_at, message_id)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#end = database.prepare('DELETE FROM intents WHERE delivery = ?');
    this.#append = database.prepare(
      `INSERT INTO attempts (delivery, before, nth, transport, quota_key, host, started_at, committed_at, ended_at, ended, cause)
       VALUES (?, ?, coalesce((SELECT nth FROM attempts WHERE id = ?), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#settle = database.prepare(
      `UPDATE deliveries SET state = ?, tries = ?, hop = ?, next_at = ?, at = ?, transport = ?, host = ?, cause = ?,
       code = ?, enhanced = ?, text = ?, first_at = ?, dated_at = ?, asked = ?, attempt = ?,
       message_id = iif(? = '', message_id, ?) WHERE id = ?`,
    );
    this.#requeue = database.prepare(`UPDATE deliveries SET state = ?, next_at = ?, hop = ? WHERE id = ?`);
    this.#suppress = database.prepare(
      `INSERT OR IGNORE INTO suppressions (entry, reason, note, at) VALUES (?, 'bounced', ?, ?)`,
    );
  }

  /** The commit gate: resolves when the intent to send this message's last byte is on disk. */
  async intend(
    delivery: Delivery,
    attempt: { transport: string; accountKey: string; host: string; startedAt: number; messageId: string },
    now: number,
  ): Promise<Intent> {
    const { transport, accountKey, host, startedAt, messageId } = attempt;
    const write = () => this.#intend.run(delivery.id, transport, accountKey, host, startedAt, now, messageId);
    await this.#add(write, () => this.#move(delivery, 'sending', transport));
    return { committedAt: now, messageId };
  }

  /**
   * An attempt's end and what becomes of its delivery; `intent` when its intent is on disk. Resolves with whether it is on
   * disk; if it is not and there is an intent, it is owed.
   */
  settle(settlement: SettledDelivery, intent: Intent | null, now: number): Promise<boolean> {
    const { delivery, attempt, state, tries, hop, nextAt, firstAt, suppress } = settlement;
    const { datedAt } = delivery;
    const asked = delivery.asked + 1;
    const { transport, accountKey, host, startedAt, cause } = attempt;
    const { code, enhanced, text } = endColumns(attempt.end);
    const messageId = intent?.messageId ?? '';
    const committedAt = intent?.committedAt ?? 0;
    // If the clock is set back, an attempt does not end before its commit.
    const endedAt = Math.max(now, committedAt);
    let row = delivery.attempt;
    const write = () => {
      const ended = JSON.stringify(attempt.end);
      const { lastInsertRowid } = this.#append.run(
        ...[delivery.id, delivery.attempt, delivery.attempt, transport, accountKey, host],
        ...[startedAt, committedAt, endedAt, ended, cause],
      );
      row = Number(lastInsertRowid);
      this.#settle.run(
        ...[state, tries, hop, nextAt, now, transport, host, cause, code, enhanced, text, firstAt],
        ...[datedAt, asked, row, messageId, messageId, delivery.id],
      );
      if (intent) this.#end.run(delivery.id);
      if (state === 'rejected') refusalsChanged(this.#database);
      if (suppress) this.#suppress.run(delivery.address.toLowerCase(), suppress.slice(0, 500), now);
    };
    const done = () => {
      Object.assign(delivery, { tries, hop, firstAt, asked, attempt: row });
      this.#move(delivery, state, transport, nextAt);
    };
    return this.#add(write, done, intent !== null).then(
      () => true,
      () => false,
    );
  }

  /** Changes state without an attempt: later, suppressed, expired. Resolves with whether it is on disk. */
  place(delivery: Delivery, state: DeliveryState, nextAt: number, hop: number): Promise<boolean> {
    const done = () => {
      delivery.hop = hop;
      this.#move(delivery, state, delivery.transport, nextAt);
    };
    return this.#add(() => this.#requeue.run(state, nextAt, hop, delivery.id), done).then(
      () => true,
      () => false,
    );
  }

  /** Writes what is pending at once, and returns when it is on disk. False when the disk accepted nothing. */
  flush(): boolean {
    const batch = this.#take();
    if (batch.length === 0 && this.#syncing.length === 0) return true;
    try {
      inTransaction(this.#database, () => write(batch));
    } catch (error) {
      this.#fail(batch, error);
      return false;
    }
    this.#land(this.#syncing.splice(0));
    this.#land(batch);
    return true;
  }

  /** One sync at a time: what comes meanwhile is written together after it. */
  async #flushLater(): Promise<void> {
    const batch = this.#take();
    this.#syncing = [...batch];
    const syncing = this.#syncing;
    this.#underWay = true;
    try {
      await inTransactionLater(this.#database, () => write(batch));
      this.#land(syncing.splice(0));
    } catch (error) {
      this.#fail(syncing.splice(0), error);
    }
    this.#underWay = false;
    if (this.#due) this.#write();
  }

  #write(): void {
    this.#due = this.#underWay;
    if (this.#due) return;
    if (this.#owed.length + this.#batch.length < MANY && !isDiskSlow(this.#database)) this.flush();
    else void this.#flushLater();
  }

  #take(): Pending[] {
    if (this.#turn) clearImmediate(this.#turn);
    this.#turn = null;
    this.#turns = Number.POSITIVE_INFINITY;
    this.#due = false;
    return [...this.#owed.splice(0), ...this.#batch.splice(0)];
  }

  #land(batch: readonly Pending[]): void {
    for (const { done } of batch) done();
  }

  #fail(batch: readonly Pending[], error: unknown): void {
    this.#owed.push(...batch.filter(({ owed }) => owed));
    for (const { failed } of batch) failed(error);
    if (batch.length > 0) this.#onTrouble(error);
  }

  /** Resolves when it is written; `done` runs right then, `owed` ones even after the promise was rejected. */
  #add(write: () => void, done: () => void, owed = false): Promise<void> {
    return new Promise((resolve, failed) => {
      const pending = () => {
        done();
        resolve();
      };
      this.#batch.push({ write, done: pending, failed, owed });
      this.#schedule(owed ? PATIENT_TURNS : 1);
    });
  }

  /** Flushes after this many turns of the event loop, or sooner if another caller asks for it. */
  #schedule(turns: number): void {
    this.#turns = Math.min(this.#turns, turns);
    if (this.#turn || this.#due) return;
    const turn = () => {
      if (--this.#turns > 0) this.#turn = setImmediate(turn);
      else {
        this.#turn = null;
        this.#write();
      }
    };
    this.#turn = setImmediate(turn);
  }

  #move(delivery: Delivery, to: DeliveryState, transport: string, nextAt = 0): void {
    const from = delivery.state;
    const before = delivery.transport;
    delivery.state = to;
    delivery.transport = transport;
    this.#moved(delivery, { from, to, before, nextAt });
  }
}

function write(batch: readonly Pending[]): void {
  for (const { write } of batch) write();
}

export function endColumns(end: AttemptEnd): { code: number; enhanced: string; text: string } {
  switch (end.kind) {
    case 'reply':
      return { ...end.reply, text: end.reply.text.slice(0, 2000) };
    case 'fault':
      return { code: 0, enhanced: '', text: end.detail.slice(0, 2000) };
    default:
      return end satisfies never;
  }
}
