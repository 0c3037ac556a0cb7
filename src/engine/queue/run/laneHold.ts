import type { Limits, Window } from '../../../shared/transport.ts';
import type { Full, Reservation } from '../limits/limits.ts';
import type { LaneShares } from './laneEvents.ts';

/** Spans from here on are quotas, which may divert mail; shorter ones are rates, which make it wait. */
const QUOTA_FROM_MS = 60_000;

/** What keeps a lane from sending: pauses after trouble, and the limits of its account. Times are epoch ms, 0: none. */
export class LaneHold {
  readonly #shares: Pick<LaneShares, 'account' | 'blocks'>;
  readonly #limits: Limits;
  #restUntil = 0;
  #avoidUntil = 0;
  #silentUntil = 0;
  #waitUntil = 0;
  #quotaUntil = 0;

  constructor(shares: Pick<LaneShares, 'account' | 'blocks'>, limits: Limits) {
    this.#shares = shares;
    this.#limits = limits;
  }

  /** Until when nothing is sent here. */
  until(now: number): number {
    return Math.max(this.resting(now), this.limited(now));
  }

  resting(now: number): number {
    return this.#restUntil > now ? this.#restUntil : 0;
  }

  limited(now: number): number {
    return this.#waitUntil > now ? this.#waitUntil : 0;
  }

  /** Until when a quota is used up; a rate or a pause between blocks does not count. */
  quota(now: number): number {
    return this.#quotaUntil > now ? this.#quotaUntil : 0;
  }

  /** Whether it pauses because nothing gets through: deliveries that have another transport should use it. */
  avoided(now: number): boolean {
    return this.avoidedUntil(now) > 0;
  }

  /** The server is silent: deliveries that have another transport should use it, the rest wait. */
  silent(until: number): void {
    this.#silentUntil = Math.max(this.#silentUntil, until);
  }

  /** Something got through. */
  works(): void {
    this.#silentUntil = 0;
  }

  avoidedUntil(now: number): number {
    const until = Math.max(this.#avoidUntil, this.#silentUntil);
    return until > now ? until : 0;
  }

  rest(until: number, avoid: boolean): void {
    this.#restUntil = Math.max(this.#restUntil, until);
    if (avoid) this.#avoidUntil = Math.max(this.#avoidUntil, until);
  }

  wait(until: number): void {
    this.#waitUntil = Math.max(this.#waitUntil, until);
  }

  /** A person has fixed it. Limits stay. */
  revive(): void {
    this.#restUntil = 0;
    this.#avoidUntil = 0;
    this.#silentUntil = 0;
  }

  /** Notes a window that commits have used up; false where it is a rate. */
  quotaUsed(window: Window, until: number): boolean {
    if (window.perMs < QUOTA_FROM_MS) return false;
    this.#quotaUntil = Math.max(this.#quotaUntil, until);
    return true;
  }

  /** A place in every limit, or what is in the way. */
  take(now: number): Reservation | Full {
    const { account, blocks } = this.#shares;
    const { windows, pause } = this.#limits;
    const restUntil = pause ? blocks.freeAt(now) : 0;
    if (restUntil > 0) return { until: restUntil, window: null, usedUp: true };
    const reservation = account.take(windows, now);
    if (pause && 'commit' in reservation) blocks.started(pause, now);
    return reservation;
  }
}
