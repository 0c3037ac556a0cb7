import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type RunResult, run } from './run.ts';

/** A Debian package and how to see that what it brings is there, whoever installed it. */
export interface Needed {
  name: string;
  present: () => boolean;
}

export function onPath(...programs: string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const ending = process.platform === 'win32' ? '.exe' : '';
  return programs
    .flatMap((program) => folders.map((folder) => join(folder, program + ending)))
    .find((path) => existsSync(path));
}

export const chromium = (): string | undefined =>
  process.env.ENVOI_CHROMIUM ?? onPath('chromium', 'chromium-browser', 'google-chrome');

/** What the browser-driven editor and its one-time build need. */
export const editorPackages: readonly Needed[] = [
  { name: 'chromium', present: () => chromium() !== undefined },
  { name: 'libkrb5-dev', present: () => existsSync('/usr/include/gssapi/gssapi.h') },
  { name: 'g++', present: () => onPath('g++') !== undefined },
  { name: 'make', present: () => onPath('make') !== undefined },
  { name: 'python3', present: () => onPath('python3') !== undefined },
  { name: 'fonts-noto-core', present: () => existsSync('/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf') },
];

/** What the tests of the engine call as separate programs. */
export const toolPackages: readonly Needed[] = [
  { name: 'openssl', present: () => onPath('openssl') !== undefined },
  { name: 'git', present: () => onPath('git') !== undefined },
];

/** What runs the PHP recipe of docs/unsubscribe. */
export const phpPackages: readonly Needed[] = [{ name: 'php-cli', present: () => onPath('php') !== undefined }];

/** The mailbox of the tests that read one. */
export const imapPackages: readonly Needed[] = [
  { name: 'dovecot-imapd', present: () => existsSync('/usr/lib/dovecot/imap') },
];

/** Installs what is missing, or says in one line what the person has to run. */
export async function ensurePackages(needed: readonly Needed[]): Promise<void> {
  const missing = needed.filter((each) => !each.present()).map((each) => each.name);
  if (missing.length === 0) return;
  const install = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !onPath('apt-get'))
    throw new Error(`These programs are missing for the tests. Run this once, then try again:\n\n  sudo ${install}\n`);
  console.error(`Installing Debian packages: ${missing.join(' ')}`);
  const result = await aptGet(install.split(' ').slice(1));
  if (result.code !== 0) throw new Error(`${install} failed.\n${result.output.slice(-2000)}`);
}

/**
 * Waits while another apt-get has the lock; brings the lists up to date when it fails the first time. Test files that run
 * side by side take turns: the timeout holds for dpkg's lock only, not for those of the lists and of the downloads. What
 * a package starts does not keep the turn (`--close`).
 */
export async function aptGet(args: readonly string[]): Promise<RunResult> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const inTurn = ['--close', '/var/cache/apt', 'apt-get', '-o', 'DPkg::Lock::Timeout=300'];
  const patient = (rest: readonly string[]) => run('flock', [...inTurn, ...rest], { env });
  const first = await patient(args);
  if (first.code === 0) return first;
  await patient(['update']);
  return patient(args);
}
