import type { Clock } from '../../../shared/clock.ts';

/** Fires once, at the earliest of the times it was set to. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #set: { at: number; abort: AbortController } | null = null;
  #ended = false;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  set(at: number): void {
    if (this.#ended || (this.#set && this.#set.at <= at)) return;
    this.#set?.abort.abort();
    const set = { at, abort: new AbortController() };
    this.#set = set;
    this.#clock.sleep(Math.max(0, at - this.#clock.now()), set.abort.signal).then(
      () => {
        this.#set = null;
        this.#ring();
      },
      () => {},
    );
  }

  end(): void {
    this.#ended = true;
    this.#set?.abort.abort();
  }
}
