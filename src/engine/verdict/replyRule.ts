import type { ProviderId } from '../../providers/providers.ts';
import type { Cause, Scope, Stage } from '../../shared/outcome.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** What to do about a kind of reply. A final act on a 4xx, or a hopeful one on an unmatched 5xx, is never taken. */
export type Act =
  /** Final for this recipient. */
  | { do: 'reject'; suppress?: true; pauseAfter?: number }
  /** Again over the same route; `rest` slows the destination down meanwhile. */
  | { do: 'later'; afterMs?: number; maxTries?: number; free?: true; nextAfter?: number; rest?: Rest }
  /** Not the recipient's fault: another transport may do better. */
  | { do: 'next'; otherwise: 'later' | 'rejected'; close?: { forMs: number; needsAction: boolean }; rest?: Rest }
  /** Who we are is refused: stop before the list is burned; what was refused waits for the mending. */
  | { do: 'pause' };

export interface Rest {
  forMs: number;
  connections?: number;
}

export interface ReplyRule {
  /** A provider's rule needs that provider's host or signature. */
  who: 'any' | ProviderId | readonly ProviderId[];
  via?: 'relay' | 'direct';
  stages?: readonly Stage[];
  /** Tried on "550 5.1.1 text of all lines". */
  match: RegExp;
  cause: Cause;
  scope: Scope;
  act: Act;
}

/** A hard bounce. */
export const suppress: Act = { do: 'reject', suppress: true };
/** Final, and no bounce to remember. */
export const reject: Act = { do: 'reject' };
/** Where we come from is refused. */
export const block: Act = { do: 'next', otherwise: 'rejected' };
export const full: Act = { do: 'later', afterMs: 8 * HOUR, maxTries: 3 };
export const content: Act = { do: 'reject', pauseAfter: 3 };
export const malformed: Act = { do: 'reject', pauseAfter: 1 };
export const quota: Act = { do: 'next', otherwise: 'later', close: { forMs: HOUR, needsAction: false } };
export const credentials: Act = { do: 'next', otherwise: 'later', close: { forMs: 30 * MINUTE, needsAction: true } };

/** The destination gets one connection after a rest; after so many tries another transport may have it. */
export function slow(forMs: number, nextAfter: number): Act {
  return { do: 'later', nextAfter, rest: { forMs, connections: 1 } };
}
