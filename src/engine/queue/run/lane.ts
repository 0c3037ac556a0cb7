import type { AttemptEnd, Cause } from '../../../shared/outcome.ts';
import type { Destination, Session, Transport } from '../../../shared/transport.ts';
import type { Account, Full, Place } from '../limits/limits.ts';
import { type Concurrency, capped, startConcurrency, succeeded, troubled } from '../policy/concurrency.ts';
import type { Item } from '../store/item.ts';
import { LaneHold } from './laneHold.ts';
import type { Attempt, LaneOwner, LaneShares } from './laneOwner.ts';
import { LaneQueue } from './laneQueue.ts';

const LINGER_MS = 2_000;
/** A wait up to this long keeps the connection open. */
const SHORT_WAIT_MS = 5_000;
/** What may wait here before it is known how fast it goes, and when it goes well. */
const UNPROVEN_ROOM = 4;
const ROOM = 200;
const LOW = 50;
const PACE_MS = 1_000;
const PACED_MS = 60_000;

/**
 * All deliveries on their way to one destination over one transport, and the connections that carry them.
 *
 * Contract: an item is in the queue, or in one connection's hands, or back with the owner, and nowhere twice. A
 * connection carries one message after another; the next one's envelope leaves behind the dot of the one before.
 * Where nothing has been delivered yet little may wait, so that dead destinations do not fill the memory.
 */
export class Lane {
  readonly transport: Transport;
  readonly destination: Destination;
  readonly hold: LaneHold;
  readonly account: Account;
  readonly #owner: LaneOwner<Lane>;
  readonly #shares: LaneShares;
  readonly #abort = new AbortController();
  readonly #queue = new LaneQueue();
  readonly #sessions = new Set<Session>();
  readonly #flying = new Set<Item>();
  #idle: (() => void)[] = [];
  #quiet: (() => void)[] = [];
  #concurrency: Concurrency;
  #connections = 0;
  #failures = 0;
  #room: number;
  #timer: AbortController | null = null;
  #retired = false;
  /** Until then a connection is opened a second after the one before at the earliest. */
  #pacedUntil = 0;
  #openedAt = 0;
  /** Since when no connection could be had, or 0. */
  downSince = 0;
  lastError = '';
  /** The same refusal again and again, by campaign, and how often it has made the lane rest. */
  readonly refusals = new Map<string, { cause: Cause; count: number }>();
  trips = 0;

  constructor(transport: Transport, destination: Destination, shares: LaneShares, owner: LaneOwner<Lane>) {
    this.transport = transport;
    this.destination = destination;
    this.account = shares.account;
    this.hold = new LaneHold(shares, destination.limits);
    this.#shares = shares;
    this.#owner = owner;
    const { maxConnections } = destination.limits;
    this.#concurrency = startConcurrency(maxConnections, destination.adaptive ? 2 : maxConnections);
    this.#room = destination.adaptive ? UNPROVEN_ROOM : ROOM;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  get connections(): number {
    return this.#sessions.size;
  }

  get flying(): number {
    return this.#flying.size;
  }

  get flyingItems(): Iterable<Item> {
    return this.#flying;
  }

