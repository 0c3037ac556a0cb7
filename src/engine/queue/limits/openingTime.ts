/** How many times the usual duration an opening may take, and the minimum. */
const PATIENCE = 4;
const LEAST_MS = 250;
/** The weight of a new measurement. */
const WEIGHT = 1 / 16;

/** How long successful connections took to open recently: a moving mean in milliseconds, or null before the first. */
export type OpeningTime = number | null;

export const startOpening: OpeningTime = null;

export const openedAfter = (mean: OpeningTime, ms: number): OpeningTime =>
  mean === null ? ms : mean + (ms - mean) * WEIGHT;

/**
 * For how long a connection being opened counts as established: several times the usual duration, so that
 * a host that never answers holds its place only briefly, and no place is given up too soon on a slow line.
 */
export const expectedOpeningMs = (mean: OpeningTime, mostMs: number): number =>
  mean === null ? mostMs : Math.min(mostMs, Math.max(LEAST_MS, mean * PATIENCE));
