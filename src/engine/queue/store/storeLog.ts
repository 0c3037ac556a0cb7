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
 * and says so only once to everyone who has the file open. So the thread and the pool each have it open for themselves.
 */
export class StoreLog {
  readonly #path: string;
  #mine: number | null = null;
  #pools: number | null = null;
  /** The pool is at work on its file: it must stay open, or the number might soon be another file's. */
  #underWay = false;
  #closed = false;
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
      this.#mine ??= openSync(this.#path, 'r+');
      fdatasyncSync(this.#mine);
    } catch (error) {
      throw this.#fail(error);
    }
    this.#average += LATEST * (this.#now() - start - this.#average);
  }

  /** In libuv's pool, one at a time. Rejects with NotSynced. */
  syncLater(): Promise<void> {
    this.#average *= FADING;
    return new Promise((resolve, reject) => {
      this.check();
      this.#pools ??= openSync(this.#path, 'r+');
      this.#underWay = true;
      fdatasync(this.#pools, (error) => {
        this.#underWay = false;
        if (this.#closed) this.#closePools();
        if (error) this.#fail(error);
        // Whoever synced meanwhile may be the one who was told.
        if (this.#failed) reject(this.#failed);
        else resolve();
      });
    });
  }

  /** Windows removes a file only when nobody has it open. */
  close(): void {
    this.#closed = true;
    if (this.#mine !== null) closeSync(this.#mine);
    this.#mine = null;
    if (!this.#underWay) this.#closePools();
  }

  #closePools(): void {
    if (this.#pools !== null) closeSync(this.#pools);
    this.#pools = null;
  }

  #fail(error: unknown): NotSynced {
    this.#failed ??= new NotSynced(error);
    return this.#failed;
  }
}
