// A mail internet on this machine, on the true ports 53 and 25: builds it, sends 1,000 rows to 20 domains in five ways,
// tears it down, and says who got what.   npx node test/system/mailInternet.ts
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ScenarioResult } from './internet/campaign.ts';
import { downloadPackages, inNamespaces, mailServers, whyNot } from './namespaces.ts';

/** Beyond this the whole little internet is ended. */
const LIMIT_SECONDS = 540;

/** Everything is in namespaces and one folder: when this returns, nothing of it is left but the downloaded packages. */
export async function sendOverMailInternet(cli: string): Promise<ScenarioResult[]> {
  const packages = await downloadPackages('mail-servers', mailServers);
  const folder = await mkdtemp(join(tmpdir(), 'envoi-internet-'));
  try {
    const inside = join(import.meta.dirname, 'internet/inside.ts');
    const { code, output } = await inNamespaces(inside, [folder, packages, cli], LIMIT_SECONDS);
    if (code !== 0) throw new Error(`The mail internet ended with code ${code}.\n${output.slice(-4000)}`);
    return JSON.parse(await readFile(join(folder, 'results.json'), 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
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