  flyingOf(campaign: string): number {
    let count = 0;
    for (const item of this.#flying) if (item.campaign === campaign) count++;
    return count;
  }

  /** How many more deliveries of this campaign may wait here; 0 while it rests or a limit holds it. */
  room(campaign: string, now: number): number {
    return this.hold.until(now) > 0 ? 0 : Math.max(0, this.#room - this.#queue.sizeOf(campaign));
  }

  /** Nothing is lost when it is forgotten. */
  idleAt(now: number): boolean {
    return this.#queue.size === 0 && this.#connections === 0 && this.hold.until(now) === 0;
  }

  push(item: Item, first = false): void {
    this.#queue.push(item, first);
    this.wake();
  }

  /** Takes out what waits and satisfies `which`; what flies is not touched. */
  remove(which: (item: Item) => boolean): Item[] {
    return this.#queue.remove(which);
  }

  /** Rests, then goes on with at most `maxConnections`. `shun`: nothing gets through. */
  rest(until: number, options: { maxConnections?: number | undefined; shun?: boolean } = {}): void {
    this.hold.rest(until, options.shun ?? false);
    if (options.maxConnections !== undefined) this.#concurrency = capped(this.#concurrency, options.maxConnections);
    this.wake();
  }

  /** It is busy: half the connections, and for a while new ones one a second. */
  easeOff(): void {
    this.#concurrency = troubled(this.#concurrency);
    this.#pacedUntil = this.#owner.clock.now() + PACED_MS;
  }

  /** A person has seen to it. */
  revive(): void {
    this.hold.revive();
    this.#failures = 0;
    this.refusals.clear();
    this.wake();
  }

  /** Resolves at once when nothing flies, else when the next message has landed. */
  quiet(): Promise<void> {
    return this.flying === 0 ? Promise.resolve() : new Promise((resolve) => this.#quiet.push(resolve));
  }

  /** Takes nothing more, and closes every connection when it has landed what it carries. */
  retire(): void {
    this.#retired = true;
    this.#timer?.abort();
    this.#wakeIdle();
  }

  /** Resolves when the last connection is gone. */
  async emptied(): Promise<void> {
    while (this.#connections > 0) await new Promise<void>((resolve) => this.#quiet.push(resolve));
  }

  /** Closes every connection; what had passed its dot ends in doubt. */
  destroy(): void {
    this.retire();
    this.#abort.abort(new Error('closed'));
    for (const session of this.#sessions) session.destroy();
  }

  wake(): void {
    this.#wakeIdle();
    this.#grow();
  }

  #wakeIdle(): void {
    for (const wake of this.#idle.splice(0)) wake();
  }

  /** Opens as many connections as there is work for and the destination bears. */
  #grow(): void {
    if (this.#retired || this.#queue.size === 0) return;
    const now = this.#owner.clock.now();
    const until = this.hold.until(now);
    if (until > 0) {
      this.#wakeAt(until);
      return;
    }
    // After a failure one connection probes; the others wait for its luck.
    const limit = this.#failures > 0 || this.#owner.probing(this) ? 1 : this.#concurrency.limit;
    while (this.#connections < limit && this.#connections - this.flying < this.#queue.size) {
      if (now < this.#pacedUntil && now < this.#openedAt + PACE_MS) {
        this.#wakeAt(this.#openedAt + PACE_MS);
        return;
      }
      this.#openedAt = now;
      this.#connections++;
      void this.#connect().finally(() => {
        this.#connections--;
        this.#tellQuiet();
        this.#grow();
      });
    }
  }

  #wakeAt(until: number): void {
    if (this.#timer) return;
    const timer = new AbortController();
    this.#timer = timer;
    const { clock } = this.#owner;
    clock.sleep(Math.max(0, until - clock.now()), timer.signal).then(
      () => {
        this.#timer = null;
        this.#grow();
        this.#owner.hungry();
      },
      () => {},
    );
  }

  async #connect(): Promise<void> {
    const { signal } = this.#abort;
    const { gate, seats, maxSeats } = this.#shares;
    const leaveSeat = seats ? await seats.enter(maxSeats, signal).catch(() => null) : () => {};
    if (!leaveSeat) return;
    const permit = await gate.enter(signal).catch(() => null);
    try {
      if (!permit || this.#retired || this.#queue.size === 0) return;
      const opened = await this.transport.open(this.destination, signal);
      if (opened.kind === 'ended') {
        if (!signal.aborted) this.#unreachable(opened.end, opened.host);
        return;
      }
      const stands = await permit.establish(signal).then(
        () => true,
        () => false,
      );
      if (!stands) {
        opened.session.destroy();
        return;
      }
      this.#failures = 0;
      this.downSince = 0;
      this.#sessions.add(opened.session);
      this.#grow();
      this.#owner.changed();
      await this.#carry(opened.session);
      this.#sessions.delete(opened.session);
      if (signal.aborted) opened.session.destroy();
      else await opened.session.quit();
    } finally {
      permit?.leave();
      leaveSeat();
    }
  }

  #unreachable(end: AttemptEnd, host: string): void {
    this.#failures++;
    this.downSince ||= this.#owner.clock.now();
    this.#concurrency = troubled(this.#concurrency);
    this.#humble();
    this.lastError = end.kind === 'reply' ? `${end.reply.code} ${end.reply.text}` : end.detail;
    this.#owner.unreachable(this, end, host, this.#failures);
  }

  /** One message after another until the work, the connection or its allowance ends. */
  async #carry(session: Session): Promise<void> {
    const allowance = this.destination.limits.maxMessagesPerConnection;
    const ends: Promise<void>[] = [];
    for (let sent = 0; sent < allowance && session.usable && session.remaining > 0; sent++) {
      const next = await this.#next();
      if (!next) break;
      const { item, place } = next;
      const message = await this.#owner.prepare(item).catch(() => null);
      if (!message || !session.usable || !this.#owner.mayStart(item)) {
        place.release();
        this.#landed(item);
        if (message) this.#owner.returned([item]);
        continue;
      }
      const attempt: Attempt = { item, host: session.host, startedAt: this.#owner.clock.now(), intent: null };
      let gate: Promise<void> | null = null;
      const sending = session.send({
        from: message.from,
        to: message.to,
        bytes: message.bytes,
        commit: () => {
          gate = this.#owner.intend(this, attempt, message.messageId).then((intent) => {
            attempt.intent = intent;
            place.commit(this.#owner.clock.now());
          });
          return gate;
        },
      });
      const reused = sent > 0;
      const ended = sending.end.then(async (end) => {
        // A connection lost while the intent was being written: whether it is on disk has to be known first.
        await gate?.catch(() => {});
        await this.#ended(attempt, end, place, reused);
      });
      ends.push(ended);
      if (ends.length > 2) ends.shift();
      await sending.ready;
      if (this.#owner.probing(this)) await ended;
    }
    await Promise.all(ends);
  }

  async #ended(attempt: Attempt, end: AttemptEnd, place: Place, reused: boolean): Promise<void> {
    place.release();
    const { item } = attempt;
    // A connection that was kept open may have been closed meanwhile: nobody is to blame, a new one is tried at once.
    if (reused && attempt.intent === null && isStale(end)) {
      this.#landed(item);
      this.#owner.returned([item]);
      return;
    }
    try {
      const verdict = await this.#owner.ended(this, attempt, end);
      if (verdict.outcome.kind === 'delivered') {
        this.#concurrency = succeeded(this.#concurrency);
        this.#room = Math.min(ROOM, this.#room + 4);
        this.lastError = '';
      } else if (verdict.outcome.kind === 'rejected') return;
      else if (end.kind === 'reply') this.lastError = `${end.reply.code} ${end.reply.text}`;
      else if (end.code !== 'aborted' && end.code !== 'gateFailed' && this.destination.adaptive) {
        this.#concurrency = troubled(this.#concurrency);
        this.#humble();
      }
    } finally {
      this.#landed(item);
    }
  }

  #humble(): void {
    if (this.destination.adaptive) this.#room = Math.max(UNPROVEN_ROOM, this.#room >> 1);
  }

