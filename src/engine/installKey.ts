import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { msg, UserError } from '../shared/errors.ts';

const BYTES = 32;

/**
 * Created once per state directory; the key for Message-IDs and unsubscribe tokens. It is created whole and on disk, or not at
 * all. Throws the UserError `keyDamaged` for one that is too short to be safe: tokens could be forged.
 */
export function installKey(stateDir: string): Uint8Array {
  const file = join(stateDir, 'key');
  if (!existsSync(file)) writeKey(file, randomBytes(BYTES));
  const key = readFileSync(file);
  if (key.length >= BYTES) return key;
  throw new UserError(
    'keyDamaged',
    msg('The key in {0} is damaged: it has {1} bytes instead of {2}.', file, key.length, BYTES),
    msg(
      'Restore it from a copy. If you remove it, unsubscribe links in newsletters already sent stop working. Nothing was sent.',
    ),
    { file },
  );
}

/** Written whole and to disk, or not at all; readable by its owner only. */
export function writeKey(file: string, key: Uint8Array): void {
  const unfinished = `${file}.${randomBytes(4).toString('hex')}`;
  const handle = openSync(unfinished, 'wx', 0o600);
  try {
    writeSync(handle, key);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  try {
    renameSync(unfinished, file);
  } finally {
    rmSync(unfinished, { force: true });
  }
  syncFolder(file);
}

/** Syncs the directory, so that the name is on disk too. Not possible on Windows. */
function syncFolder(file: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(join(file, '..'), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
