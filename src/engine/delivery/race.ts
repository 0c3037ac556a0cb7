import type { Socket } from 'node:net';
import { detail, faultDetails } from '../../shared/faultDetails.ts';
import type { AttemptEnd } from '../../shared/outcome.ts';
import { Ended, fault } from './attemptEnd.ts';
import { type DialTarget, dial } from './dial.ts';

/** One candidate address. */
export interface AddressCandidate {
  line: DialTarget;
  /** Head start in milliseconds, after which the next address is tried in parallel. */
  headStartMs: number;
}

export interface Winner<C> {
  contender: C;
  socket: Socket;
}

/**
 * Connection attempts as in RFC 8305: in order, each started when the previous one has failed or used up its head start;
 * all of them are awaited, and the first to connect wins.
 *
 * Contract: call `next` again when the winner's connection turns out to be useless. It then retries those that were
 * cancelled when another one won, and those not yet started; one that failed is not tried again.
 */
export class Race<C extends AddressCandidate> {
  readonly #source: AsyncIterator<C>;
  readonly #signal: AbortSignal;
  readonly #onFailed: (contender: C, end: AttemptEnd) => void;
  /** Known, and not in progress. */
  readonly #waiting: C[] = [];
  #pull: Promise<void> | null = null;
  #exhausted = false;

  constructor(source: AsyncIterable<C>, signal: AbortSignal, onFailed: (contender: C, end: AttemptEnd) => void) {
    this.#source = source[Symbol.asyncIterator]();
    this.#signal = signal;
    this.#onFailed = onFailed;
  }

  /** The next connection, or null when there are no more. Rejects with Ended when the signal aborts. */
  async next(): Promise<Winner<C> | null> {
    const heat = new Heat<C>(() => this.#take(), this.#onFailed);
    const onAbort = () => heat.abort();
    this.#signal.addEventListener('abort', onAbort, { once: true });
    if (this.#signal.aborted) onAbort();
    try {
      return await heat.run();
    } finally {
      this.#signal.removeEventListener('abort', onAbort);
      this.#waiting.unshift(...heat.cutOff);
    }
  }

  /** The next candidate; the pending ones stay in line when the current call of `next` has ended. */
  async #take(): Promise<(() => C | undefined) | null> {
    if (this.#waiting.length === 0 && !this.#exhausted) {
      this.#pull ??= this.#source.next().then((next) => {
        this.#pull = null;
        if (next.done) this.#exhausted = true;
        else this.#waiting.push(next.value);
      });
      await this.#pull;
    }
    return this.#waiting.length > 0 ? () => this.#waiting.shift() : null;
  }
}

/** From the first attempt to the first connection. */
class Heat<C extends AddressCandidate> {
  readonly #take: () => Promise<(() => C | undefined) | null>;
  readonly #onFailed: (contender: C, end: AttemptEnd) => void;
  readonly #cut = new AbortController();
  readonly #running = new Set<C>();
  #settle: ((won: Winner<C> | null) => void) | null = null;
  #fail: (error: unknown) => void = () => {};
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #exhausted = false;
  #failure: Ended | null = null;

  constructor(take: () => Promise<(() => C | undefined) | null>, onFailed: (contender: C, end: AttemptEnd) => void) {
    this.#take = take;
    this.#onFailed = onFailed;
  }

  /** Those in progress when another one won. */
  get cutOff(): Iterable<C> {
    return this.#running;
  }

  run(): Promise<Winner<C> | null> {
    return new Promise((resolve, reject) => {
      this.#settle = resolve;
      this.#fail = reject;
      if (this.#failure) this.#end(() => reject(this.#failure));
      else this.#goOn();
    });
  }

  abort(): void {
    this.#failure = new Ended(fault('connect', 'aborted', detail(faultDetails.stopped)));
    this.#end(() => this.#fail(this.#failure));
  }

  /** One more, or none when the list is exhausted. */
  #goOn(): void {
    clearTimeout(this.#timer);
    const settle = this.#settle;
    if (!settle || this.#looking) return;
    if (!this.#exhausted) this.#begin().catch((error: unknown) => this.#end(() => this.#fail(error)));
    else if (this.#running.size === 0) this.#end(() => settle(null));
  }

  async #begin(): Promise<void> {
    this.#looking = true;
    const taken = await this.#take();
    this.#looking = false;
    if (!this.#settle) return;
    const contender = taken?.();
    if (!contender) {
      this.#exhausted = true;
      this.#goOn();
      return;
    }
    this.#running.add(contender);
    this.#timer = setTimeout(() => this.#goOn(), contender.headStartMs);
    dial(contender.line, this.#cut.signal).then(
      (socket) => this.#stands(contender, socket),
      (error: unknown) => this.#failed(contender, error),
    );
  }

  #stands(contender: C, socket: Socket): void {
    const settle = this.#settle;
    if (!settle) return void socket.destroy();
    this.#running.delete(contender);
    this.#end(() => settle({ contender, socket }));
  }

  #failed(contender: C, error: unknown): void {
    if (!this.#settle) return;
    if (!(error instanceof Ended)) return this.#end(() => this.#fail(error));
    this.#running.delete(contender);
    this.#onFailed(contender, error.end);
    this.#goOn();
  }

  #end(tell: () => void): void {
    if (!this.#settle) return;
    this.#settle = null;
    clearTimeout(this.#timer);
    this.#cut.abort();
    tell();
  }
}
