import { closeSync, constants, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the store is known to hold, stored beside it. It is written after each commit and never waited for: it may lag behind
 * the store, and is never ahead of it. A store that has less than its mark has lost data that was on disk.
 */
export interface Mark {
  /** Which store this is the mark of. */
  store: string;
  /** Transactions that were committed. */
  commits: number;
  /** Times the log was copied into the main file and restarted. */
  checkpoints: number;
  /** The main file as it was when the store was closed; null while it is open, and after an unclean end. */
  closed: { size: number; mtimeMs: number } | null;
}

/** Always of the same size, so that it is overwritten in place and a full disk does not matter. */
const BYTES = 256;

export function markPath(stateDir: string): string {
  return join(stateDir, 'envoi.mark');
}

/** Null when there is none; "torn" for one that no engine wrote. */
export function readMark(stateDir: string): Mark | null | 'torn' {
  let text: string;
  try {
    text = readFileSync(markPath(stateDir), 'utf8');
  } catch {
    return null;
  }
  try {
    const { store, commits, checkpoints, closed } = JSON.parse(text) as Mark;
    const whole = typeof store === 'string' && Number.isInteger(commits) && Number.isInteger(checkpoints);
    return whole ? { store, commits, checkpoints, closed: closed ?? null } : 'torn';
  } catch {
    return 'torn';
  }
}

export class MarkFile {
  readonly #file: number;

  constructor(stateDir: string) {
    this.#file = openSync(
      markPath(stateDir),
      constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0),
      0o600,
    );
  }

  /** Not synced: data in the system's cache survives the death of a process, and after a power cut it only lags. */
  write(mark: Mark): void {
    writeSync(this.#file, `${JSON.stringify(mark).padEnd(BYTES - 1)}\n`, 0);
  }

  sync(): void {
    fsyncSync(this.#file);
  }

  /** Whether it still is the file of that name. */
  get removed(): boolean {
    return fstatSync(this.#file).nlink === 0;
  }

  close(): void {
    closeSync(this.#file);
  }
}
