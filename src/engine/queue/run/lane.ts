import { type AttemptEnd, endText, type Verdict } from '../../../shared/outcome.ts';
import type { Destination, Session, Transport } from '../../../shared/transport.ts';
import type { Account, Full, Reservation } from '../limits/limits.ts';
import type { Doubt } from '../policy/doubt.ts';
import { grown, isLow, shrunk, startRoom } from '../policy/room.ts';
import type { Delivery } from '../store/delivery.ts';
import { Connection, type ConnectionOwner } from './connection.ts';
import { Crew } from './crew.ts';
import { Flights } from './flights.ts';
import { Idleness } from './idleness.ts';
import type { Attempt, LaneEvent, LanePorts, LaneShares } from './laneEvents.ts';
import { LaneHold } from './laneHold.ts';
import { LaneQueue } from './laneQueue.ts';

/** A wait up to this long keeps the connection open. */
const SHORT_WAIT_MS = 5_000;

/**
 * All deliveries to one destination via one transport.
 *
 * Contract: a delivery is in exactly one place: in the queue, in one connection, or back with the listener. Progress
 * is reported as events; a delivery in progress is settled when `landed` is called. Where nothing has been delivered yet
 * few may wait, so that dead destinations do not fill memory.
 */
export class Lane implements ConnectionOwner {
  readonly transport: Transport;
  readonly destination: Destination;
  readonly hold: LaneHold;
  readonly account: Account;
  readonly accountKey: string;
  readonly flights = new Flights();
  readonly #ports: LanePorts;
  readonly #tell: (event: LaneEvent) => void;
  readonly #abort = new AbortController();
  readonly #queue = new LaneQueue();
  readonly #sessions = new Set<Session>();
  readonly crew: Crew;
  readonly #idleness: Idleness;
  /** Sent back at once because its connection had been closed: not an error. A second time it counts. */
  readonly #stale = new WeakSet<Delivery>();
  #room: number;
  #retired = false;
  /** Since when no connection could be opened, or 0. */
  downSince = 0;
  lastError = '';
  /** The same refusal repeated, by campaign, and how often it has made the lane pause. */
  readonly refusals = new Map<string, Doubt>();
  trips = 0;

