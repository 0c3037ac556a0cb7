import type { Clock } from '../../shared/clock.ts';
import type { AttemptEnd, Verdict } from '../../shared/outcome.ts';
import type { Destination, Session, Transport, Window } from '../../shared/transport.ts';
import { type Concurrency, capped, startConcurrency, succeeded, troubled } from './concurrency.ts';
import type { ConnectionGate } from './connectionGate.ts';
import type { Item } from './item.ts';
import type { Intent } from './ledger.ts';
import type { LimitBook, Place } from './limits.ts';
import { probeDelay } from './schedule.ts';

/** A message ready for the wire. */
export interface Prepared {
  from: string;
  to: string;
  messageId: string;
  bytes: Uint8Array;
}

export interface Attempt {
  item: Item;
  host: string;
  startedAt: number;
  intent: Intent | null;
}

/** What a lane asks of its owner. Nothing here rejects unless it says so. */
export interface LaneOwner {
  readonly clock: Clock;
  readonly gate: ConnectionGate;
  /** Whether this delivery may still be attempted now (not paused, cancelled or suppressed meanwhile). */
  mayStart(item: Item): boolean;
  /** Rejects when the message cannot be made; the owner has then dealt with the delivery. */
  prepare(item: Item): Promise<Prepared>;
  /** The commit gate; rejects when the intent could not be written. */
  intend(lane: Lane, attempt: Attempt, messageId: string): Promise<Intent>;
  /** An attempt ended; the owner judges it and settles the delivery. */
  ended(lane: Lane, attempt: Attempt, end: AttemptEnd): Promise<Verdict>;
  /** No connection could be had: the owner judges it and deals with all that wait in the lane. */
  unreachable(lane: Lane, end: AttemptEnd, host: string): void;
  /** Deliveries handed back untouched. */
  returned(items: readonly Item[]): void;
  /** The lane's quota is used up: true when its deliveries go elsewhere. */
  quotaFull(lane: Lane, window: Window | null, until: number): boolean;
  /** Something a status display shows has changed. */
  changed(): void;
}

const LINGER_MS = 2_000;
/** A wait up to this long keeps the connection open. */
const SHORT_WAIT_MS = 5_000;

/**
 * All deliveries on their way to one destination over one transport, and the connections that carry them.
 *
 * Contract: an item is in the queue, or in one connection's hands, or back with the owner, and nowhere twice. A
 * connection carries one message after another; the next one's envelope leaves behind the dot of the one before.
 */
export class Lane {
  readonly key: string;
  readonly transport: Transport;
  readonly destination: Destination;
  readonly limits: LimitBook;
  readonly #owner: LaneOwner;
  readonly #abort = new AbortController();
  readonly #queue: Item[] = [];
  readonly #sessions = new Set<Session>();
  #idle: (() => void)[] = [];
  #concurrency: Concurrency;
  #connections = 0;
  readonly #flyingItems = new Set<Item>();
  #failures = 0;
  #restUntil = 0;
  #limitedUntil = 0;
  #timer: AbortController | null = null;
  #quiet: (() => void)[] = [];
  lastError = '';

  constructor(key: string, transport: Transport, destination: Destination, limits: LimitBook, owner: LaneOwner) {
    this.key = key;
    this.transport = transport;
    this.destination = destination;
    this.limits = limits;
    this.#owner = owner;
    const { maxConnections } = destination.limits;
    this.#concurrency = startConcurrency(maxConnections, destination.adaptive ? 2 : maxConnections);
  }

  get waiting(): number {
    return this.#queue.length;
  }

  get connections(): number {
    return this.#sessions.size;
  }

  get flying(): number {
    return this.#flyingItems.size;
  }

