import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';

/** In ms: waiting for a slower disk costs more than the way to libuv's pool and back. */
const SLOW_MS = 0.3;
/** What the latest sync counts in the average. */
const LATEST = 0.1;
/** What is left of the average at each sync that is not measured, so that a slow disk is measured again now and then. */
const FADING = 0.98;

/** The disk did not confirm what was written. Nobody knows then what of it is there, nor what of the rest. */
export class NotSynced extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/**
 * SQLite's write-ahead log, as a file that is synced. SQLite itself does not sync it at a commit (synchronous=NORMAL), so that the
 * engine's thread need not wait for the disk. Contract: what was committed before a sync began survives a power cut once
 * the sync has succeeded. After a failed one none succeeds any more: the system may have dropped what it could not write,
 * and says so only once.
 */
export class StoreLog {
  readonly #path: string;
  #file: number | null = null;
  #failed: NotSynced | null = null;
  readonly #now: () => number;
  /** What a sync took lately, in ms. */
  #average = 0;

  /** `now`: milliseconds of a monotonic clock. */
  constructor(storePath: string, now: () => number) {
    this.#path = `${storePath}-wal`;
    this.#now = now;
  }

  /** Syncs have taken long lately: others should go on meanwhile. */
  get slow(): boolean {
    return this.#average > SLOW_MS;
  }

  /** Throws NotSynced once a sync has failed. */
  check(): void {
    if (this.#failed) throw this.#failed;
  }

  /** Throws NotSynced. */
  sync(): void {
    this.check();
    const start = this.#now();
    try {
      fdatasyncSync(this.#open());
    } catch (error) {
      throw this.#fail(error);
    }
    this.#average += LATEST * (this.#now() - start - this.#average);
  }

  /** In libuv's pool. Rejects with NotSynced. */
  syncLater(): Promise<void> {
    this.#average *= FADING;
    return new Promise((resolve, reject) => {
      this.check();
      fdatasync(this.#open(), (error) => {
        if (error) reject(this.#fail(error));
        else resolve();
      });
    });
  }

  /** Windows removes a file only when nobody has it open. */
  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #open(): number {
    this.#file ??= openSync(this.#path, 'r+');
    return this.#file;
  }

  #fail(error: unknown): NotSynced {
    this.#failed ??= new NotSynced(error);
    return this.#failed;
  }
}
