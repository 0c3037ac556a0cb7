import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { type DeliveryState, deliveryStates, resendable, type SetAside } from '../../../shared/campaign.ts';
import { detail, faultDetails } from '../../../shared/faultDetails.ts';
import type { Cause } from '../../../shared/outcome.ts';
import { MAX_SET_ASIDE } from '../../../shared/setAside.ts';
import { ATTEMPTS_SINCE } from './attemptsSince.ts';
import { inTransaction } from './database.ts';
import type { Delivery } from './delivery.ts';
import { GoneForGood, refusalsChanged, SUPPRESSED } from './goneForGood.ts';
import { NOWHERE, OrderBuilder, type SendingOrder } from './sendingOrder.ts';
import { objectedTo, setAsideRows } from './setAsideRows.ts';
import { slicesOf } from './slices.ts';

type Row = Record<string, SQLOutputValue>;

const COLUMNS =
  'id, line, address, domain, fields, tries, first_at, dated_at, asked, hop, transport, next_at, state, attempt';

/** A delivery with an intent is in progress, or was sent and its outcome has yet to be written. */
const UNSENT = 'NOT EXISTS (SELECT 1 FROM intents WHERE delivery = deliveries.id)';

const NONE_OF = 'AND id NOT IN (SELECT value FROM json_each(?))';

/** Rows read for one window at most, including those that no longer wait. */
const LOOKS = 2000;

/** How far the due deliveries have been read. */
export interface DueCursor {
  nextAt: number;
  id: number;
}

/** Rows of the list, and the place after the last one read, or NOWHERE at the end. */
export interface ListWindow {
  deliveries: Delivery[];
  next: number;
}

/** How many deliveries were moved, by the state they had. */
export type MovedCounts = Partial<Record<DeliveryState, number>>;

export interface Tally {
  sent: number;
  deferred: number;
  rejected: number;
}

export interface CampaignTotals {
  counts: Record<DeliveryState, number>;
  tallies: Map<string, Tally>;
  /** Readers for whom sender or letter was refused; more than a few are not listed. */
  odd: readonly number[];
}

export function noCounts(): Record<DeliveryState, number> {
  return Object.fromEntries(deliveryStates.map((state) => [state, 0])) as Record<DeliveryState, number>;
}

