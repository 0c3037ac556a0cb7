import type { AttemptEnd } from '../../shared/outcome.ts';

const FORGET_MS = 600_000;
const ENOUGH = 6;

/**
 * Tells a network that blocks port 25 from servers that are down: when several unrelated operators cannot be reached
 * and nobody else was reached in ten minutes. A timeout counts double; a refusal may be the server's own. Failures expire
 * after ten minutes, and then the port is tried again.
 */
export class PortWatch {
  readonly #failures = new Map<string, { weight: number; at: number }>();
  #reachedAt = Number.NEGATIVE_INFINITY;

  reached(now: number): void {
    this.#reachedAt = now;
    this.#failures.clear();
  }

  /** Only failures to connect count. */
  failed(operator: string, end: AttemptEnd, now: number): void {
    if (end.kind !== 'fault' || end.stage !== 'connect' || now - this.#reachedAt < FORGET_MS) return;
    const weight = { timeout: 2, unreachable: 2, refused: 1 }[end.code as string] ?? 0;
    if (weight > 0) this.#failures.set(operator, { weight, at: now });
  }

  isBlocked(now: number): boolean {
    let weight = 0;
    for (const [operator, failure] of this.#failures) {
      if (now - failure.at > FORGET_MS) this.#failures.delete(operator);
      else weight += failure.weight;
    }
    return weight >= ENOUGH;
  }
}
