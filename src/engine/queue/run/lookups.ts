import type { Clock } from '../../../shared/clock.ts';

/** This many wait for a lookup however long it takes; the others are told to retry. */
const STAY = 4;
/** From here on a lookup is slow. */
const SLOW_MS = 200;

interface Running<T> {
  since: number;
  waiting: number;
  answer: Promise<T>;
  /** The same for callers that do not wait for a slow one: null when it is slow. Created for the first of them. */
  soon: Promise<T | null> | null;
}

export type LookupResult<T> = { kind: 'found'; answer: T } | { kind: 'slow'; againAt: number };

/**
 * Lookups in progress, one at a time per key, shared by all callers. Name servers that never answer hold only the
 * first few callers; the others retry at growing intervals, so that they do not fill memory.
 */
export class Lookups<T> {
  readonly #clock: Clock;
  readonly #running = new Map<string, Running<T>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `patient`: waits in any case. Rejects when the lookup does. */
  async ask(key: string, patient: boolean, start: () => Promise<T>): Promise<LookupResult<T>> {
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
