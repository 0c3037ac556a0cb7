const FIRST_MS = 60_000;
const MOST_MS = 30 * 60_000;
/** Failures in a row after which a person has to act: some five hours. */
const GIVE_UP = 14;

/**
 * How long to wait, in ms, before a retry after this many failures in a row; null when it is
 * given up until a person asks. A refused sign-in is never retried automatically: accounts get locked.
 */
export function reconnectAfter(failures: number, refused: boolean): number | null {
  if (refused || failures >= GIVE_UP) return null;
  return Math.min(MOST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
}
