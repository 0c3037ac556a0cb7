import { createPrivateKey } from 'node:crypto';
import { readPlainText } from './plainFile.ts';

/** What kind of key a file holds, `rsa` or `ed25519`; undefined for a file that is none, or cannot be read. */
export async function keyKind(file: string): Promise<string | undefined> {
  try {
    return createPrivateKey(await readPlainText(file, 1_000_000)).asymmetricKeyType;
  } catch {
    return undefined;
  }
}
