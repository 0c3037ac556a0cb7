import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';

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

  constructor(storePath: string) {
    this.#path = `${storePath}-wal`;
  }

  /** Throws NotSynced once a sync has failed. */
  check(): void {
    if (this.#failed) throw this.#failed;
  }

  /** Throws NotSynced. */
  sync(): void {
    this.check();
    try {
      fdatasyncSync(this.#open());
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** In libuv's pool. Rejects with NotSynced. */
  syncLater(): Promise<void> {
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
