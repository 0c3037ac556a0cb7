import { isIPv6 } from 'node:net';

/** Most clients remembered at a time; the least recently seen is forgotten. */
const MOST_CLIENTS = 10_000;

export interface RateLimitOptions {
  /** Requests a client may make at once. Mailbox providers post for many readers from few addresses. */
  burst: number;
  perSecond: number;
}

/** A bucket for each client, in memory only: addresses are never written anywhere. */
export class RateLimit {
  readonly #options: RateLimitOptions;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  /** Whether the client may make a request `now` (epoch ms). */
  take(client: string, now: number): boolean {
    const key = networkOf(client);
    const { burst, perSecond } = this.#options;
    const bucket = this.#buckets.get(key) ?? { left: burst, at: now };
    const left = Math.min(burst, bucket.left + (Math.max(0, now - bucket.at) / 1000) * perSecond);
    this.#buckets.delete(key);
    this.#buckets.set(key, { left: left >= 1 ? left - 1 : left, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MOST_CLIENTS && oldest !== undefined) this.#buckets.delete(oldest);
    return left >= 1;
  }
}

/** An IPv4 address, or the /64 of an IPv6 address: one household is one client. */
function networkOf(client: string): string {
  if (!isIPv6(client)) return client;
  const mapped = /^::ffff:([\d.]+)$/i.exec(client)?.[1];
  if (mapped) return mapped;
  const [head = '', tail] = client.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const rest = tail === '' ? [] : tail.split(':');
    while (groups.length + rest.length < 8) groups.push('0');
    groups.push(...rest);
  }
  return groups.slice(0, 4).join(':');
}
