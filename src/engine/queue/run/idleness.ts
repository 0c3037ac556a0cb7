import type { Clock } from '../../../shared/clock.ts';
import type { LaneShares } from './laneEvents.ts';

const LINGER_MS = 2_000;

/** Connections of one lane that stay idle for a moment, unless their place is needed elsewhere. */
export class Idleness {
  readonly #clock: Clock;
  readonly #shares: Pick<LaneShares, 'gate' | 'seats'>;
  #wakers: (() => void)[] = [];

  constructor(clock: Clock, shares: Pick<LaneShares, 'gate' | 'seats'>) {
    this.#clock = clock;
    this.#shares = shares;
  }

  /** There is work, or nothing left to wait for. */
  end(): void {
    for (const wake of this.#wakers.splice(0)) wake();
  }

  /** False when no work came and the connection is to close. */
  async linger(): Promise<boolean> {
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
    this.#wakers.push(work);
    await this.#clock.sleep(LINGER_MS, patience.signal).catch(() => {});
    this.#wakers = this.#wakers.filter((wake) => wake !== work);
    for (const end of ends) end?.();
    return came;
  }
}
