import type { ListShares } from '../../shared/foresight.ts';
import type { Settings } from '../../shared/settings.ts';
import type { Limits, Window } from '../../shared/transport.ts';

/** Up to here a window is a rate; it must stay one when it is stretched, because quotas may divert mail. */
const RATE_BELOW_MS = 55_000;
const QUOTA_FROM_MS = 60_000;

/**
 * A large list is simulated in grains: several messages as one that takes as long as all of them, against limits
 * divided by the same number. The result is off by about a grain. In a list of at most `most` every message is one grain.
 */
export function grainFor(list: ListShares, { servers }: Pick<Settings, 'servers'>, most: number): number {
  const rates = Object.values(servers)
    .flatMap(({ windows }) => windows)
    .filter(({ perMs }) => perMs < QUOTA_FROM_MS)
    .map(({ count, perMs }) => Math.max(1, (RATE_BELOW_MS * count) / perMs));
  return Math.max(1, Math.min(list.total / most, ...rates));
}

/** The same rate, in grains. */
export function coarseWindow<W extends Window>(window: W, grain: number): W {
  if (grain === 1) return window;
  const count = Math.max(1, Math.round(window.count / grain));
  return { ...window, count, perMs: Math.round((window.perMs * count * grain) / window.count) };
}

export function coarsePause(pause: NonNullable<Limits['pause']>, grain: number): NonNullable<Limits['pause']> {
  const every = Math.max(1, Math.round(pause.every / grain));
  return { every, forMs: (pause.forMs * every * grain) / pause.every };
}

/**
 * Messages a connection carries, and how much longer it takes to open, where one grain is several: as long as
 * before in total. `readers`: how many there are in all.
 */
export function coarseConnection(
  messages: number,
  readers: number,
  grain: number,
): { messages: number; longer: number } {
  if (grain === 1) return { messages, longer: 1 };
  const real = Math.max(1, Math.min(messages, readers));
  const coarse = Math.max(1, Math.round(real / grain));
  return { messages: coarse, longer: (grain * coarse) / real };
}

/** Every nth entry of a history, the newest first. */
export function thinned(times: readonly number[], grain: number): number[] {
  const kept: number[] = [];
  for (let at = times.length - 1; at >= 0; at -= grain) kept.push(times[Math.round(at)] ?? 0);
  return kept.reverse();
}

/** A domain of the simulated list. */
export interface SimulatedDomain {
  name: string;
  /** Grains. */
  rows: number;
  /** Readers it represents at each of the real domains behind it. */
  readers: number;
}

/** The list in grains: large domains keep their share, small ones represent each other. */
export function simulatedDomains({ total, domains, others }: ListShares, grain: number): SimulatedDomain[] {
  const known = Object.entries(domains).filter(([, count]) => count > 0);
  const rest = Math.max(0, total - known.reduce((sum, [, count]) => sum + count, 0));
  const wanted = Math.max(1, Math.round(total / grain));
  const made: SimulatedDomain[] = [];
  let seen = 0;
  let given = 0;
  // Rounding errors are carried over, so that the sum is kept.
  const take = (count: number) => {
    seen += count;
    const rows = Math.round((seen / Math.max(1, total)) * wanted) - given;
    given += rows;
    return rows;
  };
  for (const [name, count] of known) {
    const rows = take(count);
    if (rows > 0) made.push({ name, rows, readers: count });
  }
  const rows = take(rest);
  const spread = Math.max(1, Math.min(others || 1, rest));
  const places = Math.min(spread, rows);
  for (let at = 0; at < places; at++) {
    const share = Math.floor(((at + 1) * rows) / places) - Math.floor((at * rows) / places);
    made.push({ name: `domain-${at}.invalid`, rows: share, readers: Math.max(1, rest / spread) });
  }
  return made;
}