/** Reads deliveries in windows; a list of a million is never in memory at once. */
export class DeliveryStore {
  readonly gone: GoneForGood;
  readonly #database: DatabaseSync;
  readonly #waiting: StatementSync;
  readonly #due: StatementSync;
  readonly #nextDue: StatementSync;
  readonly #lastDue: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.gone = new GoneForGood(database);
    this.#waiting = database.prepare(
      `SELECT ${COLUMNS} FROM deliveries WHERE id = ? AND campaign = ? AND state = 'queued' AND ${UNSENT}`,
    );
    this.#due = database.prepare(
      `SELECT ${COLUMNS} FROM deliveries WHERE campaign = ? AND state = 'deferred' AND next_at <= ?
         AND ${UNSENT} AND (next_at, id) > (?, ?) ORDER BY next_at, id LIMIT ?`,
    );
    this.#nextDue = database.prepare(
      `SELECT min(next_at) AS at FROM deliveries WHERE campaign = ? AND state = 'deferred' AND next_at > ?`,
    );
    this.#lastDue = database.prepare(
      `SELECT max(next_at) AS at FROM deliveries WHERE campaign = ? AND state = 'deferred'`,
    );
  }

  /** The order of a campaign's rows, computed from them. */
  async order(key: number): Promise<SendingOrder> {
    const builder = new OrderBuilder();
    const rows = this.#database.prepare(
      'SELECT id, domain FROM deliveries WHERE campaign = ? AND id >= ? AND id <= ? ORDER BY id',
    );
    for (const { from, to } of slicesOf(this.#database, key)) {
      for (const { id, domain } of rows.all(key, from, to)) builder.add(Number(id), String(domain));
      await setImmediate();
    }
    return builder.build();
  }

  /** What waits of the list from a place on, in the sending order. */
  window(key: number, campaign: string, order: SendingOrder, from: number, limit: number): ListWindow {
    return this.#read(key, campaign, order, order.waitingFrom(from), limit, (place) => order.waitingFrom(place + 1));
  }

  /** The same of one domain only; `from` is a place of it. Others may be among them. */
  backlog(key: number, campaign: string, order: SendingOrder, from: number, limit: number): ListWindow {
    return this.#read(key, campaign, order, from, limit, (place) => order.nextOfDomain(place));
  }

  #read(
    key: number,
    campaign: string,
    order: SendingOrder,
    from: number,
    limit: number,
    after: (place: number) => number,
  ): ListWindow {
    const deliveries: Delivery[] = [];
    let place = from;
    for (let looks = 0; looks < LOOKS && deliveries.length < limit && place < order.size; looks++) {
      const row = this.#waiting.get(order.idAt(place), key);
      if (row) deliveries.push(toItem(row, campaign, place));
      else order.pass(place);
      place = after(place);
    }
    return { deliveries, next: place < order.size ? place : NOWHERE };
  }

  /** Deferred deliveries that are due, after the cursor, longest due first. */
  due(
    key: number,
    campaign: string,
    now: number,
    after: DueCursor,
    limit: number,
  ): { delivery: Delivery; at: DueCursor }[] {
    const rows = this.#due.all(key, now, after.nextAt, after.id, limit);
    return rows.map((row) => ({
      delivery: toItem(row, campaign, NOWHERE),
      at: { nextAt: Number(row.next_at), id: Number(row.id) },
    }));
  }

  /** When the next deferred delivery comes due after `now`, or 0. */
  nextDue(key: number, now: number): number {
    return Number(this.#nextDue.get(key, now)?.at ?? 0);
  }

  /** When the last deferred delivery comes due, or 0. */
  lastDue(key: number): number {
    return Number(this.#lastDue.get(key)?.at ?? 0);
  }

  /** How many deliveries of a campaign still wait for their first attempt, by domain. */
  async waitingDomains(key: number, signal: AbortSignal): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    const rows = this.#database.prepare(
      `SELECT domain, count(*) AS n FROM deliveries WHERE campaign = ? AND id >= ? AND id <= ? AND state = 'queued'
       GROUP BY domain`,
    );
    for (const { from, to } of slicesOf(this.#database, key)) {
      signal.throwIfAborted();
      for (const { domain, n } of rows.all(key, from, to))
        found.set(String(domain), (found.get(String(domain)) ?? 0) + Number(n));
      await setImmediate();
    }
    return found;
  }

  /** Addresses in the order of their ids, behind `after`; of any state. */
  addresses(key: number, after: number, limit: number): { id: number; address: string }[] {
    return this.#database
      .prepare('SELECT id, address FROM deliveries WHERE campaign = ? AND id > ? ORDER BY id LIMIT ?')
      .all(key, after, limit)
      .map((row) => ({ id: Number(row.id), address: String(row.address) }));
  }

  /** A campaign's deliveries, counted by state. What waits in a cancelled one counts as cancelled. */
  async standing(key: number): Promise<CampaignTotals> {
    const counts = noCounts();
    const tallies: CampaignTotals['tallies'] = new Map();
    const odd: number[] = [];
    const query = this.#database.prepare(
      `SELECT state, transport, count(*) AS n FROM deliveries WHERE campaign = ? AND id >= ? AND id <= ?
       GROUP BY state, transport`,
    );
    for (const { from, to } of slicesOf(this.#database, key)) {
      for (const { state, transport, n } of query.all(key, from, to)) {
        counts[state as DeliveryState] += Number(n);
        if (transport !== '') count(tallies, String(transport), state as DeliveryState, Number(n));
      }
      if (odd.length <= MAX_SET_ASIDE && counts.rejected + counts.expired + counts.deferred > 0)
        odd.push(...objectedTo(this.#database, key, { from, to }, MAX_SET_ASIDE + 1));
      await setImmediate();
    }
    return { counts, tallies, odd };
  }

  /**
   * Moves all deliveries of some states, slice by slice, each in its own transaction; ends early when `signal` is
   * aborted. Those in progress keep their state: halt the campaign first.
   */
  async moveAll(
    key: number,
    from: readonly DeliveryState[],
    to: DeliveryState,
    signal?: AbortSignal,
    only = '',
    ...values: string[]
  ): Promise<MovedCounts> {
    const moved: MovedCounts = {};
    const one = this.#database.prepare(
      `${moving(to)} WHERE campaign = ? AND id >= ? AND id <= ? AND state = ? ${only}`,
    );
    for (const slice of slicesOf(this.#database, key)) {
      if (signal?.aborted) break;
      inTransaction(this.#database, () => {
        for (const state of from)
          add(moved, state, Number(one.run(key, slice.from, slice.to, state, ...values).changes));
      });
      refusalsChanged(this.#database);
      await setImmediate();
    }
    return moved;
  }

  setAside(key: number, ids: Iterable<number>): SetAside[] {
    return setAsideRows(this.#database, key, ids);
  }

  /** Queues again all those, or those of `ids`, that certainly did not get it and may be mailed, without those of `except`. */
  async resend(
    key: number,
    ids: readonly number[] | undefined,
    except: readonly number[],
    signal: AbortSignal,
  ): Promise<MovedCounts> {
    const only = `AND NOT (state = 'rejected' AND ${SUPPRESSED}) ${NONE_OF}`;
    const none = JSON.stringify(except);
    return ids
      ? this.moveThese(key, resendable, 'queued', ids, only, none)
      : this.moveAll(key, resendable, 'queued', signal, only, none);
  }

  /** Moves those named by `ids`, at once. */
  moveThese(
    key: number,
    from: readonly DeliveryState[],
    to: DeliveryState,
    ids: readonly number[],
    only = '',
    ...values: string[]
  ): MovedCounts {
    const moved: MovedCounts = {};
    const one = this.#database.prepare(`${moving(to)} WHERE id = ? AND campaign = ? AND state = ? ${only}`);
    inTransaction(this.#database, () => {
      for (const id of ids)
        for (const state of from) add(moved, state, Number(one.run(id, key, state, ...values).changes));
    });
    refusalsChanged(this.#database);
    return moved;
  }

  /** Readers whose servers said that they have no mailbox; slice by slice. */
  async dead(key: number): Promise<number> {
    let dead = 0;
    const query = this.#database.prepare(
      `SELECT count(*) AS n FROM deliveries
       WHERE campaign = ? AND id >= ? AND id <= ? AND state = 'rejected' AND cause IN ('unknownUser', 'mailboxDisabled')`,
    );
    for (const { from, to } of slicesOf(this.#database, key)) {
      dead += Number(query.get(key, from, to)?.n ?? 0);
      await setImmediate();
    }
    return dead;
  }

  /** Queues again what was refused for this cause and may be mailed, without those of `except`; returns how many. */
  async requeueRefused(key: number, cause: Cause, except: readonly number[]): Promise<number> {
    const none = JSON.stringify(except);
    let moved = 0;
    const query = this.#database.prepare(
      `UPDATE deliveries SET state = 'queued', next_at = 0, tries = 0, hop = 0, first_at = 0, asked = 0
       WHERE campaign = ? AND id >= ? AND id <= ? AND state = 'rejected' AND cause = ?
         AND NOT ${SUPPRESSED} ${NONE_OF}`,
    );
    for (const { from, to } of slicesOf(this.#database, key)) {
      moved += Number(query.run(key, from, to, cause, none).changes);
      refusalsChanged(this.#database);
      await setImmediate();
    }
    return moved;
  }

  /** Brings deferred rows forward to `now`, except those a receiving server asked to retry later. */
  async hasten(key: number, now: number): Promise<void> {
    // "+": through the index of what is due, each slice would go through all that is deferred.
    const query = this.#database.prepare(
      `UPDATE deliveries SET next_at = ? WHERE campaign = ? AND id >= ? AND id <= ? AND +state = 'deferred' AND +next_at > ?
         AND cause NOT IN
           ('greylisted', 'rateLimited', 'tooManyConnections', 'mailboxFull', 'recipientRate', 'reputation', 'otherTemporary')`,
    );
    for (const { from, to } of slicesOf(this.#database, key)) {
      query.run(now, key, from, to, now);
      await setImmediate();
    }
  }

  /**
   * After a crash: an intent on disk without an outcome puts its delivery in doubt. Everything else that was
   * in progress had not sent its last byte, and is queued or deferred as before.
   */
  recover(now: number): number {
    const text = detail(faultDetails.engineEnded);
    const end = JSON.stringify({ kind: 'fault', stage: 'dot', code: 'closed', detail: text });
    return inTransaction(this.#database, () => {
      const open = this.#database.prepare('SELECT * FROM intents ORDER BY committed_at, delivery').all();
      const append = this.#database.prepare(
        `INSERT INTO attempts (delivery, before, nth, transport, quota_key, host, started_at, committed_at, ended_at, ended, cause)
         SELECT id, attempt, coalesce((SELECT nth FROM attempts WHERE id = attempt), 0) + 1, ?, ?, ?, ?, ?, ?, ?, 'noReply'
         FROM deliveries WHERE id = ?`,
      );
      const doubt = this.#database.prepare(
        `UPDATE deliveries SET state = 'inDoubt', at = ?, cause = 'noReply', code = 0, enhanced = '', text = ?,
           transport = ?, host = ?, message_id = ?, attempt = ? WHERE id = ?`,
      );
      for (const intent of open) {
        const {
          delivery,
          transport = '',
          quota_key = '',
          host = '',
          started_at = 0,
          committed_at = 0,
          message_id = '',
        } = intent;
        const endedAt = Math.max(now, Number(committed_at));
        const id = Number(delivery);
        const row = append.run(transport, quota_key, host, started_at, committed_at, endedAt, end, id).lastInsertRowid;
        doubt.run(now, text, transport, host, message_id, Number(row), id);
      }
      if (open.length > 0) this.#database.exec('DELETE FROM intents');
      return open.length;
    });
  }

  /** Times of the last `count` commits under a quota key since `since`, oldest first. */
  commits(accountKey: string, since: number, count: number): number[] {
    const rows = this.#database
      .prepare(
        `SELECT committed_at AS at FROM (${ATTEMPTS_SINCE}) WHERE quota_key = ? AND committed_at > ? AND committed_at > 0
         ORDER BY committed_at DESC LIMIT ?`,
      )
      .all(since, accountKey, since, count);
    return rows.map((row) => Number(row.at)).reverse();
  }
}

function moving(to: DeliveryState): string {
  const afresh = to === 'queued' ? ', tries = 0, hop = 0, first_at = 0, dated_at = 0, asked = 0' : '';
  return `UPDATE deliveries SET state = '${to}', next_at = 0${afresh}`;
}

function add(moved: MovedCounts, state: DeliveryState, count: number): void {
  if (count > 0) moved[state] = (moved[state] ?? 0) + count;
}

function count(tallies: CampaignTotals['tallies'], transport: string, state: DeliveryState, n: number): void {
  const tally = tallies.get(transport) ?? { sent: 0, deferred: 0, rejected: 0 };
  tallies.set(transport, tally);
  if (state === 'sent') tally.sent += n;
  else if (state === 'deferred') tally.deferred += n;
  else if (state === 'rejected' || state === 'expired') tally.rejected += n;
}

function toItem(row: Row, campaign: string, place: number): Delivery {
  return {
    id: Number(row.id),
    campaign,
    line: Number(row.line),
    address: String(row.address),
    domain: String(row.domain),
    fields: JSON.parse(String(row.fields)) as Record<string, string>,
    place,
    attempt: Number(row.attempt),
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
