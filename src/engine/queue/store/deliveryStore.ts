import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { type DeliveryState, deliveryStates, resendable } from '../../../shared/campaign.ts';
import type { Cause } from '../../../shared/outcome.ts';
import { inTransaction } from './database.ts';
import type { Item } from './item.ts';

type Row = Record<string, SQLOutputValue>;

const COLUMNS =
  'id, line, address, domain, fields, position, tries, first_at, dated_at, asked, hop, transport, next_at, state';

/** Not to be mailed again, by the address or by the whole domain. */
const SUPPRESSED = '(lower(address) IN (SELECT entry FROM suppressions) OR domain IN (SELECT entry FROM suppressions))';

/** How far the deliveries that are due have been read. */
export interface DueCursor {
  nextAt: number;
  id: number;
}

/** Reads deliveries in windows; a list of a million never is in memory. */
export class DeliveryStore {
  readonly #database: DatabaseSync;
  readonly #window: StatementSync;
  readonly #backlog: StatementSync;
  readonly #due: StatementSync;
  readonly #nextDue: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#window = database.prepare(
      `SELECT ${COLUMNS} FROM deliveries WHERE campaign = ? AND state = 'queued' AND position > ?
       ORDER BY position LIMIT ?`,
    );
    this.#backlog = database.prepare(
      `SELECT ${COLUMNS} FROM deliveries WHERE campaign = ? AND state = 'queued' AND domain = ? AND position > ?
       ORDER BY position LIMIT ?`,
    );
    this.#due = database.prepare(
      `SELECT ${COLUMNS} FROM deliveries WHERE campaign = ? AND state = 'deferred' AND next_at <= ?
         AND (next_at, id) > (?, ?) ORDER BY next_at, id LIMIT ?`,
    );
    this.#nextDue = database.prepare(
      `SELECT min(next_at) AS at FROM deliveries WHERE campaign = ? AND state = 'deferred' AND next_at > ?`,
    );
  }

  /** Rows of the list behind `position`, in their order; each domain's rows are spread evenly over the list. */
  window(key: number, campaign: string, position: number, limit: number): Item[] {
    return this.#window.all(key, position, limit).map((row) => toItem(row, campaign));
  }

  /** The same of one domain only. */
  backlog(key: number, campaign: string, domain: string, position: number, limit: number): Item[] {
    return this.#backlog.all(key, domain, position, limit).map((row) => toItem(row, campaign));
  }

  /** Deferred deliveries whose time has come, behind the cursor, longest due first. */
  due(key: number, campaign: string, now: number, after: DueCursor, limit: number): { item: Item; at: DueCursor }[] {
    const rows = this.#due.all(key, now, after.nextAt, after.id, limit);
    return rows.map((row) => ({
      item: toItem(row, campaign),
      at: { nextAt: Number(row.next_at), id: Number(row.id) },
    }));
  }

  /** When the next deferred delivery comes due after `now`, or 0. */
  nextDue(key: number, now: number): number {
    return Number(this.#nextDue.get(key, now)?.at ?? 0);
  }

  /** Addresses in the order of their ids, behind `after`; of any state. */
  addresses(key: number, after: number, limit: number): { id: number; address: string }[] {
    return this.#database
      .prepare('SELECT id, address FROM deliveries WHERE campaign = ? AND id > ? ORDER BY id LIMIT ?')
      .all(key, after, limit)
      .map((row) => ({ id: Number(row.id), address: String(row.address) }));
  }

  counts(key: number): Record<DeliveryState, number> {
    const rows = this.#database
      .prepare('SELECT state, count(*) AS n FROM deliveries WHERE campaign = ? GROUP BY state')
      .all(key);
    const found = new Map(rows.map((row) => [String(row.state), Number(row.n)]));
    return Object.fromEntries(deliveryStates.map((state) => [state, found.get(state) ?? 0])) as Record<
      DeliveryState,
      number
    >;
  }

  /**
   * Queues the rows of a draft and gives each its position: the k-th of a domain's n rows stands at (k - ½) / n, so that
   * no provider is hit in a run and the list stays a list, whatever its order was.
   */
  interleave(key: number): void {
    this.#database
      .prepare(
        `UPDATE deliveries SET state = 'queued', position = placed.position FROM (
           SELECT id, (row_number() OVER (PARTITION BY domain ORDER BY id) - 0.5)
             / count(*) OVER (PARTITION BY domain) + id * 1e-12 AS position
           FROM deliveries WHERE campaign = ? AND state = 'draft' ORDER BY id
         ) AS placed WHERE deliveries.id = placed.id`,
      )
      .run(key);
  }

  /** How many of the refused must not be mailed again: their mailbox is gone, or they have left. */
  goneForGood(key: number): number {
    return Number(
      this.#database
        .prepare(`SELECT count(*) AS n FROM deliveries WHERE campaign = ? AND state = 'rejected' AND ${SUPPRESSED}`)
        .get(key)?.n ?? 0,
    );
  }

  /** Queues again all, or those named by `ids`, that surely did not get it and may be mailed; returns how many. */
  resend(key: number, ids?: readonly number[]): number {
    return this.moveAll(key, resendable, 'queued', ids, `AND NOT (state = 'rejected' AND ${SUPPRESSED})`);
  }

  /** Moves all deliveries of some states at once, or those named by `ids`; returns how many. */
  moveAll(key: number, from: readonly DeliveryState[], to: DeliveryState, ids?: readonly number[], only = ''): number {
    return inTransaction(this.#database, () => {
      const states = from.map((state) => `'${state}'`).join(', ');
      const set = `UPDATE deliveries SET state = '${to}', next_at = 0${to === 'queued' ? ', tries = 0, hop = 0, first_at = 0, dated_at = 0, asked = 0' : ''}`;
      if (!ids) {
        return Number(
          this.#database.prepare(`${set} WHERE campaign = ? AND state IN (${states}) ${only}`).run(key).changes,
        );
      }
      const one = this.#database.prepare(`${set} WHERE campaign = ? AND id = ? AND state IN (${states}) ${only}`);
      return ids.reduce((sum, id) => sum + Number(one.run(key, id).changes), 0);
    });
  }

  /** Queues again what was refused for this cause, but for addresses that are never to be mailed. */
  requeueRefused(key: number, cause: Cause): void {
    this.#database
      .prepare(
        `UPDATE deliveries SET state = 'queued', next_at = 0, tries = 0, hop = 0, first_at = 0, asked = 0
         WHERE campaign = ? AND state = 'rejected' AND cause = ?
           AND NOT ${SUPPRESSED}`,
      )
      .run(key, cause);
  }

  /** Brings deferred rows forward to `now`, but for those a receiving server asked to come later. */
  hasten(key: number, now: number): void {
    this.#database
      .prepare(
        `UPDATE deliveries SET next_at = ? WHERE campaign = ? AND state = 'deferred' AND next_at > ? AND cause NOT IN
           ('greylisted', 'rateLimited', 'tooManyConnections', 'mailboxFull', 'recipientRate', 'reputation', 'otherTemporary')`,
      )
      .run(now, key, now);
  }

  /**
   * After a crash: an attempt whose intent is on disk and whose end is not leaves its delivery in doubt. Everything else
   * that was under way had not sent its last byte and is queued again.
   */
  recover(now: number): number {
    return inTransaction(this.#database, () => {
      const end = JSON.stringify({
        kind: 'fault',
        stage: 'dot',
        code: 'closed',
        detail: 'the engine ended before the reply',
      });
      const { changes } = this.#database
        .prepare(
          `UPDATE deliveries SET state = 'inDoubt', at = ?, cause = 'noReply', code = 0, enhanced = '',
             text = 'the engine ended before the reply'
           WHERE state = 'sending' AND id IN (SELECT delivery FROM attempts WHERE ended_at = 0)`,
        )
        .run(now);
      this.#database
        .prepare(`UPDATE attempts SET ended_at = ?, ended = ?, cause = 'noReply' WHERE ended_at = 0`)
        .run(now, end);
      this.#database.exec(`UPDATE deliveries SET state = 'queued' WHERE state = 'sending'`);
      return Number(changes);
    });
  }

  /** Times of the last `count` commits under a quota key since `since`, oldest first. */
  commits(quotaKey: string, since: number, count: number): number[] {
    const rows = this.#database
      .prepare(
        `SELECT committed_at AS at FROM attempts WHERE quota_key = ? AND committed_at > ? AND committed_at > 0
         ORDER BY committed_at DESC LIMIT ?`,
      )
      .all(quotaKey, since, count);
    return rows.map((row) => Number(row.at)).reverse();
  }
}

function toItem(row: Row, campaign: string): Item {
  return {
    id: Number(row.id),
    campaign,
    line: Number(row.line),
    address: String(row.address),
    domain: String(row.domain),
    fields: JSON.parse(String(row.fields)) as Record<string, string>,
    position: Number(row.position),
    tries: Number(row.tries),
    firstAt: Number(row.first_at),
    datedAt: Number(row.dated_at),
    asked: Number(row.asked),
    hop: Number(row.hop),
    way: Number(row.hop),
    route: [],
    transport: String(row.transport),
    state: String(row.state) as DeliveryState,
  };
}
