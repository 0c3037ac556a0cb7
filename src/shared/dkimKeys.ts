import { generateKeyPair } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, link, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makePrivateDir } from './privateDir.ts';
import { defaultStateDir } from './stateDir.ts';

/** What every receiver can verify, as generally recommended. */
const BITS = 2048;
const MOST = 100;

/** Where our keys are stored: in the person's own folder, outside every repository. */
export function dkimFolder(stateDir = defaultStateDir()): string {
  return join(stateDir, 'dkim');
}

/**
 * Creates a key pair for a domain and writes the private half to a file that only its owner can read. An existing file
 * is never written over: the key gets the next free selector. Throws the system's error.
 */
export async function makeDkimKey(domain: string, folder = dkimFolder()): Promise<{ selector: string; file: string }> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: BITS,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  makePrivateDir(folder);
  if (process.platform !== 'win32') await chmod(folder, 0o700);
  for (let nth = 1; nth <= MOST; nth++) {
    const selector = nth === 1 ? 'envoi' : `envoi${nth}`;
    const file = join(folder, `${domain}.${selector}.pem`);
    if (existsSync(file)) continue;
    await writeWhole(file, privateKey);
    return { selector, file };
  }
  throw new Error(`${folder} has ${MOST} keys for ${domain}`);
}

/** All or nothing, and never over another one. */
async function writeWhole(file: string, text: string): Promise<void> {
  const unfinished = `${file}.${process.pid}.unfinished`;
  await writeFile(unfinished, text, { mode: 0o600, flag: 'wx' });
  try {
    await link(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
}