  #landed(item: Item): void {
    this.#flying.delete(item);
    this.#tellQuiet();
    this.#grow();
    if (this.#queue.size <= Math.min(LOW, this.#room >> 1)) this.#owner.hungry();
  }

  #tellQuiet(): void {
    for (const resolve of this.#quiet.splice(0)) resolve();
  }

  /** The next delivery with a place in every limit, or null when this connection is to end. */
  async #next(): Promise<{ item: Item; place: Place } | null> {
    const { clock } = this.#owner;
    for (;;) {
      const now = clock.now();
      if (this.#retired || this.hold.until(now) > 0) return null;
      if (this.#sessions.size > this.#concurrency.limit) return null;
      const item = this.#queue.shift();
      if (!item) {
        if (!(await this.#linger())) return null;
        continue;
      }
      if (!this.#owner.mayStart(item)) {
        this.#owner.returned([item]);
        continue;
      }
      const place = this.hold.take(now);
      if ('commit' in place) {
        this.#flying.add(item);
        return { item, place };
      }
      this.#queue.unshift(item);
      if (await this.#stand(place, now)) return null;
    }
  }

  /** A limit is reached: true when the connection is to end, as the wait is long. */
  async #stand({ until, window, usedUp }: Full, now: number): Promise<boolean> {
    const { clock } = this.#owner;
    if (window && usedUp && this.hold.quotaUsed(window, until) && this.#owner.quotaFull(this)) {
      if (this.#queue.size === 0) {
        this.hold.wait(until);
        return true;
      }
    }
    const wait = until - now;
    if (wait > SHORT_WAIT_MS) {
      this.hold.wait(until);
      this.#wakeAt(until);
      this.#owner.changed();
      return true;
    }
    await clock.sleep(Math.max(1, wait), this.#abort.signal).catch(() => {});
    return false;
  }

  /** Waits a moment for more work, unless somebody else needs the place; false when none came. */
  async #linger(): Promise<boolean> {
    const { gate, seats } = this.#shares;
    if (gate.crowded || seats?.crowded) return false;
    const patience = new AbortController();
    let came = false;
    const work = () => {
      came = true;
      patience.abort();
    };
    const giveUp = () => patience.abort();
    const ends = [gate.lenders.lend(giveUp), seats?.lenders.lend(giveUp)];
    this.#idle.push(work);
    await this.#owner.clock.sleep(LINGER_MS, patience.signal).catch(() => {});
    this.#idle = this.#idle.filter((wake) => wake !== work);
    for (const end of ends) end?.();
    return came && !this.#retired;
  }
}

/** A connection that was kept open may have been closed meanwhile: nothing of the message had been taken. */
function isStale(end: AttemptEnd): boolean {
  if (end.kind === 'reply') return end.stage === 'mail' && end.reply.code === 421;
  const early = end.stage === 'mail' || end.stage === 'rcpt' || end.stage === 'data';
  return early && (end.code === 'closed' || end.code === 'timeout' || end.code === 'protocol');
}
