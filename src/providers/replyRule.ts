import type { Cause, Scope, Stage } from '../shared/outcome.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Where something is published, and when it was last read there: "2026-11" or "2026-11-23". */
export interface Source {
  source: string;
  date: string;
}

/** What to do about a kind of reply. A final act on a 4xx, or a hopeful one on an unmatched 5xx, is never taken. */
export type Act =
  /** Final for this recipient. */
  | { do: 'reject'; suppress?: true; pauseAfter?: number }
  /** Again via the same route; `rest` slows the destination down meanwhile. */
  | { do: 'later'; afterMs?: number; maxTries?: number; nextAfter?: number; rest?: Rest }
  /** Not the recipient's fault: another transport may do better. */
  | { do: 'next'; otherwise: 'later' | 'rejected'; close?: { forMs: number; needsAction: boolean }; rest?: Rest }
  /** Our identity is refused: stop before the rest of the list is refused as well; what was refused waits until that is fixed. */
  | { do: 'pause'; after?: number };

export interface Rest {
  forMs: number;
  connections?: number;
}

/** One kind of reply: what it says, what it is about, what to do. Comes with a real reply in test/fixtures/replies. */
export interface ReplyRule extends Source {
  via?: 'relay' | 'direct';
  /** The stages at which it can occur; those its scope forbids are left out anyway (`scopeFits`). */
  stages?: readonly Stage[];
  /** The head of the reply: "550 5.1.1", or "550" where there is no enhanced code. */
  code?: RegExp;
  /**
   * Its words. A provider's own rule is matched against the original text; common ones against normalized text: lower case,
   * no accents, with names of hosts and addresses replaced (engine/verdict/normalizeReply.ts).
   */
  match?: RegExp;
  unless?: RegExp;
  cause: Cause;
  scope: Scope;
  act: Act;
  /** The words leave open what it is about: a second opinion is worth having. */
  unsure?: true;
}

/** Gives rows from one source their `source`. */
export function published(
  source: string,
  date: string,
  rows: readonly Omit<ReplyRule, 'source' | 'date'>[],
): readonly ReplyRule[] {
  return rows.map((row) => ({ ...row, source, date }));
}

/** A hard bounce. */
export const suppress: Act = { do: 'reject', suppress: true };
/** Final, and not a bounce to remember. */
export const reject: Act = { do: 'reject' };
/** Our network is refused. */
export const block: Act = { do: 'next', otherwise: 'rejected' };
export const full: Act = { do: 'later', afterMs: 8 * HOUR, maxTries: 3 };
export const content: Act = { do: 'reject', pauseAfter: 3 };
export const malformed: Act = { do: 'reject', pauseAfter: 1 };
export const tooLarge: Act = { do: 'next', otherwise: 'rejected' };
export const identity: Act = { do: 'pause' };
export const quota: Act = { do: 'next', otherwise: 'later', close: { forMs: HOUR, needsAction: false } };
export const credentials: Act = { do: 'next', otherwise: 'later', close: { forMs: 30 * MINUTE, needsAction: true } };

/** The destination gets one connection after a pause; after this many attempts another transport may have it. */
export function slow(forMs: number, nextAfter: number): Act {
  return { do: 'later', nextAfter, rest: { forMs, connections: 1 } };
}
