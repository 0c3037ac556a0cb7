/** The records that mail needs, as parsed from an answer. Names are lower case, without the final dot. */
export interface RecordTypes {
  A: string;
  AAAA: string;
  MX: { preference: number; exchange: string };
  /** The strings of one record, joined. */
  TXT: string;
  /** Names that an address has. */
  PTR: string;
  TLSA: { usage: number; selector: number; matching: number; data: Buffer };
}

export type RecordType = keyof RecordTypes;

/**
 * `noData`: the name exists without such a record. `noName`: there is no such name. `authenticated`: the resolver
 * proved it by DNSSEC (the AD bit, RFC 6840). `name` is the canonical one, after aliases.
 */
export type DnsResult<T> =
  | { kind: 'found'; records: readonly T[]; name: string; ttlMs: number; authenticated: boolean }
  | { kind: 'noData' | 'noName'; ttlMs: number; authenticated: boolean }
  | { kind: 'failed'; code: 'dnsTemporary' | 'dnsOffline' | 'resolverDown'; detail: string };

/** Never rejects. */
export interface Resolver {
  query<T extends RecordType>(name: string, type: T): Promise<DnsResult<RecordTypes[T]>>;
}
