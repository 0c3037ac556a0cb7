import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { msg, UserError } from '../../../shared/errors.ts';
import { makePrivateDir } from '../../../shared/privateDir.ts';
import { CommitCount, committed, counted, foundIn, StoreGone } from './commitCount.ts';
import { migrations } from './migrations.ts';
import {
  damageOf,
  isDamage,
  isGone,
  type StoreCounters,
  type StoreDecision,
  setAside,
  storeDamaged,
} from './storeDamage.ts';
import { NotSynced, StoreLog } from './storeLog.ts';
import { readMark } from './storeMark.ts';

const SQLITE_FULL = 13;
const SQLITE_IOERR = 10;
const SQLITE_READONLY = 8;

const counts = new WeakMap<DatabaseSync, CommitCount>();

/**
 * Opens the store of a state directory: one SQLite file in WAL mode. What a transaction wrote survives a power cut once
 * `inTransaction` has returned or `inTransactionLater` has resolved: StoreLog syncs it. A store that lost data, or that contradicts
 * itself, is not opened until a person has decided. `now`: milliseconds of a monotonic clock. Throws UserErrors `noSqlite`, `stateDirectory`, `newerStore`, `storeLacking`, `storeBroken`.
 */
export async function openDatabase(
  stateDir: string,
  decision?: StoreDecision,
  now: () => number = () => performance.now(),
): Promise<DatabaseSync> {
  const sqlite = await loadSqlite();
  const file = join(stateDir, 'envoi.db');
  try {
    makePrivateDir(stateDir);
    let aside = decision === 'setAside' && existsSync(file) ? setAside(stateDir) : '';
    if (isGone(file, stateDir)) {
      if (decision === undefined) throw storeDamaged(stateDir, { kind: 'lacking', commits: 0 });
      aside ||= setAside(stateDir);
    }
    const { database, found } = openFile(sqlite, file, stateDir, decision === 'goOn');
    counts.set(database, new CommitCount(database, file, stateDir, found, new StoreLog(file, now)));
    if (aside !== '') takeOver(database, aside);
    if (decision === 'goOn') stopAll(database);
    return database;
  } catch (error) {
    throw cannotUse(stateDir, error);
  }
}

function openFile(
  sqlite: typeof import('node:sqlite'),
  file: string,
  stateDir: string,
  asItIs: boolean,
): { database: DatabaseSync; found: StoreCounters } {
  // SQLite gives its side files the permissions of this one; in the log are the newest addresses.
  if (!existsSync(file)) closeSync(openSync(file, 'wx', 0o600));
  chmodSync(file, 0o600);
  const mark = readMark(stateDir);
  const database = new sqlite.DatabaseSync(file);
  try {
    // macOS keeps synced data in the drive's cache unless asked for a full sync. The log is copied by CommitCount and synced by
    // StoreLog.
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA fullfsync = ON; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = FAST;',
    );
    migrate(database, file);
    const found = foundIn(database);
    const damage = damageOf(database, file, mark, found);
    if (damage && !(asItIs && damage.kind === 'lacking')) throw storeDamaged(stateDir, damage);
    return { database, found };
  } catch (error) {
    database.close();
    throw isDamage(error) ? storeDamaged(stateDir, { kind: 'unreadable', detail: error.message }) : error;
  }
}

/** A store in memory: for forecasts. */
export async function memoryDatabase(): Promise<DatabaseSync> {
  const { DatabaseSync } = await loadSqlite();
  const database = new DatabaseSync(':memory:');
  database.exec('PRAGMA foreign_keys = ON');
  migrate(database, ':memory:');
  return database;
}

/** Closes the store so that the next process to open it knows that it is intact. */
export function closeDatabase(database: DatabaseSync): void {
  const count = counts.get(database);
  count?.closing();
  database.close();
  count?.closed();
}

/** Takes over who must not be mailed from a store that was set aside. What cannot be read there is skipped. */
function takeOver(database: DatabaseSync, aside: string): void {
  try {
    database.prepare('ATTACH DATABASE ? AS aside').run(aside);
    inTransaction(database, () => {
      database.exec('INSERT OR IGNORE INTO main.suppressions SELECT * FROM aside.suppressions');
    });
  } catch {
    // Too damaged for that; the file is kept.
  } finally {
    if (database.prepare('PRAGMA database_list').all().length > 1) database.exec('DETACH DATABASE aside');
  }
}

