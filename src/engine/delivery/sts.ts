import { lookup } from 'node:dns';
import { get, type RequestOptions } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Resolver } from '../../shared/dns.ts';

/** A domain's wish for its mail's transport (RFC 8461). */
export interface StsPolicy {
  mode: 'enforce' | 'testing' | 'none';
  /** Host patterns; `*.` stands for exactly one label. */
  mx: readonly string[];
  maxAgeMs: number;
}

/** Fetches a policy file. Rejects on anything but a 200 within the rules of RFC 8461 3.3. */
export type FetchPolicy = (url: string) => Promise<string>;

const MAX_BYTES = 65_536;
const FETCH_MS = 15_000;
const LONGEST_MS = 31_557_600_000;
/** A fetch that failed is not tried again sooner (RFC 8461 3.3). */
const FAILED_MS = 300_000;

/** Over HTTPS with a verified certificate; no redirects. `options` are for tests: where the name resolves to, which CA to trust. */
export function httpsFetcher(options: RequestOptions = {}): FetchPolicy {
  return (url) =>
    new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(FETCH_MS);
      const request = get(url, { ...options, signal, headers: { accept: 'text/plain' } }, (response) => {
        const type = response.headers['content-type'] ?? '';
        if (response.statusCode !== 200 || !/^text\/plain\b/i.test(type)) {
          response.destroy();
          reject(new Error(`status ${response.statusCode}, ${type}`));
          return;
        }
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
          if (text.length > MAX_BYTES) response.destroy(new Error('policy too long'));
        });
        response.on('end', () => resolve(text)).on('error', reject);
      });
      request.on('error', reject);
    });
}

/** A foreign domain must not direct a request to this machine or its network: one such address, and none is used. */
export function publicLookup(isForbidden: (address: string) => boolean): LookupFunction {
  return (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return done(error ?? new Error(`${host} has no address`), []);
      const bad = addresses.find(({ address }) => isForbidden(address));
      if (bad) return done(new Error(`${host} leads to ${bad.address}`), []);
      if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}

/** Null when this is not a policy as the RFC defines it: then there is none. */
export function parseStsPolicy(text: string): StsPolicy | null {
  const values = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const key = line.slice(0, Math.max(colon, 0)).trimEnd();
    if (!/^[A-Za-z0-9_.-]+$/.test(key)) continue;
    const known = values.get(key);
    if (known) known.push(line.slice(colon + 1).trim());
    else values.set(key, [line.slice(colon + 1).trim()]);
  }
  const mode = values.get('mode')?.[0];
  const maxAge = values.get('max_age')?.[0] ?? '';
  const mx = (values.get('mx') ?? []).map((pattern) => pattern.toLowerCase().replace(/\.$/, ''));
  if (values.get('version')?.[0] !== 'STSv1' || !/^\d{1,10}$/.test(maxAge)) return null;
  if (mode !== 'enforce' && mode !== 'testing' && mode !== 'none') return null;
  if (mode !== 'none' && mx.length === 0) return null;
  return { mode, mx, maxAgeMs: Math.min(Number(maxAge) * 1000, LONGEST_MS) };
}

/** The id of the one `_mta-sts` record, or null when there is none or more than one (RFC 8461 3.1). */
export function stsRecordId(records: readonly string[]): string | null {
  const ours = records.filter((record) => /^v=STSv1\s*;/.test(record));
  const [only] = ours;
  if (ours.length !== 1 || only === undefined) return null;
  return /;\s*id\s*=\s*([A-Za-z0-9]{1,32})\s*(?:;|$)/.exec(only)?.[1] ?? null;
}

export function stsAllows(policy: Pick<StsPolicy, 'mx'>, host: string): boolean {
  return policy.mx.some((pattern) =>
    pattern.startsWith('*.')
      ? host.slice(host.indexOf('.') + 1) === pattern.slice(2) && host.includes('.')
      : host === pattern,
  );
}

interface Known {
  id: string;
  policy: StsPolicy | null;
  until: number;
}

/** Fetches policies and caches them; a known policy is valid for its max_age, whatever happens to DNS and the web. */
export class StsPolicies {
  readonly #resolver: Resolver;
  readonly #fetch: FetchPolicy;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();
  readonly #fetching = new Map<string, Promise<StsPolicy | null>>();

  constructor(resolver: Resolver, fetch: FetchPolicy, now: () => number) {
    this.#resolver = resolver;
    this.#fetch = fetch;
    this.#now = now;
  }

  /** Never rejects. */
  async policyOf(domain: string): Promise<StsPolicy | null> {
    const answer = await this.#resolver.query(`_mta-sts.${domain}`, 'TXT');
    const id = answer.kind === 'found' ? stsRecordId(answer.records) : null;
    const known = this.#known.get(domain);
    const fresh = known && known.until > this.#now() ? known : undefined;
    if (id === null || fresh?.id === id) return fresh?.policy ?? null;
    const running = this.#fetching.get(domain);
    if (running) return running;
    const fetching = this.#update(domain, id, fresh).finally(() => this.#fetching.delete(domain));
    this.#fetching.set(domain, fetching);
    return fetching;
  }

  async #update(domain: string, id: string, fresh: Known | undefined): Promise<StsPolicy | null> {
    const policy = await this.#fetch(`https://mta-sts.${domain}/.well-known/mta-sts.txt`).then(
      parseStsPolicy,
      () => null,
    );
    if (policy) this.#known.set(domain, { id, policy, until: this.#now() + policy.maxAgeMs });
    else if (!fresh) this.#known.set(domain, { id, policy: null, until: this.#now() + FAILED_MS });
    return policy ?? fresh?.policy ?? null;
  }
}
