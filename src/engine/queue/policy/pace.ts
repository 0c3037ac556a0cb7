const GAP_MS = 1_000;
const SLOW_MS = 60_000;

/** When a destination that has said it is busy may be given its next connection: one a second at most, for a minute. */
export interface Pace {
  readonly slowUntil: number;
  readonly openedAt: number;
}

export const startPace: Pace = { slowUntil: 0, openedAt: Number.NEGATIVE_INFINITY };

export const slowed = (pace: Pace, now: number): Pace => ({ ...pace, slowUntil: now + SLOW_MS });

export const opened = (pace: Pace, now: number): Pace => ({ ...pace, openedAt: now });

/** `now` or before: at once. */
export const nextConnectionAt = (pace: Pace, now: number): number =>
  now < pace.slowUntil ? pace.openedAt + GAP_MS : now;
