import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { StoreCounters } from './storeDamage.ts';
import type { StoreLog } from './storeLog.ts';
import { MarkFile } from './storeMark.ts';

/** How long the log may grow before it is copied into the main file. */
const LOG_BYTES = 4 * 1024 * 1024;

/** The state directory, or the store in it, was removed or replaced under a running engine. */
export class StoreGone extends Error {
  constructor(file: string) {
    super(`${file} was removed or replaced while it was in use`);
  }
}

/**
 * Counts the transactions of a store, in the store and in its mark. Two counters on separate pages: the first changes with
 * every transaction, the second only just before the log is restarted, so that it is then in the main file alone. A
 * store that lost its log lacks the first, one whose main file was exchanged under its log lacks the second.
 */
export class CommitCount {
  readonly #database: DatabaseSync;
  readonly #file: string;
  readonly #inode: number;
  readonly #mark: MarkFile;
  readonly #count: StatementSync;
  readonly #found: StoreCounters;
  readonly #log: StoreLog;
  #logLimit = LOG_BYTES;
  #inside = false;
  #closed = false;
  /** Of the transactions, how many are known to be on disk: the mark never tells of more. */
  #onDisk: number;

  constructor(database: DatabaseSync, file: string, stateDir: string, found: StoreCounters, log: StoreLog) {
    this.#database = database;
    this.#file = file;
    this.#inode = statSync(file).ino;
    this.#found = found;
    this.#log = log;
    this.#log.sync();
    this.#onDisk = found.commits;
    this.#mark = new MarkFile(stateDir);
    this.#count = database.prepare('UPDATE store_commits SET count = ?');
    this.#writeMark();
    this.#mark.sync();
    this.#countSingleStatements();
  }

  /** Whether a transaction is in progress. */
  get inside(): boolean {
    return this.#inside;
  }

  /** Whether the disk is slow: what may wait for it should not hold up others. */
  get slow(): boolean {
    return this.#log.slow;
  }

  /** First in every transaction. Throws StoreGone rather than write to a file that is no longer there, NotSynced once a sync failed. */
  begin(): void {
    this.#inside = true;
    this.#log.check();
    if (statSync(this.#file, { throwIfNoEntry: false })?.ino !== this.#inode) throw new StoreGone(this.#file);
    this.#count.run(this.#found.commits + 1);
  }

  /** Once it is in the log. */
  committed(): void {
    this.#inside = false;
    this.#found.commits++;
  }

  /** Returns when everything committed is on disk. Throws NotSynced. */
  sync(): void {
    this.#log.sync();
    this.#synced();
  }

  /** Resolves when everything committed so far is on disk; others may commit meanwhile. Rejects with NotSynced. */
  async syncLater(): Promise<void> {
    const { commits } = this.#found;
    await this.#log.syncLater();
    this.#synced(commits);
  }

  #synced(commits = this.#found.commits): void {
    if (this.#closed) return;
    this.#onDisk = Math.max(this.#onDisk, commits);
    this.#writeMark();
    const log = statSync(`${this.#file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (log > this.#logLimit) this.#checkpoint();
  }

  rolledBack(): void {
    this.#inside = false;
  }

  /** Before the store is closed. */
  closing(): void {
    this.#closed = true;
    this.#log.close();
  }

  /** After the store was closed: the next process to open it need not read it all. */
  closed(): void {
    const stat = statSync(this.#file, { throwIfNoEntry: false });
    const log = statSync(`${this.#file}-wal`, { throwIfNoEntry: false });
    if (stat?.ino === this.#inode && !log) this.#writeMark({ size: stat.size, mtimeMs: stat.mtimeMs });
    this.#mark.close();
  }

  #writeMark(closed: { size: number; mtimeMs: number } | null = null): void {
    try {
      this.#mark.write({ ...this.#found, commits: this.#onDisk, closed });
    } catch {
      // The mark lags behind then.
    }
  }

  /** Never waits for a reader; then it is done another time. */
  #checkpoint(): void {
    this.#logLimit += LOG_BYTES;
    try {
      this.#database.exec(
        `PRAGMA busy_timeout = 0; UPDATE store_checkpoints SET count = ${this.#found.checkpoints + 1}`,
      );
      // Where a reader is in the way, SQLite does not sync: the mark must not be ahead of the disk.
      this.#log.sync();
      this.#found.checkpoints++;
      const done = this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
      if (done?.busy === 0) this.#logLimit = LOG_BYTES;
    } catch {
      // A full disk among other things: what is in the log is safe there.
    } finally {
      this.#database.exec('PRAGMA busy_timeout = 5000');
    }
    this.#writeMark();
  }

  /** A write without a transaction around it is a transaction all the same. */
  #countSingleStatements(): void {
    const prepare = this.#database.prepare.bind(this.#database);
    this.#database.prepare = (sql: string) => {
      const statement = prepare(sql);
      if (!/^\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b/i.test(sql)) return statement;
      const run = statement.run.bind(statement) as (...values: SQLInputValue[]) => ReturnType<StatementSync['run']>;
      statement.run = (...values: unknown[]) => {
        if (this.#inside) return run(...(values as SQLInputValue[]));
        return counted(this.#database, this, () => run(...(values as SQLInputValue[])));
      };
      return statement;
    };
  }
}

/** One transaction, all of it or nothing, counted when there is a counter; in the log, but not on disk yet. */
export function committed<T>(database: DatabaseSync, count: CommitCount | undefined, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    count?.begin();
    const result = work();
    database.exec('COMMIT');
    count?.committed();
    return result;
  } catch (error) {
    count?.rolledBack();
    try {
      database.exec('ROLLBACK');
    } catch {
      // SQLite has already rolled back after some errors, such as a full disk.
    }
    throw error;
  }
}

/** The same, and on disk when it returns. */
export function counted<T>(database: DatabaseSync, count: CommitCount | undefined, work: () => T): T {
  const result = committed(database, count, work);
  count?.sync();
  return result;
}

/** The store's identity; a new store gets its id here. */
export function foundIn(database: DatabaseSync): StoreCounters {
  const row = database.prepare('SELECT store, count FROM store_checkpoints').get();
  const commits = Number(database.prepare('SELECT count FROM store_commits').get()?.count ?? 0);
  if (row?.store) return { store: String(row.store), commits, checkpoints: Number(row.count) };
  const store = randomBytes(8).toString('hex');
  database.prepare('UPDATE store_checkpoints SET store = ?').run(store);
  return { store, commits, checkpoints: 0 };
}
