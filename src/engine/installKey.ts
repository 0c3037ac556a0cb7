import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Made once per state directory; Message-IDs and unsubscribe tokens are keyed with it. */
export function installKey(stateDir: string): Uint8Array {
  const file = join(stateDir, 'key');
  if (!existsSync(file)) {
    writeFileSync(file, randomBytes(32), { mode: 0o600, flag: 'wx' });
    chmodSync(file, 0o600);
  }
  return readFileSync(file);
}
