import { placeOfKey } from '../../compose/document/places.ts';
import { takesOurSignature } from '../../providers/lookup.ts';
import { type Finding, msg, type Text } from '../../shared/errors.ts';
import type { KeyFile } from '../../shared/readKeyFile.ts';
import { transportNames } from '../../shared/settings.ts';
import { dkimKeyFor } from '../../shared/signing.ts';
import { type CheckInput, finding } from './check.ts';
import { senderAddress } from './senderAddress.ts';

/** Shorter signatures do not count at receivers (RFC 8301). */
const LEAST_BITS = 1024;

/** The key that would sign: one that cannot stops sending, and a signature that few can verify counts as none. */
export async function checkDkimKey(
  input: CheckInput,
  readKeyFile: (file: string) => Promise<KeyFile>,
): Promise<Finding[]> {
  const { document, settings } = input;
  const key = dkimKeyFor(settings.dkim, senderAddress(input));
  if (!key) return [];
  const found = await readKeyFile(key.entry.privateKeyFile);
  const place = { ...placeOfKey(document, 'from'), key: 'envoi.dkim' };
  const unusable = whyUnusable(found, key.entry.privateKeyFile, `envoi.dkim["${key.domain}"].privateKeyFile`);
  if (unusable) return [finding('dkimKeyFile', 'error', unusable, place)];
  // A transport that is not one of our servers delivers directly, and nobody else signs its mail.
  const ours = transportNames(settings).some((name) => takesOurSignature(settings.servers[name] ?? { host: '' }));
  if (!ours || !('kind' in found) || found.kind !== 'ed25519') return [];
  const text = msg(
    'The only DKIM key of {0} is an Ed25519 key: Gmail, Microsoft and others do not verify it, and treat the letter as unsigned. Sign with a 2048-bit RSA key.',
    key.domain,
  );
  return [finding('dkimEd25519', 'warning', text, place)];
}

/** Sending refuses such a key too, whatever the transport: unsigned mail never takes the place of signed. */
function whyUnusable(found: KeyFile, file: string, setting: string): Text | null {
  if ('kind' in found) {
    if (found.kind !== 'rsa' && found.kind !== 'ed25519') {
      return msg(
        'The DKIM key {0} is of type {1}; DKIM requires RSA or Ed25519. Put such a key there, or correct {2}.',
        file,
        found.kind,
        setting,
      );
    }
    if (found.kind === 'ed25519' || (found.bits ?? 0) >= LEAST_BITS) return null;
    return msg(
      'The DKIM key {0} has {1} bits; receivers require at least 1024. Put a 2048-bit RSA key there, or correct {2}.',
      file,
      found.bits ?? 0,
      setting,
    );
  }
  switch (found.fault) {
    case 'missing':
      return msg('The DKIM key {0} does not exist. Put the key there, or correct {1}.', file, setting);
    case 'unreadable':
      return msg(
        'The DKIM key {0} cannot be read. Give your user the right to read this file, or correct {1}.',
        file,
        setting,
      );
    case 'noKey':
      return msg(
        'The file {0} is not an RSA or Ed25519 private key in PEM format without a passphrase. Put the DKIM key there, or correct {1}.',
        file,
        setting,
      );
    default:
      return found.fault satisfies never;
  }
}
