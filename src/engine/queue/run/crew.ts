import type { Clock } from '../../../shared/clock.ts';
import { type Concurrency, capped, startConcurrency, succeeded, troubled } from '../policy/concurrency.ts';
import { nextConnectionAt, opened, slowed, startPace } from '../policy/pace.ts';
import type { Connection } from './connection.ts';

/** The work for a crew, as of now. */
export interface Work {
  readonly clock: Clock;
  waiting(): number;
  flying(): number;
  /** Until when everything is paused, or 0. */
  heldUntil(now: number): number;
  /** It is not yet known whether anything gets through: a single connection tests it. */
  doubtful(): boolean;
  hire(): Connection;
  /** A wait has ended, or a connection has closed. */
  stirred(): void;
}

/** The connections of one lane: as many as there is work for, the destination can take and its pace allows. */
export class Crew {
  readonly #work: Work;
  readonly #connections = new Set<Connection>();
  #concurrency: Concurrency;
  #pace = startPace;
  #failures = 0;
  #timer: AbortController | null = null;
  #retired = false;
  #gone: (() => void)[] = [];

  constructor(work: Work, max: number, start: number) {
    this.#work = work;
    this.#concurrency = startConcurrency(max, start);
  }

  get size(): number {
    return this.#connections.size;
  }

  /** How many may be open: those that are silent neither help nor count against others. */
  get limit(): number {
    return this.#concurrency.limit + this.#silent;
  }

  /** How often in a row no connection could be opened. */
  get failures(): number {
    return this.#failures;
  }

  reached(): void {
    this.#failures = 0;
    this.grow();
  }

  failed(): number {
    this.fewer();
    return ++this.#failures;
  }

  more(): void {
    this.#concurrency = succeeded(this.#concurrency);
  }

  fewer(): void {
    this.#concurrency = troubled(this.#concurrency);
  }

  atMost(max: number): void {
    this.#concurrency = capped(this.#concurrency, max);
  }

  /** The destination is busy: half the connections, and for a while at most one new connection a second. */
  slowDown(): void {
    this.fewer();
    this.#pace = slowed(this.#pace, this.#work.clock.now());
  }

  grow(): void {
    if (this.#retired || this.#work.waiting() === 0) return;
    const now = this.#work.clock.now();
    const until = this.#work.heldUntil(now);
    if (until > 0) {
      this.wakeAt(until);
      return;
    }
    const careful = this.#failures > 0 || this.#work.doubtful();
    const { limit, max } = this.#concurrency;
    const most = Math.min((careful ? 1 : limit) + this.#silent, max + 1);
    while (this.#connections.size < most && this.#free < this.#work.waiting() - Math.min(this.#stuck, 1)) {
      const free = nextConnectionAt(this.#pace, now);
      if (free > now) {
        this.wakeAt(free);
        return;
      }
      this.#pace = opened(this.#pace, now);
      this.#hire();
    }
  }

  wakeAt(until: number): void {
    if (this.#timer || this.#retired) return;
    const timer = new AbortController();
    this.#timer = timer;
    const { clock } = this.#work;
    clock.sleep(Math.max(0, until - clock.now()), timer.signal).then(
      () => {
        this.#timer = null;
        this.grow();
        this.#work.stirred();
      },
      () => {},
    );
  }

  /** No new connections are opened. */
  retire(): void {
    this.#retired = true;
    this.#timer?.abort();
  }

  /** Resolves when the last connection has closed. */
  async emptied(): Promise<void> {
    while (this.size > 0) await new Promise<void>((resolve) => this.#gone.push(resolve));
  }

  /** Connections that can take waiting deliveries, or soon will. */
  get #free(): number {
    return this.#connections.size - this.#stuck - this.#work.flying();
  }

  /** Connections not greeted for long; one waiting delivery is reserved for each. */
  get #stuck(): number {
    let count = 0;
    for (const connection of this.#connections) if (connection.silent && !connection.carrying) count++;
    return count;
  }

  get #silent(): number {
    let count = 0;
    for (const connection of this.#connections) if (connection.silent) count++;
    return count;
  }

  #hire(): void {
    const connection = this.#work.hire();
    this.#connections.add(connection);
    void connection.run().finally(() => {
      this.#connections.delete(connection);
      for (const resolve of this.#gone.splice(0)) resolve();
      this.grow();
    });
  }
}
