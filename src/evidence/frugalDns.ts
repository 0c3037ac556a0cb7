import type { DnsResult, RecordType, RecordTypes, Resolver } from '../shared/dns.ts';

/** More questions than any honest sender's records need. */
const MOST = 400;
const MOST_RECORDS = 100;

const stopped = { kind: 'failed', code: 'dnsTemporary', detail: 'it took too long' } as const;

/**
 * Asks each question once, with an overall limit: a foreign zone must not keep us busy. Of very many records of a
 * type only the first are used.
 */
export class FrugalDns implements Resolver {
  readonly #inner: Resolver;
  readonly #signal: AbortSignal;
  readonly #most: number;
  readonly #ended: Promise<typeof stopped>;
  readonly #asked = new Map<string, Promise<DnsResult<RecordTypes[RecordType]>>>();

  constructor(inner: Resolver, signal: AbortSignal, most = MOST) {
    this.#inner = inner;
    this.#signal = signal;
    this.#most = most;
    this.#ended = new Promise((resolve) => signal.addEventListener('abort', () => resolve(stopped), { once: true }));
  }

  query<T extends RecordType>(name: string, type: T): Promise<DnsResult<RecordTypes[T]>> {
    const key = `${type} ${name.toLowerCase().replace(/\.$/, '')}`;
    const known = this.#asked.get(key);
    if (known) return known as Promise<DnsResult<RecordTypes[T]>>;
    const answer = this.#asked.size >= this.#most ? Promise.resolve(tooMany(this.#most)) : this.#ask(name, type);
    if (this.#asked.size < this.#most) this.#asked.set(key, answer);
    return answer as Promise<DnsResult<RecordTypes[T]>>;
  }

  async #ask<T extends RecordType>(name: string, type: T): Promise<DnsResult<RecordTypes[T]>> {
    if (this.#signal.aborted) return stopped;
    const answer = await Promise.race([this.#inner.query(name, type), this.#ended]);
    if (answer.kind !== 'found' || answer.records.length <= MOST_RECORDS) return answer;
    return { ...answer, records: answer.records.slice(0, MOST_RECORDS) };
  }
}

const tooMany = (most: number) =>
  ({ kind: 'failed', code: 'dnsTemporary', detail: `more than ${most} questions` }) as const;
