import { createHmac, type KeyObject } from 'node:crypto';

/**
 * Opaque, unforgeable and the same in every attempt: both are HMAC-SHA-256 over campaign and recipient. A
 * KeyObject as the key is six times as fast as its bytes.
 */

/** base64url, 43 characters. What an unsubscribe URL carries. */
export function unsubscribeToken(key: Uint8Array | KeyObject, campaign: string, address: string): string {
  return createHmac('sha256', key).update(`unsubscribe|${campaign}|${address.toLowerCase()}`).digest('base64url');
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** 160 bits: unforgeable, and short enough for the header to stay on one line of 78 characters with most domains. */
const ID_OCTETS = 20;

/** Left part of the Message-ID: 32 characters of base32. */
export function messageIdLocal(key: Uint8Array | KeyObject, campaign: string, address: string): string {
  const digest = createHmac('sha256', key).update(`${campaign}|${address}`).digest().subarray(0, ID_OCTETS);
  let out = '';
  let bits = 0;
  let value = 0;
  for (const byte of digest) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += BASE32[(value >> bits) & 31];
    }
  }
  return out;
}
