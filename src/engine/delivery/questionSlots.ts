import type { Clock } from '../../shared/clock.ts';

/** Small resolvers drop questions when too many come at once. */
const MAX_YOUNG = 64;
/** Each open question is a socket. */
const MAX_OPEN = 512;
/** Most answers arrive sooner; a question open for longer is waiting for a name server that may never answer. */
const YOUNG_MS = 500;

/**
 * How many questions to name servers may be open at once: few recent ones, many in all, so that domains whose
 * name servers never answer do not use up the slots of the others.
 */
export class QuestionSlots {
  readonly #clock: Clock;
  #young = 0;
  #open = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when a question may be asked, with the function to call when it has ended. First come, first served. */
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

  /** A slot is counted as soon as it is granted, so that the limits hold in the meantime. */
  #wake(): void {
    while (!this.#isFull) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#count();
      next();
    }
  }
}
