import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * How the engine proves that it may read the tokens: HMAC-SHA-256 with the endpoint's secret over the query, the time and
 * a number used once, in the header
 *
 *     X-Envoi-Signature: at=<epoch seconds>, nonce=<32 hex digits>, mac=<64 hex digits>
 *
 * A custom header, because many web hosts do not pass Authorization on to scripts.
 *
 * The same few lines are in each recipe under docs/unsubscribe.
 */
export interface PullSignature {
  /** Epoch seconds. */
  at: number;
  nonce: string;
  mac: string;
}

/** How far the two clocks may be apart, in seconds. */
export const CLOCK_SKEW_S = 300;

export function pullMac(secret: string, query: string, at: number, nonce: string): string {
  return createHmac('sha256', secret).update(`${query}\n${at}\n${nonce}`).digest('hex');
}

export function pullSignature(secret: string, query: string, at: number, nonce: string): string {
  return `at=${at}, nonce=${nonce}, mac=${pullMac(secret, query, at, nonce)}`;
}

const HEADER = /^at=(\d{1,12}), nonce=([0-9a-f]{32}), mac=([0-9a-f]{64})$/;

/** In lower case, as Node gives it. */
export const SIGNATURE_HEADER = 'x-envoi-signature';

export type PullRefusal = 'unsigned' | 'wrongSecret' | 'wrongTime' | 'replayed';

/** Checks signatures and remembers nonces for as long as their time would be accepted. */
export class PullGuard {
  readonly #secret: string;
  /** Nonce to the epoch second from which its time is no longer accepted. */
  readonly #used = new Map<string, number>();

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** `now` in epoch seconds. Only a valid signature is remembered, so that strangers cannot fill the memory. */
  refuse(header: string | undefined, query: string, now: number): PullRefusal | undefined {
    const [, at, nonce, mac] = HEADER.exec(header ?? '') ?? [];
    if (!at || !nonce || !mac) return 'unsigned';
    const expected = pullMac(this.#secret, query, Number(at), nonce);
    if (!timingSafeEqual(Buffer.from(expected), Buffer.from(mac))) return 'wrongSecret';
    if (Math.abs(now - Number(at)) > CLOCK_SKEW_S) return 'wrongTime';
    for (const [old, until] of this.#used) if (until < now) this.#used.delete(old);
    if (this.#used.has(nonce)) return 'replayed';
    this.#used.set(nonce, Number(at) + CLOCK_SKEW_S);
    return undefined;
  }
}
