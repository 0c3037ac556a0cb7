import { existsSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { msg, UserError } from '../../../shared/errors.ts';
import { plural } from '../../../shared/words.ts';
import { type Mark, markPath, readMark } from './storeMark.ts';

/** What is wrong with a store: it cannot be read, it contradicts itself, or it lacks data it once held. */
export type Damage =
  | { kind: 'unreadable'; detail: string }
  | { kind: 'broken'; detail: string }
  | { kind: 'lacking'; commits: number };

/** A person's decision on a damaged store: use what is there, or set it aside and start with an empty one. */
export type StoreDecision = (typeof storeDecisions)[number];
export const storeDecisions = ['goOn', 'setAside'] as const;

export interface StoreCounters {
  store: string;
  commits: number;
  checkpoints: number;
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** Whether an error of SQLite says that the file is not what was written. */
export function isDamage(error: unknown): error is Error {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/**
 * Compares the store with its mark. After an unclean end, or when the file is not as it was left, every page is
 * read; after a clean end that would only cost time. Null for an intact one.
 */
export function damageOf(
  database: DatabaseSync,
  file: string,
  mark: Mark | null | 'torn',
  found: StoreCounters,
): Damage | null {
  if (mark === null || mark === 'torn') {
    if (found.commits > 0) return { kind: 'lacking', commits: 0 };
  } else if (mark.store !== found.store) {
    // Another store; or a new one in the place of one whose log had never been copied.
    if (mark.commits > 0 || found.commits > 0) return { kind: 'lacking', commits: mark.commits };
  } else {
    const lacking = mark.commits - found.commits;
    if (lacking > 0) return { kind: 'lacking', commits: lacking };
    if (found.checkpoints < mark.checkpoints) return { kind: 'lacking', commits: 0 };
  }
  const { size, mtimeMs } = statSync(file);
  if (mark && mark !== 'torn' && mark.closed?.size === size && mark.closed.mtimeMs === mtimeMs) return null;
  try {
    const [first] = database.prepare('PRAGMA integrity_check(1)').all();
    const said = String(first?.integrity_check ?? 'ok');
    return said === 'ok' ? null : { kind: 'broken', detail: said };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { kind: 'broken', detail: error.message };
  }
}

/** A store of which only the mark is left. */
export function isGone(file: string, stateDir: string): boolean {
  const mark = readMark(stateDir);
  const held = mark === 'torn' || (mark !== null && mark.commits > 0);
  return held && (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0;
}

/** Moves the store out of the way, under an unused name; returns that name. */
export function setAside(stateDir: string): string {
  const name = (n: number) => join(stateDir, `envoi.aside-${n}.db`);
  let n = 1;
  while (existsSync(name(n))) n++;
  const file = join(stateDir, 'envoi.db');
  for (const end of ['', '-wal', '-shm']) {
    if (existsSync(file + end)) renameSync(file + end, name(n) + end);
  }
  if (existsSync(markPath(stateDir))) renameSync(markPath(stateDir), `${name(n)}.mark`);
  return name(n);
}

export function storeDamaged(stateDir: string, damage: Damage): UserError {
  const remedy = msg('Nothing is sent until you decide: “envoi store” shows the options.');
  const place = { file: join(stateDir, 'envoi.db') };
  switch (damage.kind) {
    case 'lacking':
      return new UserError(
        'storeLacking',
        damage.commits > 0
          ? plural(
              'The campaign store in {1} is missing its last change: its log was lost or damaged, or an older copy was restored. What was sent with it is no longer known.',
              'The campaign store in {1} is missing its last {0} changes: its log was lost or damaged, or an older copy was restored. What was sent with them is no longer known.',
              damage.commits,
              stateDir,
            )
          : msg(
              'The campaign store in {0} is not the one that was there before: an older or different copy was restored. What was sent since then is no longer known.',
              stateDir,
            ),
        remedy,
        place,
      );
    case 'broken':
    case 'unreadable':
      return new UserError(
        'storeBroken',
        msg('The campaign store in {0} is damaged ({1}).', stateDir, damage.detail),
        remedy,
        place,
      );
    default:
      return damage satisfies never;
  }
}
