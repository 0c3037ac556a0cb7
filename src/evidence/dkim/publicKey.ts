import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readTags } from '../tagList.ts';

export type PublicKey = { kind: 'rsa'; bits: number; spki: string } | { kind: 'ed25519'; raw: string };

/** A DKIM record (RFC 6376, 3.6.1, RFC 8463). */
export type DkimRecord =
  | { kind: 'key'; key: PublicKey; testing: boolean }
  | { kind: 'revoked' }
  /** `tag`: the one that cannot be parsed, or that keeps the key from being used for mail. */
  | { kind: 'wrong'; tag: string };

/** The public half of a private key in PEM form; null when it is not an RSA or Ed25519 key. */
export function publicKeyOf(pem: string): PublicKey | null {
  try {
    return describe(createPublicKey(createPrivateKey(pem)));
  } catch {
    return null;
  }
}

function describe(key: KeyObject): PublicKey | null {
  const spki = key.export({ type: 'spki', format: 'der' });
  if (key.asymmetricKeyType === 'rsa')
    return { kind: 'rsa', bits: key.asymmetricKeyDetails?.modulusLength ?? 0, spki: spki.toString('base64') };
  // The octets of the key stand at the end of its structure (RFC 8410, 4).
  return key.asymmetricKeyType === 'ed25519' ? { kind: 'ed25519', raw: spki.subarray(-32).toString('base64') } : null;
}

/** The record to publish. */
export function dkimValue(key: PublicKey): string {
  return key.kind === 'rsa' ? `v=DKIM1; k=rsa; p=${key.spki}` : `v=DKIM1; k=ed25519; p=${key.raw}`;
}

export function readDkimRecord(text: string): DkimRecord {
  const tags = readTags(text);
  if (!tags) return { kind: 'wrong', tag: '' };
  const version = tags.get('v');
  if (version !== undefined && (version !== 'DKIM1' || [...tags.keys()][0] !== 'v')) return { kind: 'wrong', tag: 'v' };
  const hashes = tags.get('h');
  if (hashes !== undefined && !hashes.split(':').some((hash) => hash.trim().toLowerCase() === 'sha256'))
    return { kind: 'wrong', tag: 'h' };
  const services = tags.get('s');
  if (services !== undefined && !services.split(':').some((service) => /^(?:\*|email)$/i.test(service.trim())))
    return { kind: 'wrong', tag: 's' };
  const written = tags.get('p')?.replace(/\s+/g, '');
  if (written === undefined) return { kind: 'wrong', tag: 'p' };
  if (written === '') return { kind: 'revoked' };
  const type = tags.get('k')?.toLowerCase() ?? 'rsa';
  if (type !== 'rsa' && type !== 'ed25519') return { kind: 'wrong', tag: 'k' };
  const key = type === 'rsa' ? readRsa(written) : readEd25519(written);
  const testing = (tags.get('t') ?? '').split(':').some((flag) => flag.trim() === 'y');
  return key ? { kind: 'key', key, testing } : { kind: 'wrong', tag: 'p' };
}

/** As SubjectPublicKeyInfo, or bare, as some publish it (RFC 6376, 3.6.1). */
function readRsa(base64: string): PublicKey | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  const key = Buffer.from(base64, 'base64');
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      const found = describe(createPublicKey({ key, format: 'der', type }));
      if (found?.kind === 'rsa') return found;
    } catch {
      // The other form, then.
    }
  }
  return null;
}

function readEd25519(base64: string): PublicKey | null {
  const raw = Buffer.from(base64, 'base64');
  return raw.length === 32 ? { kind: 'ed25519', raw: raw.toString('base64') } : null;
}

export function sameKey(a: PublicKey, b: PublicKey): boolean {
  if (a.kind === 'rsa') return b.kind === 'rsa' && a.spki === b.spki;
  return b.kind === 'ed25519' && a.raw === b.raw;
}
