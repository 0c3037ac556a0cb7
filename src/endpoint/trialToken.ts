import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * A token that belongs to no reader, with which `envoi check` tests the unsubscribe link. It looks like a reader's; anyone
 * who has the endpoint's secret recognizes it, on any machine: 16 random octets and 16 of an HMAC over them, in base64url.
 */
export function trialToken(secret: string): string {
  const nonce = randomBytes(NONCE);
  return Buffer.concat([nonce, mark(secret, nonce)]).toString('base64url');
}

export function isTrialToken(secret: string, token: string): boolean {
  const bytes = Buffer.from(token, 'base64url');
  return bytes.length === 2 * NONCE && timingSafeEqual(mark(secret, bytes.subarray(0, NONCE)), bytes.subarray(NONCE));
}

const NONCE = 16;

function mark(secret: string, nonce: Uint8Array): Buffer {
  return createHmac('sha256', secret).update('envoi-trial\n').update(nonce).digest().subarray(0, NONCE);
}
