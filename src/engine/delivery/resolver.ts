import type { DnsResult, RecordType, RecordTypes, Resolver } from '../../shared/dns.ts';

const FAILURE_MS = 30_000;
const LONGEST_MS = 86_400_000;
/** Short, because "there is none" may be fixed soon. */
const LONGEST_NEGATIVE_MS = 300_000;
const SHORTEST_MS = 1_000;
const MAX_ENTRIES = 100_000;

interface Entry {
  result: Promise<DnsResult<RecordTypes[RecordType]>>;
  /** Infinity while the query is in progress. */
  until: number;
}

/** Caches answers for their TTL and failures for half a minute, and merges concurrent queries for the same name. */
export class CachingResolver implements Resolver {
  readonly #inner: Resolver;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();

  constructor(inner: Resolver, now: () => number) {
    this.#inner = inner;
    this.#now = now;
  }

  query<T extends RecordType>(name: string, type: T): Promise<DnsResult<RecordTypes[T]>> {
    const key = `${type} ${name}`;
    const known = this.#entries.get(key);
    if (known && known.until > this.#now()) return known.result as Promise<DnsResult<RecordTypes[T]>>;
    const result = this.#inner.query(name, type);
    const entry: Entry = { result, until: Number.POSITIVE_INFINITY };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    void result.then((answer) => {
      entry.until = this.#now() + lifetime(answer);
    });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MAX_ENTRIES) break;
      this.#entries.delete(oldest);
    }
    return result;
  }

  /** After a change of network: cached answers may no longer be right. */
  clear(): void {
    this.#entries.clear();
  }
}

function lifetime(answer: DnsResult<unknown>): number {
  if (answer.kind === 'failed') return FAILURE_MS;
  const longest = answer.kind === 'found' ? LONGEST_MS : LONGEST_NEGATIVE_MS;
  return Math.min(Math.max(answer.ttlMs, SHORTEST_MS), longest);
}
