// What the system tests share: a machine within this one, in namespaces, with programs of Debian packages that are
// downloaded and unpacked there, never installed here, where they could take the place of another mail server.
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { aptGet, ensurePackages, onPath } from '../../scripts/lib/debianPackages.ts';
import { type RunResult, run } from '../../scripts/lib/run.ts';

const NAMESPACES = ['--mount', '--net', '--pid', '--fork', '--mount-proc', '--kill-child'];

/** Why this machine cannot do it, or "". */
export async function whyNot(): Promise<string> {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux';
  if (process.getuid?.() !== 0) return 'making network namespaces takes root';
  if (!onPath('apt-get') || !onPath('unshare')) return 'the mail servers come as Debian packages';
  await ensurePackages([{ name: 'iproute2', present: () => onPath('ip') !== undefined }]);
  const probe =
    'mount -t tmpfs tmpfs /mnt && mkdir /mnt/u /mnt/w && ip netns add envoi-probe && ip netns del envoi-probe';
  const overlay = 'mount -t overlay overlay -o lowerdir=/etc,upperdir=/mnt/u,workdir=/mnt/w /etc';
  const { code, output } = await run('unshare', [...NAMESPACES, 'sh', '-c', `${probe} && ${overlay}`]);
  return code === 0 ? '' : `this machine does not permit namespaces: ${output.trim().split('\n').at(-1)}`;
}

/** Runs a script as the first process of namespaces of its own; all that it started ends with it, or after the limit. */
export function inNamespaces(script: string, args: readonly string[], limitSeconds: number): Promise<RunResult> {
  const limited = ['-k', '5', String(limitSeconds), 'unshare', ...NAMESPACES];
  return run('timeout', [...limited, process.execPath, script, ...args]);
}

/** Downloads what of these packages the machine lacks, one after the other: some exclude each other. Returns the folder. */
export async function downloadPackages(folderName: string, names: readonly string[]): Promise<string> {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'envoi-editor', folderName);
  await mkdir(join(folder, 'partial'), { recursive: true });
  const options = ['-y', '--no-install-recommends', '-o', `Dir::Cache::archives=${folder}`, '--download-only'];
  for (const name of names) {
    const { code, output } = await aptGet([...options, '-o', 'APT::Sandbox::User=root', 'install', name]);
    if (code !== 0) throw new Error(`apt-get could not fetch ${name}.\n${output.slice(-2000)}`);
  }
  return folder;
}

export const mailServers = ['postfix', 'exim4-daemon-light', 'opensmtpd', 'dnsmasq-base'];
