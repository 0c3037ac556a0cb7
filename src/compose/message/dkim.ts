import { createHash, createPrivateKey, hash, type KeyObject, sign } from 'node:crypto';
import { msg, UserError } from '../../shared/errors.ts';
import type { DkimKey } from '../newsletter.ts';
import { type Field, relaxField } from './field.ts';
import { SigningThread } from './signingThread.ts';

/** Signs with relaxed/relaxed (RFC 6376); rsa-sha256 or ed25519-sha256 (RFC 8463) by the kind of key. */
export interface DkimSigner {
  /**
   * The whole DKIM-Signature field, CRLF at its end. `fields` are the head as it goes out; `body` must be its own relaxed
   * canonical form and begin with the signer's prefix, and is read before this returns. The signature is made in another
   * thread; the field's length is known at once, so that space can be reserved for it.
   */
  sign(fields: readonly Field[], body: Uint8Array, at: number): { length: number; field: Promise<string> };
  /** The thread drops the key. What is signed all the same is signed without it. */
  close(): void;
}

/** Signed when present, and one more time: adding a second one on the way breaks the signature. */
const oversigned = ['from', 'to', 'cc', 'reply-to', 'subject', 'date', 'message-id', 'mime-version', 'content-type'];

/** Signed when present; servers on the way may add their own where there is none. */
const signed = [...oversigned, 'list-id', 'list-unsubscribe', 'list-unsubscribe-post', 'feedback-id'];

/**
 * `prefix` is the common start of all bodies: it is hashed once. Throws a UserError for a key that cannot sign: unsigned mail is
 * never sent in place of signed.
 */
export function createDkimSigner(key: DkimKey, prefix: Uint8Array): DkimSigner {
  const privateKey = readKey(key);
  const algorithm = privateKey.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ed25519-sha256';
  const size = algorithm === 'rsa-sha256' ? Math.ceil((privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8) : 64;
  const signatureLength = cut('x'.repeat(Math.ceil(size / 3) * 4)).length;
  const hashOf = createBodyHash(prefix);
  const namesOf = createNameList();
  const signature = createSignature(algorithm, privateKey);
  return {
    sign(fields, body, at) {
      const present = signedFields(fields);
      const unsigned = template(key, algorithm, at, namesOf(present), hashOf(body));
      const input = `${present.map((field) => field.relaxed).join('')}${relaxField(unsigned)}`;
      const field = signature.make(input).then((signature) => `${unsigned}${cut(signature)}\r\n`);
      return { length: unsigned.length + signatureLength + 2, field };
    },
    close: signature.close,
  };
}

/** Below this a copied state costs more than it saves. */
const WORTH_KEEPING = 2_048;

/** SHA-256 in base64 of bodies that all begin with `prefix`. */
export function createBodyHash(prefix: Uint8Array): (body: Uint8Array) => string {
  if (prefix.length < WORTH_KEEPING) return (body) => hash('sha256', body as Buffer, 'base64');
  const begun = createHash('sha256').update(prefix);
  return (body) => begun.copy().update(body.subarray(prefix.length)).digest('base64');
}

function template(key: DkimKey, algorithm: string, at: number, names: string, bodyHash: string): string {
  return `DKIM-Signature: v=1; a=${algorithm}; c=relaxed/relaxed; d=${key.domain};\r\n s=${key.selector}; t=${Math.floor(at / 1000)};\r\n h=${names};\r\n bh=${bodyHash};\r\n b=`;
}

function cut(signature: string): string {
  return signature.replace(/.{74}(?=.)/g, '$&\r\n ');
}

/** Signatures of one campaign before a thread is started for the rest: starting it takes as long as about a hundred. */
const MANY = 100;

/** A signature with such a key takes about a quarter of a millisecond. Longer keys take so long that several cores gain more. */
const SHORT_KEY_BITS = 2_048;

const thread = new SigningThread();

/** In base64. The first ones, and what the thread could not make, in libuv's pool. */
function createSignature(
  algorithm: string,
  key: KeyObject,
): { make: (input: string) => Promise<string>; close: () => void } {
  const rsa = algorithm === 'rsa-sha256';
  const inPool = (input: string) => signInPool(rsa, input, key);
  let worthThread = !rsa || (key.asymmetricKeyDetails?.modulusLength ?? 0) <= SHORT_KEY_BITS;
  let made = 0;
  return {
    make(input) {
      if (!worthThread || made++ < MANY) return inPool(input);
      return thread.sign(key, input).catch(() => {
        worthThread = false;
        return inPool(input);
      });
    },
    close() {
      worthThread = false;
      thread.forget(key);
    },
  };
}

function signInPool(rsa: boolean, input: string, key: KeyObject): Promise<string> {
  const data = Buffer.from(input);
  const payload = rsa ? data : createHash('sha256').update(data).digest();
  return new Promise((resolve, reject) => {
    sign(rsa ? 'sha256' : null, payload, key, (error, signature) => {
      if (error) reject(error);
      else resolve(signature.toString('base64'));
    });
  });
}

/** In the order of `signed`; of two with one name the last, which a verifier takes first. */
function signedFields(fields: readonly Field[]): Field[] {
  const present = new Map<string, Field>();
  for (const field of fields) present.set(field.name, field);
  return signed.map((name) => present.get(name)).filter((field) => field !== undefined);
}

/** The value of `h=`; most messages of a campaign have the same. */
function createNameList(): (present: readonly Field[]) => string {
  const known = new Map<string, string>();
  return (present) => {
    const names = present.map((field) => field.name);
    const key = names.join();
    const list = known.get(key) ?? nameList(names);
    known.set(key, list);
    return list;
  };
}

/** Each name, and an extra time those that must not occur twice (oversigning, RFC 6376 8.15); others may be added on the way. */
function nameList(names: readonly string[]): string {
  const all = [...names, ...oversigned, ...names.filter((name) => name.startsWith('list-'))];
  let line = '';
  const lines: string[] = [];
  for (const name of all) {
    if (line !== '' && line.length + name.length > 68) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? name : `:${name}`;
  }
  lines.push(line);
  return lines.join(':\r\n ');
}

function readKey(key: DkimKey): KeyObject {
  const fail = (remedy: ReturnType<typeof msg>) =>
    new UserError('dkimKey', msg('The DKIM key for {0} cannot be used. Nothing was sent.', key.domain), remedy);
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(key.privateKey);
  } catch {
    throw fail(msg('The file must contain an RSA or Ed25519 private key in PEM format, without a passphrase.'));
  }
  switch (privateKey.asymmetricKeyType) {
    case 'rsa': {
      const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? 0;
      if (bits < 1024) throw fail(msg('It has {0} bits; receivers require at least 1024 and recommend 2048.', bits));
      break;
    }
    case 'ed25519':
      break;
    default:
      throw fail(msg('It is a key of type {0}; DKIM requires RSA or Ed25519.', String(privateKey.asymmetricKeyType)));
  }
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(key.selector) || !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(key.domain))
    throw fail(msg('The selector and the domain must be plain domain names: “{0}”, “{1}”.', key.selector, key.domain));
  return privateKey;
}
