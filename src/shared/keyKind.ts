import { createPrivateKey } from 'node:crypto';
import { readPlainText } from './plainFile.ts';

/** The type of a key file, `rsa` or `ed25519`; undefined for a file that is not a key, or cannot be read. */
export async function keyKind(file: string): Promise<string | undefined> {
  try {
    return createPrivateKey(await readPlainText(file, 1_000_000)).asymmetricKeyType;
  } catch {
    return undefined;
  }
}
