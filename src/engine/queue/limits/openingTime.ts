/** How many times as long as usual one is hoped for, and the shortest hope. */
const PATIENCE = 4;
const LEAST_MS = 250;
/** A new time counts for so much. */
const WEIGHT = 1 / 16;

/** How long opening a connection took lately where it came to one: a moving mean in milliseconds, or null before the first. */
export type OpeningTime = number | null;

export const startOpening: OpeningTime = null;

export const openedAfter = (mean: OpeningTime, ms: number): OpeningTime =>
  mean === null ? ms : mean + (ms - mean) * WEIGHT;

/**
 * For how long a connection being opened keeps the place of one that stands: several times what it took others, so that
 * a host that never answers keeps it for moments, and on a slow line nobody's place is given away too soon.
 */
export const hopeAfter = (mean: OpeningTime, mostMs: number): number =>
  mean === null ? mostMs : Math.min(mostMs, Math.max(LEAST_MS, mean * PATIENCE));
