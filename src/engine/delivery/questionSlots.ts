import type { Clock } from '../../shared/clock.ts';

/** Small resolvers drop questions when too many come at once. */
const MAX_YOUNG = 64;
/** Each open one is a socket of ours. */
const MAX_OPEN = 512;
/** Answers mostly come sooner; who waits longer waits for a name server that may never answer. */
const YOUNG_MS = 500;

/**
 * How many questions to name servers may be open at once: few of those just asked, many in all, so that the domains whose
 * name servers never answer do not take the places of the others.
 */
export class QuestionSlots {
  readonly #clock: Clock;
  #young = 0;
  #open = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when a question may be asked, with what to call when it has ended. First come, first served. */
  async take(): Promise<() => void> {
    if (this.#isFull || this.#waiting.length > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#count();
    const patience = new AbortController();
    let isYoung = true;
    const age = () => {
      if (isYoung) this.#young--;
      isYoung = false;
    };
    this.#clock.sleep(YOUNG_MS, patience.signal).then(
      () => {
        age();
        this.#wake();
      },
      () => {},
    );
    return () => {
      patience.abort();
      age();
      this.#open--;
      this.#wake();
    };
  }

  get #isFull(): boolean {
    return this.#young >= MAX_YOUNG || this.#open >= MAX_OPEN;
  }

  #count(): void {
    this.#young++;
    this.#open++;
  }

  /** Whoever is let in is counted at once, so that nobody passes the ceilings meanwhile. */
  #wake(): void {
    while (!this.#isFull) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#count();
      next();
    }
  }
}
