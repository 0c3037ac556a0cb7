const FIRST_MS = 60_000;
const MOST_MS = 30 * 60_000;
/** Failures in a row after which it is left to a person: some five hours. */
const GIVE_UP = 14;

/**
 * How long to wait, in ms, before what could not be read is tried again after so many failures in a row; null when it is
 * given up until somebody asks. A sign-in that was refused is never tried again by itself: accounts get locked.
 */
export function reconnectAfter(failures: number, refused: boolean): number | null {
  if (refused || failures >= GIVE_UP) return null;
  return Math.min(MOST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
}
