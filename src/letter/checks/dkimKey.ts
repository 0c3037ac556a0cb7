import { placeOfKey } from '../../compose/document/places.ts';
import { takesOurSignature } from '../../providers/lookup.ts';
import { type Finding, msg } from '../../shared/errors.ts';
import { transportNames } from '../../shared/settings.ts';
import { dkimKeyFor } from '../../shared/signing.ts';
import { type CheckInput, finding } from './check.ts';
import { senderAddress } from './senderAddress.ts';

/** A signature that few can verify counts as none. `kindOf` reads the type of a key file. */
export async function checkDkimKey(
  input: CheckInput,
  kindOf: (file: string) => Promise<string | undefined>,
): Promise<Finding[]> {
  const { document, settings } = input;
  const key = dkimKeyFor(settings.dkim, senderAddress(input));
  // A transport that is not one of our servers delivers directly, and nobody else signs its mail.
  const ours = transportNames(settings).some((name) => takesOurSignature(settings.servers[name] ?? { host: '' }));
  if (!key || !ours || (await kindOf(key.entry.privateKeyFile)) !== 'ed25519') return [];
  const text = msg(
    'The only DKIM key of {0} is an Ed25519 key: Gmail, Microsoft and others do not verify it, and treat the letter as unsigned. Sign with a 2048-bit RSA key.',
    key.domain,
  );
  return [finding('dkimEd25519', 'warning', text, { ...placeOfKey(document, 'from'), key: 'envoi.dkim' })];
}
