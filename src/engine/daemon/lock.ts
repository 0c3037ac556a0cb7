import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { checkPrivateDir, makePrivateDir } from '../../shared/privateDir.ts';
import { cannotUse, loadSqlite, primaryCode } from '../queue/store/database.ts';

/** The right to own a state directory. Held until `release`, which is idempotent. */
export interface StateLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/**
 * Takes the lock of a state directory, or returns null when another process holds it. It is an operating-system lock, taken
 * through SQLite on an empty database: it ends with the process that holds it, however that ends, so there is no stale
 * lock to judge and no process id to trust. Throws UserErrors `noSqlite`, `stateDirectory`.
 */
export async function acquireLock(stateDir: string): Promise<StateLock | null> {
  const { DatabaseSync } = await loadSqlite();
  const file = join(stateDir, 'lock.db');
  try {
    makePrivateDir(stateDir);
    checkPrivateDir(stateDir);
    const database = new DatabaseSync(file);
    try {
      chmodSync(file, 0o600);
      database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      if (primaryCode(error) === SQLITE_BUSY) return null;
      throw error;
    }
    // Tracked by us: Node 22.13 cannot say whether a database is open.
    let held = true;
    return {
      release: () => {
        if (held) database.close();
        held = false;
      },
    };
  } catch (error) {
    throw cannotUse(stateDir, error);
  }
}
