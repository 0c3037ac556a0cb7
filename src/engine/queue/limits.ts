import type { Window } from '../../shared/transport.ts';

/** May start: the message holds a place in every window until it is committed or released. */
export interface Place {
  commit(at: number): void;
  release(): void;
}

/**
 * Exact rolling windows: in any span of `perMs` at most `count` commits. Places taken but not yet committed count too,
 * so that connections side by side cannot overrun it together.
 */
export class RollingWindow {
  readonly window: Window;
  readonly #times: Float64Array;
  #first = 0;
  #length = 0;
  #held = 0;

  /** `history`: times of earlier commits, oldest first; only the last `count` matter. */
  constructor(window: Window, history: readonly number[] = []) {
    this.window = window;
    this.#times = new Float64Array(window.count);
    for (const at of history.slice(-window.count)) this.#push(at);
  }

  /** 0 when another message may start at `now`, else when to ask again. */
  freeAt(now: number): number {
    this.#expire(now);
    if (this.#length + this.#held < this.window.count) return 0;
    if (this.#length === 0) return now + 50;
    return this.#at(0) + this.window.perMs;
  }

  used(now: number): number {
    this.#expire(now);
    return this.#length + this.#held;
  }

  hold(): void {
    this.#held++;
  }

  release(): void {
    this.#held--;
  }

  commit(at: number): void {
    this.#held--;
    this.#push(at);
  }

  #push(at: number): void {
    if (this.#length === this.window.count) {
      this.#first = (this.#first + 1) % this.window.count;
      this.#length--;
    }
    // A clock set back must not make the past younger than the present.
    const last = this.#length > 0 ? this.#at(this.#length - 1) : at;
    this.#times[(this.#first + this.#length) % this.window.count] = Math.max(at, last);
    this.#length++;
  }

  #at(index: number): number {
    return this.#times[(this.#first + index) % this.window.count] ?? 0;
  }

  #expire(now: number): void {
    while (this.#length > 0 && this.#at(0) + this.window.perMs <= now) {
      this.#first = (this.#first + 1) % this.window.count;
      this.#length--;
    }
  }
}

/** All windows of one server or destination, and its pause after every block. */
export class LimitBook {
  readonly windows: readonly RollingWindow[];
  readonly #pause: { every: number; forMs: number } | undefined;
  #sincePause = 0;
  #restUntil = 0;

  constructor(windows: readonly RollingWindow[], pause?: { every: number; forMs: number }) {
    this.windows = windows;
    this.#pause = pause;
  }

  /** A place in every window, or the window that is full and when it frees (null: a pause between blocks). */
  take(now: number): Place | { until: number; window: Window | null } {
    if (now < this.#restUntil) return { until: this.#restUntil, window: null };
    let full: { until: number; window: Window } | null = null;
    for (const window of this.windows) {
      const until = window.freeAt(now);
      if (until > (full?.until ?? 0)) full = { until, window: window.window };
    }
    if (full) return full;
    for (const window of this.windows) window.hold();
    let open = true;
    const once = (act: (window: RollingWindow) => void) => {
      if (!open) return;
      open = false;
      for (const window of this.windows) act(window);
    };
    if (this.#pause && ++this.#sincePause >= this.#pause.every) {
      this.#sincePause = 0;
      this.#restUntil = now + this.#pause.forMs;
    }
    return {
      commit: (at) => once((window) => window.commit(at)),
      release: () => once((window) => window.release()),
    };
  }
}