  constructor(
    transport: Transport,
    destination: Destination,
    shares: LaneShares,
    ports: LanePorts,
    tell: (event: LaneEvent) => void,
  ) {
    this.transport = transport;
    this.destination = destination;
    this.account = shares.account;
    this.accountKey = shares.accountKey;
    this.hold = new LaneHold(shares, destination.limits);
    this.#ports = ports;
    this.#tell = tell;
    this.#idleness = new Idleness(ports.clock, shares);
    this.#room = startRoom(!destination.adaptive);
    const { maxConnections } = destination.limits;
    const work = {
      clock: ports.clock,
      waiting: () => (this.wanted ? this.#queue.size : 0),
      flying: () => this.flights.size,
      heldUntil: (now: number) => this.hold.until(now),
      doubtful: () => ports.probing(transport.accountKey),
      hire: () => new Connection(this, ports, shares, this.#abort.signal),
      stirred: () => tell({ kind: 'wantsWork' }),
    };
    this.crew = new Crew(work, maxConnections, destination.adaptive ? 2 : maxConnections);
  }

  get connections(): number {
    return this.#sessions.size;
  }

  get wanted(): boolean {
    return !this.#retired && this.#queue.size > 0;
  }

  /** How many more deliveries of this campaign may wait here; 0 while it pauses or a limit holds it. */
  room(campaign: string, now: number): number {
    return this.hold.until(now) > 0 ? 0 : Math.max(0, this.#room - this.#queue.sizeOf(campaign));
  }

  /** Nothing is lost when it is discarded. */
  idleAt(now: number): boolean {
    return this.#queue.size === 0 && this.crew.size === 0 && this.hold.until(now) === 0;
  }

  push(delivery: Delivery, first = false): void {
    this.#queue.push(delivery, first);
    this.wake();
  }

  /** Removes waiting deliveries that satisfy `which`; those in progress are not touched. */
  remove(which: (delivery: Delivery) => boolean): Delivery[] {
    return this.#queue.remove(which);
  }

  /** Pauses, then continues with at most `maxConnections`. `avoid`: nothing gets through. */
  rest(until: number, options: { maxConnections?: number | undefined; avoid?: boolean } = {}): void {
    this.hold.rest(until, options.avoid ?? false);
    if (options.maxConnections !== undefined) this.crew.atMost(options.maxConnections);
    this.wake();
  }

  /** A person has fixed it. */
  revive(): void {
    this.hold.revive();
    this.crew.reached();
    this.refusals.clear();
    this.wake();
  }

  /** The delivery in progress has been settled, or goes back untouched. */
  landed(delivery: Delivery, end?: AttemptEnd, verdict?: Verdict): void {
    if (verdict?.outcome.kind === 'delivered') {
      this.crew.more();
      this.#room = grown(this.#room);
      this.hold.works();
      this.lastError = '';
    } else if (end && verdict?.outcome.kind !== 'rejected') this.#onFailure(end);
    this.flights.land(delivery);
    this.crew.grow();
    if (isLow(this.#room, this.#queue.size)) this.#tell({ kind: 'wantsWork' });
  }

  /** Accepts nothing more, and closes every connection once its delivery is settled. */
  retire(): void {
    this.#retired = true;
    this.crew.retire();
    this.#idleness.end();
  }

  /** Closes every connection; messages past their dot end in doubt. */
  destroy(): void {
    this.retire();
    this.#abort.abort(new Error('closed'));
    for (const session of this.#sessions) session.destroy();
  }

  wake(): void {
    this.#idleness.end();
    this.crew.grow();
  }

  connected(session: Session): void {
    this.#sessions.add(session);
    this.downSince = 0;
    this.crew.reached();
    this.#tell({ kind: 'changed' });
  }

  disconnected(session: Session): void {
    this.#sessions.delete(session);
  }

  unreachable(end: AttemptEnd, host: string): void {
    const failures = this.crew.failed();
    this.downSince ||= this.#ports.clock.now();
    this.#backOff();
    this.lastError = endText(end);
    this.#tell({ kind: 'unreachable', end, host, failures });
  }

  silent(carrying: boolean): void {
    this.#tell({ kind: 'silent', carrying });
  }

  untried(delivery: Delivery, madeMessage: boolean): void {
    this.landed(delivery);
    if (madeMessage) this.#tell({ kind: 'returned', deliveries: [delivery] });
  }

  ended(attempt: Attempt, end: AttemptEnd, reused: boolean): Promise<void> {
    const { delivery } = attempt;
    if (reused && attempt.intent === null && this.#ports.isStale(end) && !this.#stale.has(delivery)) {
      this.#stale.add(delivery);
      this.untried(delivery, true);
      return Promise.resolve();
    }
    const landing = this.flights.landing(delivery);
    this.#tell({ kind: 'ended', attempt, end });
    return landing;
  }

  /** The next delivery with a place in every limit, or null when this connection is to end. */
  async next(): Promise<{ delivery: Delivery; reservation: Reservation } | null> {
    const { clock, mayStart } = this.#ports;
    for (;;) {
      const now = clock.now();
      if (this.#retired || this.hold.until(now) > 0 || this.#sessions.size > this.crew.limit) return null;
      const delivery = this.#queue.shift();
      if (!delivery) {
        if (!(await this.#idleness.linger())) return null;
      } else if (!mayStart(delivery)) {
        this.#tell({ kind: 'returned', deliveries: [delivery] });
      } else {
        const reservation = this.hold.take(now);
        if ('commit' in reservation) {
          this.flights.takeOff(delivery);
          return { delivery, reservation };
        }
        this.#queue.unshift(delivery);
        if (await this.#awaitLimit(reservation, now)) return null;
      }
    }
  }

  /** A limit is reached: true when the connection should close, because the wait is long. */
  async #awaitLimit({ until, window, usedUp }: Full, now: number): Promise<boolean> {
    if (window && usedUp && this.hold.quotaUsed(window, until)) {
      this.#tell({ kind: 'quotaFull' });
      if (this.#queue.size === 0) {
        this.hold.wait(until);
        return true;
      }
    }
    const wait = until - now;
    if (wait > SHORT_WAIT_MS) {
      this.hold.wait(until);
      this.crew.wakeAt(until);
      this.#tell({ kind: 'changed' });
      return true;
    }
    await this.#ports.clock.sleep(Math.max(1, wait), this.#abort.signal).catch(() => {});
    return false;
  }

  #onFailure(end: AttemptEnd): void {
    if (end.kind === 'reply') this.lastError = endText(end);
    else if (end.code !== 'aborted' && end.code !== 'gateFailed' && this.destination.adaptive) {
      this.crew.fewer();
      this.#backOff();
    }
  }

  #backOff(): void {
    if (this.destination.adaptive) this.#room = shrunk(this.#room);
  }
}
