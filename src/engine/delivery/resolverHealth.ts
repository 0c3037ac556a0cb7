import type { Resolver } from '../../shared/dns.ts';

/** Names that have existed for decades. Only looked up for their existence, when a name server is in doubt. */
const KNOWN_GOOD = ['gmail.com', 'outlook.com', 'yahoo.com', 'wikipedia.org'];
/** How long a result is valid. */
const HOLDS_MS = 5_000;
/** Other lookups are in progress: their answers may arrive in a moment. */
const MOMENT_MS = 500;

/**
 * Tells a domain that does not exist, or has no answer, from a name server that does not answer correctly (a captive portal,
 * a broken router, a blocked port 53): a domain is called dead only while names known to be good are found.
 */
export class ResolverHealth {
  readonly #resolver: Resolver;
  readonly #now: () => number;
  /** Domains found here before; looked up again where there is no other evidence. */
  readonly #good = new Set<string>();
  #foundAt = Number.NEGATIVE_INFINITY;
  #asked: { at: number; answer: Promise<boolean> } | null = null;

  /** `resolver` must not cache. */
  constructor(resolver: Resolver, now: () => number) {
    this.#resolver = resolver;
    this.#now = now;
  }

  found(domain: string): void {
    this.#foundAt = this.#now();
    if (this.#good.size < 3) this.#good.add(domain);
  }

  works(): Promise<boolean> {
    const now = this.#now();
    if (this.#asked && now - this.#asked.at < HOLDS_MS) return this.#asked.answer;
    const answer = this.#ask(now);
    this.#asked = { at: now, answer };
    return answer;
  }

  async #ask(since: number): Promise<boolean> {
    const exists = async (name: string) => {
      const { kind } = await this.#resolver.query(name, 'MX');
      if (kind === 'failed' || kind === 'noName') throw new Error(kind);
    };
    const names = [...KNOWN_GOOD, ...this.#good];
    const found = await Promise.any(names.map(exists)).then(
      () => true,
      () => false,
    );
    if (found) return true;
    await new Promise((resolve) => setTimeout(resolve, MOMENT_MS));
    return this.#foundAt > since - HOLDS_MS;
  }
}
