/**
 * Direct delivery to many domains of which some are dead: is the last good recipient served as early as if there were no
 * dead ones, and does the memory stay flat?
 *
 *   node bench/domains.ts [rows] [domains]
 *
 * The mail servers and the name server run in a process of their own, on loopback. Of the dead domains a third refuses
 * connections, a third accepts and never greets, and of a third the name servers never answer. Needs Linux, where all
 * of 127.0.0.0/8 is this machine.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Sink } from '../test/crash/sink.ts';
import { DnsServer, type Zone } from '../test/support/dnsServer.ts';

const cli = resolve(import.meta.dirname, '../dist/cli.cjs');

if (process.argv[2] === '--internet') await internet(Number(process.argv[3]), process.argv[4] === 'dead');
else {
  const rows = Number(process.argv[2] ?? 100_000);
  const domains = Number(process.argv[3] ?? 2000);
  console.log(`Node ${process.version}; ${rows} rows over ${domains} domains`);
  console.log('dead domains  last good one after  messages/s  peak RSS of the engine');
  for (const dead of [false, true]) {
    const { seconds, good, rss } = await run(rows, domains, dead);
    console.log(
      `${(dead ? '5 %' : 'none').padEnd(13)} ${`${seconds.toFixed(1)} s`.padEnd(20)} ${(good / seconds).toFixed(0).padEnd(11)} ${rss.toFixed(0)} MB`,
    );
  }
}

async function run(rows: number, domains: number, dead: boolean) {
  const folder = await mkdtemp(join(tmpdir(), 'envoi-domains-'));
  const self = fileURLToPath(import.meta.url);
  const world = spawn(process.execPath, [self, '--internet', String(domains), dead ? 'dead' : ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: world.stdout })[Symbol.asyncIterator]();
  let engine: ChildProcess | undefined;
  try {
    const { port, dns } = JSON.parse((await lines.next()).value ?? '') as { port: number; dns: number };
    // Without the dead ones their rows are left out: the same good recipients both times.
    const all = Array.from({ length: rows }, (_, n) => ({ n, domain: n % domains }));
    const isGood = ({ domain }: { domain: number }) => domain % 20 !== 0;
    const good = all.filter(isGood).length;
    const list = dead ? all : all.filter(isGood);
    await writeFile(
      join(folder, 'list.csv'),
      `email,name\n${list.map(({ n, domain }) => `r${n}@d${domain}.example,Reader ${n}`).join('\n')}\n`,
    );
    await writeFile(
      join(folder, 'letter.md'),
      '---\nsubject: Hello {{ name }}\nfrom: ada@sender.example\nkind: internal\nrecipients: list.csv\n---\nDear {{ name }}.\n',
    );
    const direct = { port, dnsServers: [`127.0.0.1:${dns}`], hello: 'sender.example', tls: 'opportunistic' };
    await writeFile(join(folder, 'envoi.json'), JSON.stringify({ 'envoi.route': ['direct'], 'envoi.direct': direct }));
    const args = ['send', 'letter.md', '--config', 'envoi.json', '--state', 'state', '--yes', '--json'];
    engine = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...args], {
      cwd: folder,
      env: { ...process.env, ENVOI_LAB_ADDRESSES: '127.0.0.0/8' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    let rss = 0;
    const pid = engine.pid ?? 0;
    for await (const line of { [Symbol.asyncIterator]: () => lines }) {
      const { total, ms } = JSON.parse(line) as { total: number; ms: number };
      rss = Math.max(rss, await peakOf(pid));
      if (total >= good) return { seconds: ms / 1000, good, rss };
    }
    throw new Error('the mail servers ended');
  } finally {
    engine?.kill('SIGKILL');
    world.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

async function peakOf(pid: number): Promise<number> {
  const { readFile } = await import('node:fs/promises');
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** Says its ports on the first line, then four times a second how many messages it took and when the last one came. */
async function internet(domains: number, dead: boolean): Promise<void> {
  let firstAt = 0;
  let lastAt = 0;
  const sink = await Sink.start({
    pipelining: true,
    addresses: Array.from({ length: 20 }, (_, n) => `127.0.1.${n + 1}`),
    onStep: (step) => {
      firstAt ||= performance.now();
      if (step === 'dot') lastAt = performance.now();
    },
  });
  const silent = createServer((socket) => socket.on('error', () => {}));
  silent.listen(sink.port, '127.0.2.1');
  await once(silent, 'listening');
  const zone: Zone = {};
  for (let n = 0; n < domains; n++) {
    const way = dead && n % 20 === 0 ? (n / 20) % 3 : -1;
    if (way === 2) {
      zone[`d${n}.example`] = { fail: 'hang' };
      continue;
    }
    const address = way === 0 ? '127.0.2.2' : way === 1 ? '127.0.2.1' : `127.0.1.${(n % 20) + 1}`;
    zone[`d${n}.example`] = { MX: [{ preference: 10, exchange: `mx.d${n}.example` }] };
    zone[`mx.d${n}.example`] = { A: [address] };
  }
  const dns = await DnsServer.start(zone);
  console.log(JSON.stringify({ port: sink.port, dns: dns.port }));
  setInterval(() => console.log(JSON.stringify({ total: sink.total, ms: lastAt - firstAt })), 250);
}
