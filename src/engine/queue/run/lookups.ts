import type { Clock } from '../../../shared/clock.ts';

/** So many stay with a lookup however long it takes; the others are told to come again. */
const STAY = 4;
/** A lookup that takes longer is slow. */
const SLOW_MS = 200;

interface Running<T> {
  since: number;
  waiting: number;
  answer: Promise<T>;
  /** The same for those who are not to stay with a slow one: null when it is. Made when the first of them asks. */
  soon: Promise<T | null> | null;
}

export type Found<T> = { kind: 'found'; answer: T } | { kind: 'slow'; againAt: number };

/**
 * Lookups under way, one at a time per key, shared by all who ask meanwhile. Name servers that never answer hold only the
 * first few of those who ask; the others come again ever more seldom, so that they do not fill the memory.
 */
export class Lookups<T> {
  readonly #clock: Clock;
  readonly #running = new Map<string, Running<T>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `patient`: stays in any case. Rejects when the lookup does. */
  async ask(key: string, patient: boolean, start: () => Promise<T>): Promise<Found<T>> {
    const running = this.#running.get(key) ?? this.#begin(key, start);
    const again = () => {
      const now = this.#clock.now();
      return { kind: 'slow', againAt: now + Math.max(SLOW_MS, now - running.since) } as const;
    };
    if (patient || running.waiting < STAY) {
      running.waiting++;
      return { kind: 'found', answer: await running.answer };
    }
    if (this.#clock.now() - running.since >= SLOW_MS) return again();
    running.soon ??= this.#soon(running.answer);
    const answer = await running.soon;
    return answer === null ? again() : { kind: 'found', answer };
  }

  #begin(key: string, start: () => Promise<T>): Running<T> {
    const answer = start();
    const running: Running<T> = { since: this.#clock.now(), waiting: 0, answer, soon: null };
    this.#running.set(key, running);
    const forget = () => this.#running.delete(key);
    answer.then(forget, forget);
    return running;
  }

  #soon(answer: Promise<T>): Promise<T | null> {
    const patience = new AbortController();
    const end = () => patience.abort();
    answer.then(end, end);
    return this.#clock.sleep(SLOW_MS, patience.signal).then(
      () => null,
      () => answer,
    );
  }
}
