const MINUTE = 60_000;

/** Waits after the first, second, … failed attempt; the last one repeats (RFC 5321 4.5.4.1, greylisting in mind). */
const steps = [5, 15, 30, 60, 120, 240].map((minutes) => minutes * MINUTE);

/** The minimum between two attempts of one delivery, whatever a rule or a server says; it doubles with each attempt. */
const FLOOR_MS = 30_000;
const HIGHEST_FLOOR_MS = 60 * MINUTE;

/** The minimum between the `asked`th attempt of a delivery (from 1, counted as a failure or not) and the next. */
export function leastWait(asked: number): number {
  return Math.min(FLOOR_MS * 2 ** Math.min(Math.max(asked, 1) - 1, 20), HIGHEST_FLOOR_MS);
}

/**
 * When a delivery is retried after its `tries`th failure (from 1), or "expired". `random` is from 0 to 1 and
 * spreads the retries by up to a tenth. `firstAt` is the time of the first attempt; the last one falls on the deadline itself,
 * or after it where it would come too soon after the one before.
 */
export function nextTry(state: {
  tries: number;
  asked: number;
  now: number;
  firstAt: number;
  forMs: number;
  afterMs?: number | undefined;
  random: number;
}): number | 'expired' {
  const deadline = state.firstAt + state.forMs;
  if (state.now >= deadline) return 'expired';
  const step = steps[Math.min(Math.max(state.tries, 1), steps.length) - 1] ?? 0;
  const wait = (state.afterMs ?? step) * (1 + state.random / 10);
  return Math.max(Math.min(Math.round(state.now + wait), deadline), state.now + leastWait(state.asked));
}

/** Half-open probes of a closed transport or destination: 1, 2, 5, 10, then every 30 minutes. */
export function probeDelay(failures: number): number {
  return ([1, 2, 5, 10][Math.max(failures, 1) - 1] ?? 30) * MINUTE;
}

/** A number from 0 to 1 derived from a delivery and an attempt: spread without randomness. */
export function spread(id: number, tries: number): number {
  let h = Math.imul(id ^ (tries * 0x9e3779b1), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}
