import type { Clock } from '../../shared/clock.ts';

interface Sleeper {
  at: number;
  order: number;
  wake: () => void;
  gone: boolean;
}

/** Turns of the event loop in which nothing called the clock: then nothing is left to do before time advances. */
const CALM_TURNS = 6;

/**
 * A clock that advances when nothing is left to do: hours pass in a moment. Working code calls the clock sooner or later,
 * which is how it knows. The same work gives the same course of events.
 */
export class VirtualClock implements Clock {
  readonly #heap: Sleeper[] = [];
  #now: number;
  #asked = 0;
  #order = 0;

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    this.#asked++;
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.#asked++;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const sleeper: Sleeper = { at: this.#now + Math.max(0, ms), order: this.#order++, wake: resolve, gone: false };
      if (signal) {
        const abort = () => {
          this.#asked++;
          sleeper.gone = true;
          reject(signal.reason);
        };
        sleeper.wake = () => {
          signal.removeEventListener('abort', abort);
          resolve();
        };
        signal.addEventListener('abort', abort, { once: true });
      }
      this.#push(sleeper);
    });
  }

  /**
   * Advances time until a condition holds, as checked between two moments. `late`: it does not hold by `limit` (epoch ms).
   * `still`: nothing is waiting any more. Rejects when the signal aborts.
   */
  async run(reached: () => boolean, limit: number, signal?: AbortSignal): Promise<'reached' | 'late' | 'still'> {
    for (;;) {
      await this.#calm();
      signal?.throwIfAborted();
      if (reached()) return 'reached';
      const next = this.#first();
      if (!next) return 'still';
      if (next.at > limit) return 'late';
      this.#now = Math.max(this.#now, next.at);
      for (let due = this.#first(); due && due.at <= this.#now; due = this.#first()) {
        this.#pop();
        due.wake();
      }
    }
  }

  async #calm(): Promise<void> {
    for (let calm = 0; calm < CALM_TURNS; ) {
      const asked = this.#asked;
      await new Promise<void>((resolve) => setImmediate(resolve));
      calm = asked === this.#asked ? calm + 1 : 0;
    }
  }

  /** The next sleeper. */
  #first(): Sleeper | undefined {
    while (this.#heap[0]?.gone) this.#pop();
    return this.#heap[0];
  }

  #push(sleeper: Sleeper): void {
    const heap = this.#heap;
    let at = heap.push(sleeper) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (!above || before(above, sleeper)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = sleeper;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      if (!left) break;
      if (right && before(right, left)) child++;
      const least = right && before(right, left) ? right : left;
      if (before(last, least)) break;
      heap[at] = least;
      at = child;
    }
    heap[at] = last;
  }
}

function before(a: Sleeper, b: Sleeper): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
