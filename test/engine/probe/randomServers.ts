import type { Model, ModelRate } from './modelServer.ts';

const between = (random: () => number, low: number, high: number) => Math.round(low * (high / low) ** random());
const one = <T>(random: () => number, of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;

/** A server such as there are many: some limits, of sizes that are met. */
export function randomModel(random: () => number): Model {
  const rate = randomRate(random);
  return {
    connections: random() < 0.3 ? Number.POSITIVE_INFINITY : between(random, 1, 15),
    perConnection: random() < 0.5 ? Number.POSITIVE_INFINITY : between(random, 3, 45),
    rate,
    connects: random() < 0.15 ? { count: between(random, 12, 40), perMs: 60_000 } : null,
    closes: { full: random() < 0.6, rate: random() < 0.3 },
    messageMs: between(random, 20, 250),
    connectMs: between(random, 40, 600),
    offsetMs: Math.floor(random() * 60_000),
  };
}

function randomRate(random: () => number): ModelRate | null {
  const kind = random();
  if (kind < 0.2) return null;
  if (kind < 0.6) return { kind: 'bucket', burst: between(random, 5, 60), perMinute: between(random, 6, 90) };
  return {
    kind: 'window',
    count: between(random, 5, 80),
    perMs: random() < 0.5 ? one(random, [10_000, 30_000, 60_000]) : 1_000 * between(random, 5, 100),
    begins: one(random, ['aligned', 'first', 'rolling']),
  };
}
