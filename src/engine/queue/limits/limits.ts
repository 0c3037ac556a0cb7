import type { Window } from '../../../shared/transport.ts';

/** May start: the message reserves a place in every window until it is committed or released. */
export interface Reservation {
  commit(at: number): void;
  release(): void;
}

/** May not start. `window` is null for the pause between blocks. */
export interface Full {
  until: number;
  window: Window | null;
  /** Used up by commits; false where places reserved by messages in progress may still be released. */
  usedUp: boolean;
}

/**
 * Exact rolling windows: at most `count` commits in any span of `perMs`. Reserved places count too,
 * so that parallel connections cannot exceed the limit together.
 */
export class RollingWindow {
  readonly window: Window;
  readonly #times: Float64Array;
  #first = 0;
  #length = 0;
  #held = 0;

  /** `history`: times of earlier commits, oldest first; only the last `count` matter. */
  constructor(window: Window, history: readonly number[] = [], held = 0) {
    this.window = window;
    this.#times = new Float64Array(window.count);
    this.#held = held;
    for (const at of history.slice(-window.count)) this.#push(at);
  }

  /** 0 when another message may start at `now`, else when to ask again. */
  freeAt(now: number): number {
    this.#expire(now);
    if (this.#length + this.#held < this.window.count) return 0;
    return this.usedUp ? this.#at(0) + this.window.perMs : now + 50;
  }

  /** Whether commits alone fill it, as of the last check. */
  get usedUp(): boolean {
    return this.#length >= this.window.count;
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
    // If the clock is set back, past commits must not appear newer than the present.
    const last = this.#length > 0 ? this.#at(this.#length - 1) : at;
    if (this.#length === this.window.count) {
      this.#first = (this.#first + 1) % this.window.count;
      this.#length--;
    }
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

/** Times of the last `count` commits since `since`, oldest first: what the store remembers of an account. */
export type History = (since: number, count: number) => readonly number[];

/**
 * What has been sent via one account at a relay, or to one mail system: all its windows, for all campaigns. Campaigns with
 * other settings for the same account add their own windows, and every commit counts in all of them.
 */
export class Account {
  readonly #windows = new Map<string, RollingWindow>();
  readonly #history: History;
  #held = 0;

  constructor(history: History) {
    this.#history = history;
  }

  window(wanted: Window, now: number): RollingWindow {
    const key = `${wanted.count}/${wanted.perMs}`;
    let window = this.#windows.get(key);
    if (!window) {
      window = new RollingWindow(wanted, this.#history(now - wanted.perMs, wanted.count), this.#held);
      this.#windows.set(key, window);
    }
    return window;
  }

  /** A place in every window of the account, or the one of `wanted` that stays full longest. */
  take(wanted: readonly Window[], now: number): Reservation | Full {
    let full: Full | null = null;
    for (const each of wanted) {
      const window = this.window(each, now);
      const until = window.freeAt(now);
      if (until > (full?.until ?? 0)) full = { until, window: each, usedUp: window.usedUp };
    }
    if (full) return full;
    this.#held++;
    for (const window of this.#windows.values()) window.hold();
    let open = true;
    const once = (act: (window: RollingWindow) => void) => {
      if (!open) return;
      open = false;
      this.#held--;
      for (const window of this.#windows.values()) act(window);
    };
    return {
      commit: (at) => once((window) => window.commit(at)),
      release: () => once((window) => window.release()),
    };
  }
}

/** The pause after every block of messages: `every` may leave, then none for `forMs`. */
export class Blocks {
  #since = 0;
  #restUntil = 0;

  /** 0 when a message may start, else when. */
  freeAt(now: number): number {
    return now < this.#restUntil ? this.#restUntil : 0;
  }

  started(pause: { every: number; forMs: number }, now: number): void {
    if (++this.#since < pause.every) return;
    this.#since = 0;
    this.#restUntil = now + pause.forMs;
  }
}
