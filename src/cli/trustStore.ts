import { createHash, randomBytes } from 'node:crypto';
import { realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { msg } from '../shared/errors.ts';
import { readPlainText } from '../shared/plainFile.ts';
import { makePrivateDir } from '../shared/privateDir.ts';
import { defaultStateDir } from '../shared/stateDir.ts';
import { printError } from './terminal.ts';
import { say } from './words.ts';

/** What a person has approved. It is stored in the person's own folder, wherever a command keeps its campaigns. */
interface Trusted {
  /** Settings next to documents: SHA-256 of the content that was shown, by path with links followed. */
  settings: Record<string, string>;
  /** The accounts, as `user@host:port`, that may have the password of an environment variable. */
  passwords: Record<string, readonly string[]>;
}

const MAX = 10_000_000;

export async function isTrustedText(path: string, text: string): Promise<boolean> {
  return (await read()).settings[realpathSync(path)] === sha256(text);
}

export async function isBound(variable: string, account: string): Promise<boolean> {
  return (await read()).passwords[variable]?.includes(account) ?? false;
}

/** Settings as they are now, and the accounts that get a password by them. An edited file is a new one. */
export async function keepTrust(
  settings: { path: string; text: string } | null,
  bindings: readonly { variable: string; account: string }[],
): Promise<void> {
  const trusted = await read();
  if (settings) trusted.settings[realpathSync(settings.path)] = sha256(settings.text);
  for (const { variable, account } of bindings)
    trusted.passwords[variable] = [...new Set([...(trusted.passwords[variable] ?? []), account])];
  try {
    write(trusted);
  } catch (error) {
    // It was approved: it counts this time all the same.
    const reason = error instanceof Error ? error.message : String(error);
    printError(`envoi: ${say(msg('{0} cannot be written ({1}); you will be asked again', file(), reason))}`);
  }
}

function file(): string {
  return join(defaultStateDir(), 'trust.json');
}

async function read(): Promise<Trusted> {
  const trusted: Trusted = { settings: Object.create(null), passwords: Object.create(null) };
  try {
    const known = JSON.parse(await readPlainText(file(), MAX)) as Partial<Trusted> | null;
    for (const [path, hash] of Object.entries(known?.settings ?? {})) trusted.settings[path] = String(hash);
    for (const [name, accounts] of Object.entries(known?.passwords ?? {}))
      if (Array.isArray(accounts)) trusted.passwords[name] = accounts.map(String);
  } catch {
    // Then nothing is known, and the question is asked again.
  }
  return trusted;
}

function write(trusted: Trusted): void {
  const unfinished = `${file()}.${randomBytes(4).toString('hex')}`;
  try {
    makePrivateDir(defaultStateDir());
    writeFileSync(unfinished, JSON.stringify(trusted, null, 1), { mode: 0o600, flag: 'wx' });
    renameSync(unfinished, file());
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
