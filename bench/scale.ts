/**
 * A list of a million rows, from the CSV to the first message, and what a person does with it then: how long each step
 * takes, how much of it on the processor, the longest turn of the event loop (processor time of all threads), how large the log
 * of the store gets, and the kernel's own high-water mark of memory. Nothing is sent: the transport takes one message and holds the next.
 *
 *   node bench/scale.ts [rows] [domains] [--json]
 */
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { compileNewsletter } from '../src/compose/compileNewsletter.ts';
import { parseDocument } from '../src/compose/document/document.ts';
import { readSealedLists } from '../src/compose/recipients/readLists.ts';
import { Engine } from '../src/engine/engine.ts';
import { readList } from '../src/letter/readList.ts';
import { reportCsv } from '../src/letter/reportCsv.ts';
import { pinCampaign } from '../src/letter/submit.ts';
import { systemClock } from '../src/shared/clock.ts';
import { defaultServer, defaultSettings } from '../src/shared/defaultSettings.ts';
import { format } from '../src/shared/errors.ts';
import { silentLog } from '../src/shared/log.ts';
import type { AttemptEnd } from '../src/shared/outcome.ts';
import type { Opened, Transport } from '../src/shared/transport.ts';
import { keepYoungSpaceSmall } from '../src/shared/youngSpace.ts';
import { highWater } from './table/measured.ts';

// As the command does.
keepYoungSpaceSmall();
const json = process.argv.includes('--json');
const [rows = 1_000_000, domains = 5000] = process.argv
  .slice(2)
  .filter((word) => word !== '--json')
  .map(Number);

const { newsletter } = await compileNewsletter({
  document: parseDocument('---\nsubject: Hello {{ name }}\nkind: internal\n---\nDear {{ name }}.\n', 'letter.md'),
  settings: { ...defaultSettings, from: 'ada@example.org' },
  files: { read: async () => Buffer.alloc(0) },
  fields: ['name'],
});
if (!newsletter) throw new Error('the letter does not compile');
const folder = await mkdtemp(join(tmpdir(), 'envoi-scale-'));
const stateDir = join(folder, 'state');
const csv = join(folder, 'list.csv');
let log = 0;
/** Of the time between two turns of the loop, what this process used the processor for: the rest is other people's work. */
let still = 0;
let used = process.cpuUsage();
let firstSent: () => void = () => {};
const watch = setInterval(() => {
  const { user, system } = process.cpuUsage(used);
  still = Math.max(still, (user + system) / 1000);
  used = process.cpuUsage();
  log = Math.max(log, statSync(join(stateDir, 'envoi.db-wal'), { throwIfNoEntry: false })?.size ?? 0);
}, 5);
watch.unref();

