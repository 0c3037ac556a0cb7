import { reconnectAfter } from '../mailbox/reconnect.ts';
import type { SourceStanding } from '../protocol/engineApi.ts';
import type { Clock } from '../shared/clock.ts';
import { describeError, msg, UserError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';

/** A source of news about readers: a mailbox, an unsubscribe endpoint. */
export interface ReturnSource {
  /** An account of a mailbox, or a URL. */
  id: string;
  /** Kept in memory only. When it changes, watching starts again. */
  secret: string;
  read(signal: AbortSignal): Promise<unknown>;
  /** Resolves when reading again may bring something, or at the signal. */
  more(signal: AbortSignal): Promise<void>;
}

interface Watch {
  secret: string;
  abort: AbortController;
  ended: Promise<void>;
}

/** The minimum between two readings: mail often comes in bursts. */
const PAUSE_MS = 2_000;

/**
 * Watches such sources while the engine runs: reads what is there, waits for more, and after trouble retries
 * at growing intervals. Watching does not keep the engine running.
 */
export class ReturnWatch {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #onChange: () => void;
  readonly #watches = new Map<string, Watch>();
  readonly #standings = new Map<string, SourceStanding>();

  /** `onChange` is called when a standing has changed. */
  constructor(clock: Clock, log: Log, onChange: () => void) {
    this.#clock = clock;
    this.#log = log;
    this.#onChange = onChange;
  }

  /** Watches exactly these from now on. One already watched with this secret, and without trouble, is left as it is. */
  watch(sources: readonly ReturnSource[]): void {
    const wanted = new Map(sources.map((source) => [source.id, source]));
    for (const [id, { abort }] of this.#watches) {
      if (wanted.has(id)) continue;
      abort.abort();
      this.#watches.delete(id);
      this.#standings.delete(id);
    }
    for (const [id, source] of wanted) {
      const before = this.#watches.get(id);
      if (before?.secret === source.secret && this.#standings.get(id)?.state !== 'failed') continue;
      before?.abort.abort();
      const abort = new AbortController();
      const ended = this.#keepReading(source, abort.signal);
      this.#watches.set(id, { secret: source.secret, abort, ended });
    }
  }

  standings(): SourceStanding[] {
    return [...this.#standings.values()];
  }

  /** The result of a reading that was asked for; whatever failed before works now. */
  async noting<T>(id: string, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.#stand(id, { failure: null, readAt: this.#clock.now(), ...(!this.#isWatched(id) && { state: 'idle' }) });
      return result;
    } catch (error) {
      this.#stand(id, { state: 'failed', failure: failureOf(error) });
      throw error;
    }
  }

  async close(): Promise<void> {
    const watches = [...this.#watches.values()];
    this.#watches.clear();
    for (const { abort } of watches) abort.abort();
    await Promise.all(watches.map(({ ended }) => ended));
    this.#standings.clear();
  }

  #isWatched(id: string): boolean {
    return this.#watches.has(id) && this.#standings.get(id)?.state !== 'failed';
  }

  /** Never rejects. */
  async #keepReading(source: ReturnSource, signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      try {
        this.#stand(source.id, { state: 'reading' });
        await source.read(signal);
        if (signal.aborted) return;
        this.#stand(source.id, { state: 'waiting', failure: null, readAt: this.#clock.now() });
        await this.#sleep(PAUSE_MS, signal);
        if (signal.aborted) return;
        await source.more(signal);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        failures++;
        this.#stand(source.id, { state: 'failed', failure: failureOf(error) });
        this.#log.warn(`what comes back could not be read (${failures} times): ${describeError(error)}`);
        const refused = error instanceof UserError && refusals.includes(error.code);
        const afterMs = reconnectAfter(failures, refused);
        if (afterMs === null) return;
        await this.#sleep(afterMs, signal);
      }
    }
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    await this.#clock.sleep(ms, signal).catch(() => {});
  }

  #stand(source: string, change: Partial<SourceStanding>): void {
    const before = this.#standings.get(source) ?? { source, state: 'idle', failure: null, readAt: 0 };
    this.#standings.set(source, { ...before, ...change });
    this.#onChange();
  }
}

/** Errors that a retry does not fix. */
const refusals: readonly string[] = ['mailboxSignIn', 'mailboxFolder', 'endpointRefused'];

function failureOf(error: unknown): SourceStanding['failure'] {
  return error instanceof UserError ? error.what : msg('{0}', describeError(error));
}
