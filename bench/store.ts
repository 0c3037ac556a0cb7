/**
 * The store and the runner without a network: how fast a list is taken in and pinned, how long a restart takes with it,
 * and how many deliveries a second the queue settles when every message is accepted at once.
 *
 *   node bench/store.ts [rows] [deliveries]
 *
 * Every intent and every outcome is on disk with fsync, as in earnest; the letter is a few lines, so that the queue is
 * what is measured.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileNewsletter } from '../src/compose/compileNewsletter.ts';
import { parseDocument } from '../src/compose/document/document.ts';
import { Engine } from '../src/engine/engine.ts';
import { systemClock } from '../src/shared/clock.ts';
import { defaultServer, defaultSettings } from '../src/shared/defaultSettings.ts';
import { silentLog } from '../src/shared/log.ts';
import type { AttemptEnd } from '../src/shared/outcome.ts';
import type { Opened, Transport } from '../src/shared/transport.ts';

const rows = Number(process.argv[2] ?? 1_000_000);
const deliveries = Number(process.argv[3] ?? 50_000);
const CHUNK = 5000;
const domains = 5000;

let peak = 0;
setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 50).unref();

const { newsletter } = await compileNewsletter({
  document: parseDocument('---\nsubject: Hello {{ name }}\nkind: internal\n---\nDear {{ name }}.\n', 'letter.md'),
  settings: { ...defaultSettings, from: 'ada@example.org' },
  files: { read: async () => Buffer.alloc(0) },
  fields: ['name'],
});
if (!newsletter) throw new Error('the letter does not compile');
const stateDir = await mkdtemp(join(tmpdir(), 'envoi-bench-'));
try {
  console.log(`Node ${process.version}; ${rows} rows over ${domains} domains`);
  let engine = await open();
  const taken = await timed(() => take(engine, 'big', rows));
  const started = await timed(() => engine.start({ draft: 'big', startAt: systemClock.now() + 864e5, secrets: {} }));
  report(`taken in, rows/s`, rows / taken);
  report('pinned and put in order, s', started);
  await engine.close();
  const size = (await stat(join(stateDir, 'envoi.db'))).size;
  report('on disk, bytes a row', size / rows);
  report('peak RSS, MB', peak / 2 ** 20);
  peak = 0;
  const opened = await timed(async () => {
    engine = await open();
  });
  report('opened again with it, s', opened);

  await take(engine, 'small', deliveries);
  const rss = process.memoryUsage.rss();
  const cpu = process.cpuUsage();
  const done = new Promise<void>((resolve) => {
    engine.onChange((snapshot) => {
      if (snapshot.id === 'small' && snapshot.state === 'done') resolve();
    });
  });
  const delivered = await timed(async () => {
    await engine.start({ draft: 'small', startAt: 0, secrets: {} });
    await done;
  });
  const { user, system } = process.cpuUsage(cpu);
  report('deliveries/s, ten connections', deliveries / delivered);
  report('CPU s per 1,000', (user + system) / 1000 / deliveries);
  report('RSS before and peak, MB', rss / 2 ** 20, peak / 2 ** 20);
  await engine.close();
} finally {
  await rm(stateDir, { recursive: true, force: true });
}

function open(): Promise<Engine> {
  return Engine.open({
    stateDir,
    clock: systemClock,
    log: silentLog,
    createTransport: instant,
    judge: () => ({
      scope: 'remote',
      cause: 'delivered',
      outcome: { kind: 'delivered' },
      effect: { kind: 'none' },
      sure: true,
    }),
    isStale: () => false,
    routeFor: (settings) => settings.route,
    askEvidence: async () => [],
    testServer: async () => ({ steps: [], end: null }),
  });
}

async function take(engine: Engine, draft: string, count: number): Promise<void> {
  if (!newsletter) return;
  const settings = {
    ...defaultSettings,
    servers: { relay: { ...defaultServer, host: 'relay.invalid', auth: 'none' as const, maxConnections: 10 } },
    route: ['relay'],
  };
  await engine.open({
    draft,
    campaign: {
      kind: 'send',
      newsletter,
      settings,
      document: { path: 'letter.md', text: '', commit: '' },
      recipients: { path: 'list.csv', sha256: '' },
    },
  });
  for (let sequence = 0; sequence * CHUNK < count; sequence++) {
    const from = sequence * CHUNK;
    const chunk = Array.from({ length: Math.min(CHUNK, count - from) }, (_, n) => ({
      line: from + n + 2,
      address: `reader${from + n}@d${(from + n) % domains}.example`,
      fields: {
        email: `reader${from + n}@d${(from + n) % domains}.example`,
        name: `Reader ${from + n}`,
        city: 'Lille',
      },
    }));
    await engine.addRows({ draft, sequence, rows: chunk, refused: [] });
  }
}

/** Accepts everything as soon as the gate lets it. */
function instant(): Transport {
  const taken: AttemptEnd = { kind: 'reply', stage: 'dot', reply: { code: 250, enhanced: '2.0.0', text: 'taken' } };
  const session = (): Opened => ({
    kind: 'session',
    session: {
      host: 'relay.invalid',
      address: '',
      tls: '',
      remaining: Number.POSITIVE_INFINITY,
      usable: true,
      send: (message) => {
        const end = message.commit().then(() => taken);
        const ready = end.then(() => {});
        return { answered: ready, ready, end };
      },
      quit: async () => {},
      destroy: () => {},
    },
  });
  const destination = {
    key: 'relay',
    label: 'relay',
    limits: { maxConnections: 10, maxMessagesPerConnection: 1000, windows: [] },
    adaptive: false,
  };
  return {
    name: 'relay',
    quotaKey: 'relay',
    locate: async () => ({ kind: 'destination', destination }),
    open: async () => session(),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function report(what: string, ...values: number[]): void {
  console.log(
    `${what.padEnd(32)} ${values.map((value) => (value >= 100 ? value.toFixed(0) : value.toFixed(2))).join(' → ')}`,
  );
}