try {
  await writeList();
  console.error(
    `Node ${process.version}; ${rows} rows over ${domains} domains, ${peak().toFixed(0)} MB at the start, ${(statSync(csv).size / 2 ** 20).toFixed(0)} MB`,
  );
  const list = await step('list read and checked', () =>
    readList([{ file: csv, open: () => createReadStream(csv) }], {}),
  );
  let engine = await openEngine();
  const sent = new Promise<void>((resolve) => {
    firstSent = resolve;
  });
  const { id } = await step('list pinned, campaign acknowledged', () =>
    pinCampaign(engine, {
      campaign: {
        kind: 'send',
        newsletter,
        settings: {
          ...defaultSettings,
          servers: { relay: { ...defaultServer, host: 'relay.invalid', auth: 'none' as const, maxConnections: 10 } },
          route: ['relay'],
        },
        document: { path: 'letter.md', text: '', commit: '' },
        recipients: { path: csv, sha256: list.lists[0]?.sha256 ?? '' },
      },
      assets: [],
      read: async () => new Uint8Array(),
      attachmentPaths: null,
      batches: readSealedLists(list.lists, list.how),
      startAt: 0,
      secrets: {},
    }),
  );
  await step('… until the first message is out', () => sent);
  await step('100 addresses suppressed', () =>
    engine.suppress({
      entries: Array.from({ length: 100 }, (_, n) => ({
        entry: `reader${n}@d${n}.example`,
        reason: 'blocked' as const,
        note: '',
        at: 1,
      })),
    }),
  );
  await step('summary of the report', () => engine.summary({ campaign: id }));
  await step('first page of the report', () => engine.report({ campaign: id, after: 0, limit: 200 }));
  await step('paused', () => engine.pause({ campaign: id }));
  await engine.close();
  engine = await step('store opened again', openEngine);
  await step('report as CSV', () =>
    pipeline(reportCsv(engine, id, { say: format }), createWriteStream(join(folder, 'report.csv'))),
  );
  await step('cancelled', () => engine.cancel({ campaign: id }));
  await step('deleted', () => engine.remove({ campaign: id }));
  await step('engine closed', () => engine.close());
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Block by block: what is measured is the process's own high-water mark. */
async function writeList(): Promise<void> {
  const file = await open(csv, 'w');
  await file.write('email,name,city,plan,points,code\n');
  for (let from = 0; from < rows; from += 1000) {
    let block = '';
    for (let n = from; n < Math.min(rows, from + 1000); n++)
      block += `reader${n}@d${n % domains}.example,Reader ${n},Lille,Friend,${n % 977},SPRING-${n}\n`;
    await file.write(block);
  }
  await file.close();
}

async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  still = 0;
  log = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const step = {
    what,
    seconds: ms / 1000,
    cpu: (user + system) / 1e6,
    turnMs: still,
    logMb: log / 2 ** 20,
    peakMb: peak(),
  };
  console.log(json ? JSON.stringify(step) : told(step));
  return result;
}

/** Of this process so far, in MB. */
function peak(): number {
  return highWater() || process.resourceUsage().maxRSS / 1024;
}

function told({
  what,
  seconds,
  cpu,
  turnMs,
  logMb,
  peakMb,
}: Record<'seconds' | 'cpu' | 'turnMs' | 'logMb' | 'peakMb', number> & { what: string }): string {
  const cells = [
    `${seconds.toFixed(2)} s`,
    `${cpu.toFixed(2)} s`,
    `${turnMs.toFixed(0)} ms`,
    `${logMb.toFixed(0)} MB`,
    `${peakMb.toFixed(0)} MB`,
  ];
  return `${what.padEnd(38)}${cells.map((cell) => cell.padStart(10)).join('')}`;
}

function openEngine(): Promise<Engine> {
  return Engine.create({
    stateDir,
    clock: systemClock,
    log: silentLog,
    createTransport: one,
    judge: () => ({
      scope: 'remote',
      cause: 'delivered',
      outcome: { kind: 'delivered' },
      effect: { kind: 'none' },
      sure: true,
    }),
    isStale: () => false,
    routeFor: (settings) => settings.route,
    testServer: async () => ({ steps: [], end: null }),
    askEvidence: async () => [],
  });
}

/** Takes one message; the others wait. */
function one(): Transport {
  const taken: AttemptEnd = { kind: 'reply', stage: 'dot', reply: { code: 250, enhanced: '2.0.0', text: 'taken' } };
  const closed: AttemptEnd = { kind: 'fault', stage: 'mail', code: 'aborted', detail: 'closed' };
  let first = true;
  const session = (): Opened => {
    let cut: (end: AttemptEnd) => void = () => {};
    return {
      kind: 'session',
      session: {
        host: 'relay.invalid',
        address: '',
        tls: '',
        remaining: Number.POSITIVE_INFINITY,
        usable: true,
        send: (message) => {
          const end = first
            ? message.commit().then(() => taken)
            : new Promise<AttemptEnd>((resolve) => {
                cut = resolve;
                setTimeout(resolve, 50, closed);
              });
          if (first) void end.then(() => firstSent());
          first = false;
          const ready = end.then(() => {});
          return { answered: ready, ready, end };
        },
        quit: async () => {},
        destroy: () => cut(closed),
      },
    };
  };
  const destination = {
    key: 'relay',
    label: 'relay',
    limits: { maxConnections: 10, maxMessagesPerConnection: 1000, windows: [] },
    adaptive: false,
  };
  return {
    name: 'relay',
    accountKey: 'relay',
    locate: async () => ({ kind: 'destination', destination }),
    openSession: async () => session(),
  };
}
