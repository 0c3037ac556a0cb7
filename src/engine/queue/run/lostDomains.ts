/** A domain that cannot be found for this long is left to the next transport. */
const LOST_MS = 30 * 60_000;
const MAX_DOMAINS = 20_000;

/** Domains whose mail servers cannot be found at present: since when, and until when no lookup is made; by campaign. */
export class LostDomains {
  readonly #domains = new Map<string, { since: number; until: number }>();

  /** Its lookup failed: until then its rows do not ask. Returns since when it has been failing. */
  lose(campaign: number, domain: string, now: number, until: number): number {
    const key = `${campaign} ${domain}`;
    const since = this.#domains.get(key)?.since ?? now;
    if (this.#domains.size >= MAX_DOMAINS) this.#domains.clear();
    this.#domains.set(key, { since, until });
    return since;
  }

  found(campaign: number, domain: string): void {
    this.#domains.delete(`${campaign} ${domain}`);
  }

  at(campaign: number, domain: string, now: number): { since: number; until: number; forLong: boolean } | null {
    const lost = this.#domains.get(`${campaign} ${domain}`);
    return lost && lost.until > now ? { ...lost, forLong: now - lost.since >= LOST_MS } : null;
  }
}
