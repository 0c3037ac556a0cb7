import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { msg, UserError } from '../../../shared/errors.ts';
import { makePrivateDir } from '../../../shared/privateDir.ts';
import { migrations } from './migrations.ts';

const SQLITE_FULL = 13;
const SQLITE_IOERR = 10;
const SQLITE_READONLY = 8;

/**
 * Opens the store of a state directory: one SQLite file in WAL mode. What a transaction wrote survives a power cut once
 * it is committed (synchronous=FULL). Throws UserErrors `noSqlite`, `stateDirectory`, `newerStore`.
 */
export async function openDatabase(stateDir: string): Promise<DatabaseSync> {
  const sqlite = await loadSqlite();
  const file = join(stateDir, 'envoi.db');
  try {
    makePrivateDir(stateDir);
    // SQLite gives its side files the permissions of this one; in the log are the newest addresses.
    if (!existsSync(file)) closeSync(openSync(file, 'wx', 0o600));
    chmodSync(file, 0o600);
    const database = new sqlite.DatabaseSync(file);
    // macOS keeps what was synced in the drive's cache unless asked for a full sync.
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -32768;',
    );
    migrate(database, file);
    return database;
  } catch (error) {
    throw cannotUse(stateDir, error);
  }
}

/** What is said when a file of a state directory cannot be opened. */
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

/** Whether an error says that the disk takes no more; then nothing of its transaction was written. */
export function isDiskTrouble(error: unknown): error is Error {
  const primary = primaryCode(error);
  return primary === SQLITE_FULL || primary === SQLITE_IOERR || primary === SQLITE_READONLY;
}

/** SQLite's own code of an error without its details, or 0. */
export function primaryCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
}

/** Such an error in words for a person; any other as it is. */
export function inWords(error: unknown): unknown {
  return isDiskTrouble(error) ? noRoom(error.message) : error;
}

function noRoom(text: string): UserError {
  return new UserError(
    'diskFull',
    msg('The store of campaigns could not be written: {0}.', text),
    msg('Make room on the disk, then try again. What was there before is kept.'),
  );
}

/** Runs `work` in one transaction: all of it or nothing. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      database.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself after some errors, a full disk among them.
    }
    throw error;
  }
}

export async function loadSqlite(): Promise<typeof import('node:sqlite')> {
  try {
    return await import('node:sqlite');
  } catch {
    throw new UserError(
      'noSqlite',
      msg('This runtime (Node {0}) has no SQLite.', process.versions.node),
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
      msg('{0} was written by a newer Envoi.', file),
      msg('Update Envoi, or use another state directory. Nothing was changed.'),
    );
  }
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    inTransaction(database, () => database.exec(`${step}; PRAGMA user_version = ${index + 1}`));
  }
}
