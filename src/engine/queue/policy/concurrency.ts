/**
 * How many connections a destination can take, learnt from its behaviour (as Postfix's scheduler does): a success adds one
 * over a whole cohort, a connection failure halves them. Refused recipients do not affect it.
 */
export interface Concurrency {
  readonly limit: number;
  readonly max: number;
  /** Fractions of a step accumulated since the last change; positive means more. */
  readonly credit: number;
}

export const startConcurrency = (max: number, start = 2): Concurrency => ({
  limit: Math.min(start, max),
  max,
  credit: 0,
});

export function succeeded(state: Concurrency): Concurrency {
  if (state.limit >= state.max) return { ...state, credit: Math.max(0, state.credit) };
  const credit = Math.max(0, state.credit) + 1 / state.limit;
  return credit >= 1 ? { ...state, limit: state.limit + 1, credit: 0 } : { ...state, credit };
}

export function troubled(state: Concurrency): Concurrency {
  return { ...state, limit: Math.max(1, state.limit >> 1), credit: 0 };
}

export function capped(state: Concurrency, max: number): Concurrency {
  return { limit: Math.max(1, Math.min(state.limit, max)), max: Math.max(1, max), credit: 0 };
}
