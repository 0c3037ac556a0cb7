import type { Clock } from '../../../shared/clock.ts';
import { Lenders } from './lenders.ts';
import { expectedOpeningMs, openedAfter, startOpening } from './openingTime.ts';

/**
 * Two limits of the machine: established sessions, and connections still being opened. A server that takes long to answer
 * stops counting against the first, so that servers that never answer cannot use up the places of those that do; if it
 * answers after all, it waits for a place. Neither limit is ever exceeded.
 */
export class ConnectionGate {
  readonly #clock: Clock;
  readonly #maxOpening: number;
  readonly #mostHopeMs: number;
  #openingMs = startOpening;
  readonly #maxEstablished: number;
  #opening = 0;
  #hopeful = 0;
  #established = 0;
  readonly #entering: (() => boolean)[] = [];
  /** Connections that have been answered and wait for an established place; served first, because they hold opening places. */
  readonly #standing: (() => boolean)[] = [];
  /** Idle connections. */
  readonly lenders = new Lenders();

  /** `mostHopeMs`: how long at most a connection being opened counts as one that will succeed; less where others are quick. */
  constructor(clock: Clock, maxEstablished: number, maxOpening: number, mostHopeMs: number) {
    this.#clock = clock;
    this.#maxEstablished = maxEstablished;
    this.#maxOpening = maxOpening;
    this.#mostHopeMs = mostHopeMs;
  }

  /** Whether anyone is waiting for a place. */
  get crowded(): boolean {
    return this.#entering.length + this.#standing.length > 0;
  }

  get established(): number {
    return this.#established;
  }

  /** Resolves with a permit to open a connection; rejects when the signal aborts first. */
  async enter(signal: AbortSignal): Promise<ConnectionPermit> {
    await this.#until(
      this.#entering,
      () => {
        if (this.#opening >= this.#maxOpening || this.#room <= 0) return false;
        this.#opening++;
        this.#hopeful++;
        return true;
      },
      signal,
    );
    return this.#permit();
  }

  get #room(): number {
    return this.#maxEstablished - this.#established - this.#hopeful;
  }

  #permit(): ConnectionPermit {
    let state: 'hopeful' | 'slow' | 'established' | 'left' = 'hopeful';
    const patience = new AbortController();
    const since = this.#clock.now();
    const turn = (next: typeof state) => {
      patience.abort();
      if (state === 'hopeful') this.#hopeful--;
      if (state === 'hopeful' || state === 'slow') this.#opening--;
      if (state === 'established') this.#established--;
      state = next;
      if (state === 'slow') this.#opening++;
      if (state === 'established') this.#established++;
      this.#wake();
    };
    this.#clock.sleep(expectedOpeningMs(this.#openingMs, this.#mostHopeMs), patience.signal).then(
      () => state === 'hopeful' && turn('slow'),
      () => {},
    );
    return {
      establish: async (signal) => {
        this.#openingMs = openedAfter(this.#openingMs, this.#clock.now() - since);
        if (state === 'hopeful') turn('established');
        else if (state === 'slow') {
          await this.#until(
            this.#standing,
            () => {
              if (state !== 'slow') return true;
              if (this.#room > 0) turn('established');
              return state !== 'slow';
            },
            signal,
          );
        }
      },
      leave: () => {
        if (state !== 'left') turn('left');
      },
    };
  }

  /** Waits, first come first served, until `claim` succeeds. */
  #until(queue: (() => boolean)[], claim: () => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      if (queue.length === 0 && claim()) {
        resolve();
        return;
      }
      const abort = () => {
        queue.splice(queue.indexOf(attempt), 1);
        reject(signal.reason);
      };
      const attempt = () => {
        if (!claim()) return false;
        signal.removeEventListener('abort', abort);
        resolve();
        return true;
      };
      queue.push(attempt);
      this.lenders.ask();
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  #wake(): void {
    for (const queue of [this.#standing, this.#entering]) {
      for (let attempt = queue.shift(); attempt; attempt = queue.shift()) {
        if (attempt()) continue;
        queue.unshift(attempt);
        break;
      }
    }
  }
}

export interface ConnectionPermit {
  /** The connection is established: it counts against the other limit from now on. Rejects when the signal aborts first. */
  establish(signal: AbortSignal): Promise<void>;
  leave(): void;
}
