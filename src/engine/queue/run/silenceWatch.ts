import type { Clock } from '../../../shared/clock.ts';

/** How long a server may be silent before deliveries with another transport use it. The server is not given up for it. */
export const SILENCE_MS = 10_000;

/**
 * Watches what a connection waits for and reports once when it takes too long. It ends nothing: a slow server
 * is not dead (RFC 5321 4.5.3.2). One timer per connection, for all its messages.
 */
export class SilenceWatch {
  readonly #clock: Clock;
  readonly #onSilence: () => void;
  readonly #silenceMs: number;
  readonly #waits = new Map<object, number>();
  #told = false;
  #timer: AbortController | null = null;

  constructor(clock: Clock, silenceMs: number, onSilence: () => void) {
    this.#clock = clock;
    this.#silenceMs = silenceMs;
    this.#onSilence = onSilence;
  }

  /** Whether it has reported, and there has been silence since. */
  get silent(): boolean {
    return this.#told;
  }

  async over<T>(wait: Promise<T>): Promise<T> {
    const key = {};
    this.#waits.set(key, this.#clock.now());
    this.#watch();
    try {
      return await wait;
    } finally {
      this.#waits.delete(key);
      this.#told = false;
    }
  }

  /** The connection has closed. */
  end(): void {
    this.#waits.clear();
    this.#timer?.abort();
  }

  #watch(): void {
    if (this.#timer) return;
    const [oldest] = this.#waits.values();
    if (oldest === undefined) return;
    const timer = new AbortController();
    this.#timer = timer;
    const since = oldest;
    this.#clock.sleep(Math.max(0, since + this.#silenceMs - this.#clock.now()), timer.signal).then(
      () => {
        this.#timer = null;
        const [now] = this.#waits.values();
        if (now === undefined) return;
        if (now > since) return this.#watch();
        if (!this.#told) {
          this.#told = true;
          this.#onSilence();
        }
      },
      () => {},
    );
  }
}
