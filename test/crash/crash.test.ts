import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { seededRandom } from '../../src/shared/seededRandom.ts';
import { DnsServer } from '../support/dnsServer.ts';
import { Sink } from './sink.ts';

/*
 * The engine is killed with SIGKILL at a random command or final dot, the campaign is resumed, and every recipient is
 * counted at the far end. The seed is printed: ENVOI_CRASH_SEED repeats a run, ENVOI_CRASH_ROUNDS sets how many.
 */

const cli = resolve(import.meta.dirname, '../../dist/cli.cjs');
const recipients = Number(process.env.ENVOI_CRASH_RECIPIENTS ?? 2000);
const rounds = Number(process.env.ENVOI_CRASH_ROUNDS ?? 2);
const seed = Number(process.env.ENVOI_CRASH_SEED ?? Date.now() % 1e9);
const connections = 8;
const domains = 20;

const letter = `---
subject: Hello {{ name }}
from: Ada <ada@sender.example>
kind: internal
---
Dear {{ name }}, this is yours.
`;

/** How messages travel. `depth`: so many may be unanswered at once on a connection. */
interface By {
  name: string;
  pipelining: boolean;
  chunking: boolean;
  depth: number;
}
const data: readonly By[] = [
  { name: 'pipelining', pipelining: true, chunking: false, depth: 1 },
  { name: 'step by step', pipelining: false, chunking: false, depth: 1 },
];
const whole: By = { name: 'chunking', pipelining: true, chunking: true, depth: 1 };
const deeper: By = { name: 'chunking, four unanswered', pipelining: true, chunking: true, depth: 4 };
const ways = { relay: [...data, whole, deeper], direct: [...data, whole] };

describe('a killed engine', () => {
  let folder = '';
  const random = seededRandom(seed);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'envoi-crash-'));
    const rows = Array.from({ length: recipients }, (_, n) => `r${n}@d${n % domains}.example,Reader ${n}`);
    await writeFile(join(folder, 'letter.md'), letter);
    await writeFile(join(folder, 'list.csv'), `email,name\n${rows.join('\n')}\n`);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const way of ['relay', 'direct'] as const) {
    for (const by of ways[way]) {
      for (let round = 1; round <= rounds; round++) {
        const title = `loses nobody and writes to nobody twice: ${way}, ${by.name}`;
        it(`${title}, round ${round} of ${rounds}, seed ${seed}`, async (t) => {
          // EHLO and QUIT aside a message takes four steps: MAIL, RCPT, DATA or BDAT, and the dot or the last octet.
          const killAt = 1 + Math.floor(random() * recipients * 4);
          const result = await crash({ ...by, way, killAt, state: join(folder, `${way}-${by.name}-${round}`) });
          t.diagnostic(`killed at step ${killAt}, after ${result.before} messages; in doubt ${result.inDoubt}`);
          assert.equal(result.killed, true, 'the engine was killed while it was sending');
          assert.deepEqual(result.twice, [], 'nobody got two');
          assert.deepEqual(result.lost, [], 'everybody got one or is in doubt');
          assert.ok(result.inDoubt <= result.openConnections * by.depth, `${result.inDoubt} in doubt`);
          assert.equal(result.chunks > 0, by.chunking, 'BDAT where it is offered');
        });
      }
    }
  }

  async function crash(run: By & { way: 'relay' | 'direct'; killAt: number; state: string }) {
    let steps = 0;
    let engine: ChildProcess | undefined;
    let killed = false;
    let openConnections = 0;
    let before = 0;
    const sink = await Sink.start({
      pipelining: run.pipelining,
      ...(run.chunking ? { chunking: { helloMs: 30 } } : {}),
      onStep: () => {
        steps++;
        if (steps !== run.killAt) return;
        killed = engine?.kill('SIGKILL') ?? false;
        openConnections = sink.open;
        before = sink.total;
      },
    });
    const dns = await DnsServer.start({
      ...Object.fromEntries(
        Array.from({ length: domains }, (_, n) => [
          `d${n}.example`,
          { MX: [{ preference: 10, exchange: `mx${n % 5}.example` }] },
        ]),
      ),
      ...Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`mx${n}.example`, { A: ['127.0.0.1'] }])),
    });
    const config = `${run.state}.json`;
    await writeFile(
      config,
      JSON.stringify({
        'envoi.servers': {
          sink: {
            host: '127.0.0.1',
            port: sink.port,
            security: 'none',
            auth: 'none',
            maxConnections: connections,
            pipelineDepth: run.depth,
          },
        },
        'envoi.route': [run.way === 'relay' ? 'sink' : 'direct'],
        'envoi.direct': {
          port: sink.port,
          dnsServers: [`127.0.0.1:${dns.port}`],
          maxConnections: connections,
          hello: 'sender.example',
        },
      }),
    );
    try {
      const send = ['send', 'letter.md', '--recipients', 'list.csv', '--config', config, '--yes'];
      engine = envoi([...send, '--state', run.state, '--json']);
      await once(engine, 'exit');
      const resumed = envoi(['resume', '--state', run.state, '--json']);
      let out = '';
      resumed.stdout?.setEncoding('utf8').on('data', (text: string) => {
        out += text;
      });
      await once(resumed, 'close');
      const summary = JSON.parse(out.trim().split('\n').at(-1) ?? '') as { inDoubt: number; sent: number };
      const report = await inDoubt(run.state);
      assert.equal(report.size, summary.inDoubt);
      const all = Array.from({ length: recipients }, (_, n) => `r${n}@d${n % domains}.example`);
      return {
        killed,
        before,
        openConnections,
        chunks: sink.chunks,
        inDoubt: report.size,
        lost: all.filter((address) => !sink.accepted.has(address) && !report.has(address)),
        twice: all.filter((address) => (sink.accepted.get(address) ?? 0) > 1),
      };
    } finally {
      await sink.close();
      await dns.close();
    }
  }

  async function inDoubt(state: string): Promise<Set<string>> {
    const file = `${state}.report.csv`;
    const status = envoi(['status', '--state', state, '--json']);
    let out = '';
    status.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    await once(status, 'close');
    const { campaign } = JSON.parse(out.trim().split('\n')[0] ?? '') as { campaign: string };
    await once(envoi(['report', campaign, '--csv', file, '--state', state]), 'close');
    const { readFile } = await import('node:fs/promises');
    const lines = (await readFile(file, 'utf8')).trim().split(/\r?\n/);
    const columns = (lines[0] ?? '').replace('\ufeff', '').split(/[,;]/);
    const [address, deliveryState] = [columns.indexOf('address'), columns.indexOf('state')];
    assert.ok(address >= 0 && deliveryState >= 0, `the report has the columns address and state: ${lines[0]}`);
    const cells = lines.slice(1).map((line) => line.split(/[,;]/));
    return new Set(cells.filter((row) => row[deliveryState] === 'inDoubt').map((row) => row[address] ?? ''));
  }

  function envoi(args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...args], {
      cwd: folder,
      env: { ...process.env, ENVOI_LAB_ADDRESSES: '127.0.0.0/8' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout?.resume();
    return child;
  }
});
