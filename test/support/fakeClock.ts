import type { Clock } from '../../src/shared/clock.ts';

interface Sleeper {
  at: number;
  wake: () => void;
}

/** Lets everything that can happen now happen: promises, the disk, and what waits for the next turns of the event loop. */
export async function settled(turns = 30): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (diskAtWork()) turn = 0;
  }
}

function diskAtWork(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
}

/** Time that stands still until a test moves it. */
export class FakeClock implements Clock {
  #now: number;
  readonly #sleepers: Sleeper[] = [];

  constructor(now = Date.UTC(2026, 10, 23, 9, 0, 0)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** Moves only the clock's face, as a person setting it does. */
  set(now: number): void {
    this.#now = now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const abort = () => {
        this.#sleepers.splice(this.#sleepers.indexOf(sleeper), 1);
        reject(signal?.reason);
      };
      const sleeper = {
        at: this.#now + Math.max(0, ms),
        wake: () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#sleepers.push(sleeper);
    });
  }

  /** Moves on by `ms`, waking whoever sleeps on the way in order. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settled();
    while (this.#wakeNext(until)) await settled();
    this.#now = until;
    await settled();
  }

  /** Moves on as far as it takes, from one sleeper to the next. Throws when nobody sleeps or a span passes before. */
  async until(reached: () => boolean, withinMs = 7 * 86_400_000): Promise<void> {
    const limit = this.#now + withinMs;
    await settled();
    while (!reached()) {
      if (!this.#wakeNext(limit)) throw new Error('it never happens: nobody sleeps any more');
      await settled();
    }
  }

  #wakeNext(until: number): boolean {
    const next = this.#sleepers.reduce<Sleeper | null>((a, b) => (a && a.at <= b.at ? a : b), null);
    if (!next || next.at > until) return false;
    this.#now = Math.max(this.#now, next.at);
    this.#sleepers.splice(this.#sleepers.indexOf(next), 1);
    next.wake();
    return true;
  }
}
