import { createPrivateKey } from 'node:crypto';
import { readPlainText } from './plainFile.ts';

/** What a key file of `envoi.dkim` contains: a private key of this kind (`rsa`, `ed25519` …), or why it cannot be used. */
export type KeyFile = { kind: string; bits?: number | undefined } | { fault: 'missing' | 'unreadable' | 'noKey' };

export async function readKeyFile(file: string): Promise<KeyFile> {
  let text: string;
  try {
    text = await readPlainText(file, 1_000_000);
  } catch (error) {
    return { fault: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'unreadable' };
  }
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(text);
    return { kind: String(asymmetricKeyType), bits: asymmetricKeyDetails?.modulusLength };
  } catch {
    return { fault: 'noKey' };
  }
}
