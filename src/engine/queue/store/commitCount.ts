import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Found } from './storeDamage.ts';
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
  readonly #found: Found;
  #logLimit = LOG_BYTES;
  #inside = false;

  constructor(database: DatabaseSync, file: string, stateDir: string, found: Found) {
    this.#database = database;
    this.#file = file;
    this.#inode = statSync(file).ino;
    this.#found = found;
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

  /** First in every transaction. Throws StoreGone rather than write to a file that is no longer there. */
  begin(): void {
    this.#inside = true;
    if (statSync(this.#file, { throwIfNoEntry: false })?.ino !== this.#inode) throw new StoreGone(this.#file);
    this.#count.run(this.#found.commits + 1);
  }

  /** Once it is on disk. */
  committed(): void {
    this.#inside = false;
    this.#found.commits++;
    this.#writeMark();
    const log = statSync(`${this.#file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (log > this.#logLimit) this.#checkpoint();
  }

  rolledBack(): void {
    this.#inside = false;
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
      this.#mark.write({ ...this.#found, closed });
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

/** One transaction, all of it or nothing, counted when there is a counter. */
export function counted<T>(database: DatabaseSync, count: CommitCount | undefined, work: () => T): T {
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

/** The store's identity; a new store gets its id here. */
export function foundIn(database: DatabaseSync): Found {
  const row = database.prepare('SELECT store, count FROM store_checkpoints').get();
  const commits = Number(database.prepare('SELECT count FROM store_commits').get()?.count ?? 0);
  if (row?.store) return { store: String(row.store), commits, checkpoints: Number(row.count) };
  const store = randomBytes(8).toString('hex');
  database.prepare('UPDATE store_checkpoints SET store = ?').run(store);
  return { store, commits, checkpoints: 0 };
}