  flyingOf(campaign: string): number {
    let count = 0;
    for (const item of this.#flyingItems) if (item.campaign === campaign) count++;
    return count;
  }

  /** Until when it rests after trouble, or 0. */
  restingUntil(now: number): number {
    return this.#restUntil > now ? this.#restUntil : 0;
  }

  limitedUntil(now: number): number {
    return this.#limitedUntil > now ? this.#limitedUntil : 0;
  }

  get abandoned(): boolean {
    return this.#queue.length === 0 && this.#connections === 0 && this.#failures === 0;
  }

  push(item: Item, first = false): void {
    if (first) this.#queue.unshift(item);
    else this.#queue.push(item);
    this.#wake();
  }

  /** Takes out what waits and satisfies `which`; what flies is not touched. */
  remove(which: (item: Item) => boolean): Item[] {
    const removed = this.#queue.filter(which);
    if (removed.length > 0) this.#queue.splice(0, this.#queue.length, ...this.#queue.filter((item) => !which(item)));
    return removed;
  }

  /** Rests, then goes on with at most `maxConnections`. */
  rest(until: number, maxConnections?: number): void {
    this.#restUntil = Math.max(this.#restUntil, until);
    if (maxConnections !== undefined) this.#concurrency = capped(this.#concurrency, maxConnections);
    this.#wake();
  }

  /** Resolves at once when nothing flies, else when the next message has landed. */
  quiet(): Promise<void> {
    return this.flying === 0 ? Promise.resolve() : new Promise((resolve) => this.#quiet.push(resolve));
  }

  /** Closes every connection; what had passed its dot ends in doubt. */
  destroy(): void {
    this.#abort.abort(new Error('closed'));
    this.#timer?.abort();
    for (const session of this.#sessions) session.destroy();
    this.#wakeIdle();
  }

  #wake(): void {
    if (this.#idle.length > 0) this.#wakeIdle();
    this.#grow();
  }

  #wakeIdle(): void {
    for (const wake of this.#idle.splice(0)) wake();
  }

  /** Opens as many connections as there is work for and the destination bears. */
  #grow(): void {
    if (this.#abort.signal.aborted) return;
    const now = this.#owner.clock.now();
    const until = Math.max(this.#restUntil, this.#limitedUntil);
    if (until > now) {
      this.#wakeAt(until);
      return;
    }
    // After a failure one connection probes; the others wait for its luck.
    const limit = this.#failures > 0 ? 1 : this.#concurrency.limit;
    while (
      this.#queue.length > 0 &&
      this.#connections < limit &&
      this.#connections < this.#queue.length + this.flying
    ) {
      // One connection may have several messages in flight: without this, nothing waiting would still open more.
      if (this.#connections - this.flying >= this.#queue.length) break;
      this.#connections++;
      void this.#connect().finally(() => {
        this.#connections--;
        this.#grow();
      });
    }
  }

  #wakeAt(until: number): void {
    if (this.#timer || this.#queue.length === 0) return;
    const timer = new AbortController();
    this.#timer = timer;
    const { clock } = this.#owner;
    clock.sleep(until - clock.now(), timer.signal).then(
      () => {
        this.#timer = null;
        this.#grow();
      },
      () => {},
    );
  }

  async #connect(): Promise<void> {
    const { signal } = this.#abort;
    const permit = await this.#owner.gate.enter(signal).catch(() => null);
    if (!permit) return;
    try {
      if (this.#queue.length === 0) return;
      const opened = await this.transport.open(this.destination, signal);
      if (opened.kind === 'ended') {
        if (!signal.aborted) this.#unreachable(opened.end, opened.host);
        return;
      }
      permit.establish();
      this.#failures = 0;
      this.#sessions.add(opened.session);
      this.#grow();
      this.#owner.changed();
      await this.#carry(opened.session);
      this.#sessions.delete(opened.session);
      if (signal.aborted) opened.session.destroy();
      else await opened.session.quit();
    } finally {
      permit.leave();
    }
  }

  #unreachable(end: AttemptEnd, host: string): void {
    this.#failures++;
    this.#concurrency = troubled(this.#concurrency);
    this.lastError = end.kind === 'reply' ? `${end.reply.code} ${end.reply.text}` : end.detail;
    this.rest(this.#owner.clock.now() + probeDelay(this.#failures));
    this.#owner.unreachable(this, end, host);
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
        if (message) this.#owner.returned([item]);
        this.#landed(item);
        continue;
      }
      const attempt: Attempt = { item, host: session.host, startedAt: this.#owner.clock.now(), intent: null };
      const sending = session.send({
        from: message.from,
        to: message.to,
        bytes: message.bytes,
        commit: async () => {
          attempt.intent = await this.#owner.intend(this, attempt, message.messageId);
          place.commit(this.#owner.clock.now());
        },
      });
      const reused = sent > 0;
      ends.push(sending.end.then((end) => this.#ended(attempt, end, place, reused)));
      await sending.ready;
    }
    await Promise.all(ends);
  }

  async #ended(attempt: Attempt, end: AttemptEnd, place: Place, reused: boolean): Promise<void> {
    place.release();
    try {
      // A connection that was kept open may have been closed meanwhile: nobody is to blame, a new one is tried at once.
      if (reused && attempt.intent === null && isStale(end)) {
        this.#owner.returned([attempt.item]);
        return;
      }
      const verdict = await this.#owner.ended(this, attempt, end);
      if (verdict.outcome.kind === 'delivered') this.#concurrency = succeeded(this.#concurrency);
      else if (end.kind === 'reply') this.lastError = `${end.reply.code} ${end.reply.text}`;
      if (end.kind === 'fault' && end.code !== 'aborted' && this.destination.adaptive) {
        this.#concurrency = troubled(this.#concurrency);
      }
    } finally {
      this.#landed(attempt.item);
    }
  }

  #landed(item: Item): void {
    this.#flyingItems.delete(item);
    for (const resolve of this.#quiet.splice(0)) resolve();
  }

  /** The next delivery with a place in every limit, or null when this connection is to end. */
  async #next(): Promise<{ item: Item; place: Place } | null> {
    const { clock } = this.#owner;
    for (;;) {
      if (this.#abort.signal.aborted || this.#restUntil > clock.now()) return null;
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
      const place = this.limits.take(clock.now());
      if ('commit' in place) {
        this.#flyingItems.add(item);
        return { item, place };
      }
      this.#queue.unshift(item);
      if (this.#owner.quotaFull(this, place.window, place.until)) {
        this.#limitedUntil = Math.max(this.#limitedUntil, place.until);
        continue;
      }
      const wait = place.until - clock.now();
      if (wait > SHORT_WAIT_MS) {
        this.#limitedUntil = Math.max(this.#limitedUntil, place.until);
        this.#wakeAt(place.until);
        this.#owner.changed();
        return null;
      }
      await clock.sleep(wait, this.#abort.signal).catch(() => {});
    }
  }

  /** Waits a moment for more work; false when none came. */
  async #linger(): Promise<boolean> {
    const patience = new AbortController();
    let came = false;
    const work = () => {
      came = true;
      patience.abort();
    };
    this.#idle.push(work);
    await this.#owner.clock.sleep(LINGER_MS, patience.signal).catch(() => {});
    this.#idle = this.#idle.filter((wake) => wake !== work);
    return came && !this.#abort.signal.aborted;
  }
}

/** A connection that was kept open may have been closed meanwhile: nothing of the message had been taken. */
function isStale(end: AttemptEnd): boolean {
  if (end.kind === 'reply') return end.stage === 'mail' && end.reply.code === 421;
  const early = end.stage === 'mail' || end.stage === 'rcpt' || end.stage === 'data';
  return early && (end.code === 'closed' || end.code === 'timeout' || end.code === 'protocol');
}