/** Where sent messages may be missing from the records, each campaign waits for a person. */
function stopAll(database: DatabaseSync): void {
  inTransaction(database, () => {
    database.exec(`UPDATE campaigns SET state = 'paused' WHERE state IN ('running', 'scheduled', 'needsAction')`);
  });
}

/** The error for a file of a state directory that cannot be opened. */
export function cannotUse(stateDir: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  if (primaryCode(error) === SQLITE_FULL) return noRoom(String((error as Error).message));
  return new UserError(
    'stateDirectory',
    msg(
      'The state directory {0} cannot be used: {1}.',
      stateDir,
      error instanceof Error ? error.message : String(error),
    ),
    msg('Make it writable, or choose another one. Nothing was sent.'),
  );
}

/** Whether an error means that the disk is full; then nothing of its transaction was written. */
export function isDiskTrouble(error: unknown): error is Error {
  if (error instanceof StoreGone || error instanceof NotSynced || isDamage(error)) return true;
  const primary = primaryCode(error);
  return primary === SQLITE_FULL || primary === SQLITE_IOERR || primary === SQLITE_READONLY;
}

/** SQLite's own code of an error without its details, or 0. */
export function primaryCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
}

/** Such an error as a message for people; any other unchanged. */
export function inWords(error: unknown): unknown {
  if (error instanceof StoreGone) return storeGone(error);
  if (error instanceof NotSynced) return notSynced(error);
  if (isDamage(error)) return damagedInUse(error);
  return isDiskTrouble(error) ? noRoom(error.message) : error;
}

function damagedInUse(error: Error): UserError {
  return new UserError(
    'storeBroken',
    msg('The campaign store is damaged ({0}).', error.message),
    msg('Stop this engine, then run “envoi store” to see the options. Nothing more will be sent.'),
  );
}

function storeGone(error: StoreGone): UserError {
  return new UserError(
    'storeGone',
    msg('The campaign store was removed while in use: {0}.', error.message),
    msg(
      'Put it back, then stop this engine. Nothing more will be sent. What was sent in the meantime is not recorded.',
    ),
  );
}

function notSynced(error: Error): UserError {
  return new UserError(
    'storeNotSynced',
    msg('The disk did not confirm a write to the campaign store: {0}.', error.message),
    msg(
      'Check the disk, then stop this engine. Nothing more is sent. When sending resumes, messages under way are in doubt.',
    ),
  );
}

function noRoom(text: string): UserError {
  return new UserError(
    'diskFull',
    msg('The campaign store could not be written: {0}.', text),
    msg('Make room on the disk, then try again. Everything recorded so far is kept.'),
  );
}

/** Runs `work` in one transaction: all of it or nothing, and on disk when it returns. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  return counted(database, counts.get(database), work);
}

/**
 * The same without waiting for the disk: `work` has run and is committed when this returns, and resolves once it is on disk. Others
 * that read the store see it before that. Rejects as `inTransaction` throws.
 */
export async function inTransactionLater(database: DatabaseSync, work: () => void): Promise<void> {
  const count = counts.get(database);
  committed(database, count, work);
  await count?.syncLater();
}

/** Whether the disk has been slow lately, so that `inTransactionLater` is the better way also for little. */
export function isDiskSlow(database: DatabaseSync): boolean {
  return counts.get(database)?.slow ?? false;
}

export async function loadSqlite(): Promise<typeof import('node:sqlite')> {
  try {
    return await import('node:sqlite');
  } catch {
    throw new UserError(
      'noSqlite',
      msg('This runtime (Node {0}) does not include SQLite.', process.versions.node),
      msg('Use VS Code 1.101 or newer, or Node 22.13 or newer.'),
    );
  }
}

function migrate(database: DatabaseSync, file: string): void {
  const row = database.prepare('PRAGMA user_version').get();
  const version = Number(row?.user_version ?? 0);
  if (version > migrations.length) {
    throw new UserError(
      'newerStore',
      msg('{0} was written by a newer version of Envoi.', file),
      msg('Update Envoi, or use another state directory. Nothing was changed.'),
    );
  }
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    inTransaction(database, () => database.exec(`${step}; PRAGMA user_version = ${index + 1}`));
  }
}
