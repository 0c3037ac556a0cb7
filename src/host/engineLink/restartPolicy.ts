/** When a lost engine is started again: at most `max` times in `withinMs`, each time a little later. Immutable. */
export interface RestartPolicy {
  readonly startedAt: readonly number[];
}

export const freshPolicy: RestartPolicy = { startedAt: [] };

const MAX = 5;
const WITHIN_MS = 3 * 60_000;

export type RestartStep = { kind: 'restart'; afterMs: number; policy: RestartPolicy } | { kind: 'giveUp' };

export function nextRestart(policy: RestartPolicy, now: number): RestartStep {
  const recent = policy.startedAt.filter((at) => now - at < WITHIN_MS);
  if (recent.length >= MAX) return { kind: 'giveUp' };
  return { kind: 'restart', afterMs: 250 * 2 ** recent.length, policy: { startedAt: [...recent, now] } };
}
