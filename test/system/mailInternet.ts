// A mail internet on this machine, on the true ports 53 and 25: builds it, sends 1,000 rows to 20 domains in three ways,
// tears it down, and says who got what.   npx node test/system/mailInternet.ts
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { aptGet, ensurePackages, onPath } from '../../scripts/lib/debianPackages.ts';
import { must, run } from '../../scripts/lib/run.ts';
import type { ScenarioResult } from './internet/campaign.ts';

const SERVERS = ['postfix', 'exim4-daemon-light', 'opensmtpd', 'dnsmasq-base'];
/** Beyond this the whole little internet is ended. */
const LIMIT = '240s';
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

/** Everything is in namespaces and one folder: when this returns, nothing of it is left but the downloaded packages. */
export async function sendOverMailInternet(cli: string): Promise<ScenarioResult[]> {
  const packages = await downloadServers();
  const folder = await mkdtemp(join(tmpdir(), 'envoi-internet-'));
  try {
    const inside = join(import.meta.dirname, 'internet/inside.ts');
    await must('timeout', [
      '-k',
      '5',
      LIMIT,
      'unshare',
      ...NAMESPACES,
      process.execPath,
      inside,
      folder,
      packages,
      cli,
    ]);
    return JSON.parse(await readFile(join(folder, 'results.json'), 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Fetches the packages without installing them: apt would not install three mail servers at once. */
async function downloadServers(): Promise<string> {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'envoi-editor/mail-servers');
  await mkdir(join(folder, 'partial'), { recursive: true });
  const apt = ['-y', '--no-install-recommends', '-o', `Dir::Cache::archives=${folder}`, '--download-only'];
  for (const name of SERVERS) {
    const args = [...apt, '-o', 'APT::Sandbox::User=root', 'install', name];
    const { code, output } = await aptGet(args);
    if (code !== 0) throw new Error(`apt-get could not fetch ${name}.\n${output.slice(-2000)}`);
  }
  return folder;
}

/** Who got what, for people. */
export function table(results: readonly ScenarioResult[]): string {
  const lines: string[] = [];
  for (const { name, seconds, domains, twice, lost, strangers } of results) {
    lines.push('', `${name} (${seconds.toFixed(1)} s)`);
    for (const { domain, about, states, stored } of domains) {
      const went = Object.entries(states).map(([state, count]) => `${count} ${state}`);
      const found = Object.entries(stored).map(([software, count]) => `${count} at ${software}`);
      lines.push(`  ${domain.padEnd(16)} ${about.padEnd(42)} ${went.join(', ').padEnd(36)} ${found.join(', ')}`);
    }
    lines.push(`  lost ${lost.length}, twice ${twice.length}, to strangers ${strangers.length}`);
  }
  return lines.join('\n');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const reason = await whyNot();
  if (reason) console.log(`Not here: ${reason}.`);
  else console.log(table(await sendOverMailInternet(join(import.meta.dirname, '../../dist/cli.cjs'))));
}
