import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { must } from '../../../scripts/lib/run.ts';
import { ADDRESS, DOMAINS, type Domain } from './plan.ts';

export const SENDER = 'sender';

/** Two hosts and a link: everything that listens is here, the sender is in a namespace of its own. */
export async function layNetwork(): Promise<void> {
  const ip = (line: string) => must('ip', line.split(' '));
  await mkdir('/run/netns', { recursive: true });
  await must('mount', ['-t', 'tmpfs', 'tmpfs', '/run/netns']);
  await ip('link set lo up');
  await ip(`netns add ${SENDER}`);
  await ip(`link add name inet0 type veth peer name wire0 netns ${SENDER}`);
  await ip(`addr add ${ADDRESS.internet}/16 dev inet0`);
  for (const [name, address] of Object.entries(ADDRESS))
    if (name !== 'sender' && name !== 'internet') await ip(`addr add ${address}/16 dev inet0`);
  await ip('link set inet0 up');
  await ip(`-n ${SENDER} link set lo up`);
  await ip(`-n ${SENDER} addr add ${ADDRESS.sender}/16 dev wire0`);
  await ip(`-n ${SENDER} link set wire0 up`);
  await writeFile('/etc/resolv.conf', `nameserver ${ADDRESS.dns}\n`);
  await writeFile('/etc/hosts', '127.0.0.1 localhost\n');
}

/** Closes or opens the far network to the sender alone, as a provider that blocks port 25 does. */
export async function closeFarNetwork(closed: boolean): Promise<void> {
  await must('ip', `-n ${SENDER} route ${closed ? 'add' : 'del'} unreachable 10.77.5.0/24`.split(' '));
}

/** dnsmasq on the true port 53, knowing only these domains and the hosts of the plan; all else does not exist. */
export async function startDns(
  folder: string,
  domains: readonly Pick<Domain, 'name' | 'dns'>[] = [...DOMAINS, OF_SENDER],
): Promise<void> {
  const lines = ['no-resolv', 'no-hosts', 'bind-interfaces', `listen-address=${ADDRESS.dns}`, 'user=root', 'local=/#/'];
  lines.push('local-ttl=300', 'keep-in-foreground', `log-facility=${folder}/dns.log`);
  for (const [name, address] of Object.entries(ADDRESS)) lines.push(`host-record=${hostName(name)},${address}`);
  for (const { name, dns } of domains) {
    switch (dns.kind) {
      case 'mx':
        for (const { host, preference } of dns.hosts) lines.push(`mx-host=${name},${hostName(host)},${preference}`);
        break;
      case 'address':
        lines.push(`host-record=${name},${ADDRESS[dns.host]}`);
        break;
      case 'nullMx':
        lines.push(`mx-host=${name},.,0`);
        break;
      case 'none':
        break;
      default:
        dns satisfies never;
    }
  }
  await writeFile(`${folder}/dnsmasq.conf`, `${lines.join('\n')}\n`);
  spawn('dnsmasq', [`--conf-file=${folder}/dnsmasq.conf`], { stdio: 'inherit' });
}

const OF_SENDER = {
  name: 'letters.example',
  dns: { kind: 'mx', hosts: [{ host: 'relay', preference: 10 }] },
} as const;

export const hostName = (name: string): string => `${name.toLowerCase()}.mail.example`;
