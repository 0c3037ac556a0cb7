import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { msg, UserError } from '../../shared/errors.ts';
import { makePrivateDir } from '../../shared/privateDir.ts';
import { processStart } from './processStart.ts';

interface Holder {
  pid: number;
  /** When that process began, by the system's word: a number that a later process of the same pid does not have. */
  start: string;
  nonce: string;
}

/** The right to own a state directory. Held from `acquire` to `release`; released twice is released once. */
export interface StateLock {
  release(): void;
}

/**
 * Takes the lock of a state directory, or returns null when a living process holds it. What a dead process left behind
 * is taken over: the lock file is renamed away first, so that of two takers only one succeeds.
 */
export function acquireLock(stateDir: string): StateLock | null {
  const file = join(stateDir, 'engine.lock');
  try {
    makePrivateDir(stateDir);
    for (let tries = 0; tries < 5; tries++) {
      const mine: Holder = { pid: process.pid, start: processStart(process.pid), nonce: randomUUID() };
      if (create(file, JSON.stringify(mine))) return { release: () => release(file, mine.nonce) };
      const holder = read(file);
      if (holder && isAlive(holder)) return null;
      const away = `${file}.${randomUUID()}`;
      try {
        renameSync(file, away);
        unlinkSync(away);
      } catch {
        // Another taker was faster; the next round sees whether it lives.
      }
    }
    return null;
  } catch (error) {
    throw new UserError(
      'stateDirectory',
      msg(
        'The state directory {0} cannot be used: {1}.',
        stateDir,
        error instanceof Error ? error.message : String(error),
      ),
      msg('Make it writable, or choose another one. Nothing was sent.'),
    );
  }
}

function create(file: string, content: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(descriptor, content);
  } finally {
    closeSync(descriptor);
  }
  return true;
}

function read(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it lives, as somebody else's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const start = processStart(holder.pid);
  return start === '' || holder.start === '' || start === holder.start;
}

function release(file: string, nonce: string): void {
  if (read(file)?.nonce !== nonce) return;
  try {
    unlinkSync(file);
  } catch {
    // Gone already.
  }
}
