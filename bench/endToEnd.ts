// A 20 KB letter with DKIM to 10,000 recipients over loopback: Envoi's engine with its store, against nodemailer's pool
// with liquidjs, which keeps no record of who got what. Run: npx node bench/endToEnd.ts [recipients]
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { Liquid } from 'liquidjs';
import nodemailer from 'nodemailer';
import { compileNewsletter, parseDocument } from '../src/compose/index.ts';
import { openEngine } from '../src/engine/openEngine.ts';
import { silentLog } from '../src/shared/log.ts';
import { readSettings } from '../src/shared/settingsReader.ts';
import { Sink } from '../test/crash/sink.ts';

const total = Number(process.argv[2] ?? 10_000);
const paragraph = 'The long nights are here, {{ first_name }}, and {{ city }} lies under a clear sky. ';
const body = Array.from(
  { length: 28 },
  (_, n) =>
    `## Night ${n}\n\n${paragraph.repeat(n % 3 === 0 ? 2 : 1)}${'Bring a blanket; the tea is on us. '.repeat(12)}\n`,
);
const markdown = `---\nsubject: "{{ first_name }}, the sky is yours"\nfrom: Ada <ada@sender.example>\n---\n${body.join('\n')}`;
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

interface Figures {
  perSecond: number;
  cpuPer1000: number;
  rssMb: number;
}

async function measured(work: () => Promise<void>): Promise<Figures> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  return {
    perSecond: total / seconds,
    cpuPer1000: (used.user + used.system) / 1e3 / total,
    rssMb: process.resourceUsage().maxRSS / 1024,
  };
}

async function envoi(port: number, connections: number): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'envoi-bench-'));
  await writeFile(join(folder, 'dkim.pem'), pem);
  const { settings } = readSettings(
    {
      'envoi.servers': {
        sink: {
          host: '127.0.0.1',
          port,
          security: 'none',
          auth: 'none',
          maxConnections: connections,
          maxMessagesPerConnection: 1000,
        },
      },
      'envoi.route': ['sink'],
      'envoi.dkim': { 'sender.example': { selector: 'bench', privateKeyFile: 'dkim.pem' } },
      'envoi.unsubscribe': { url: 'https://sender.example/leave?t={{ token }}' },
      'envoi.postalAddress': '1 Letter Lane, Port Alder',
    },
    { file: 'bench', baseDir: folder, providers: [] },
  );
  const read = async () => new Uint8Array();
  const { newsletter } = await compileNewsletter({
    document: parseDocument(markdown, 'letter.md'),
    settings,
    files: { read },
  });
  if (!newsletter) throw new Error('the letter does not compile');
  const engine = await openEngine({ stateDir: join(folder, 'state'), log: silentLog, labAddresses: '' });
  await engine.open({
    draft: 'bench',
    campaign: {
      kind: 'send',
      newsletter,
      settings,
      document: { path: '', text: markdown, commit: '' },
      recipients: { path: '', sha256: '' },
    },
  });
  const rows = Array.from({ length: total }, (_, n) => ({
    line: n + 2,
    address: `reader${n}@d${n % 50}.example`,
    fields: { first_name: `Reader ${n}`, city: `City ${n % 97}` },
  }));
  await engine.addRows({ draft: 'bench', sequence: 0, rows, refused: [] });
  const figures = await measured(async () => {
    await engine.start({ draft: 'bench', startAt: 0, secrets: {} });
    await new Promise<void>((resolve) => {
      engine.onChange((snapshot) => snapshot.state === 'done' && resolve());
    });
  });
  await engine.close();
  await rm(folder, { recursive: true, force: true });
  return figures;
}

async function peer(port: number, connections: number): Promise<Figures> {
  const { newsletter } = await compileNewsletter({
    document: parseDocument(markdown, 'letter.md'),
    settings: {
      from: '',
      replyTo: '',
      unsubscribe: { mailto: 'l@sender.example', url: '' },
      postalAddress: 'x',
      listId: '',
      feedbackId: '',
    },
    files: { read: async () => new Uint8Array() },
  });
  if (!newsletter) throw new Error('the letter does not compile');
  const liquid = new Liquid();
  const [subject, html, text] = [newsletter.subject, newsletter.html, newsletter.text].map((source) =>
    liquid.parse(source.replace(/\{%-?\s*(?:end)?envoi_\w+.*?%\}/g, '')),
  );
  const transport = nodemailer.createTransport({
    pool: true,
    host: '127.0.0.1',
    port,
    secure: false,
    ignoreTLS: true,
    maxConnections: connections,
    maxMessages: 1000,
    dkim: { domainName: 'sender.example', keySelector: 'bench', privateKey: pem },
  });
  const figures = await measured(async () => {
    let next = 0;
    const lane = async () => {
      for (let n = next++; n < total; n = next++) {
        const values = { first_name: `Reader ${n}`, city: `City ${n % 97}` };
        await transport.sendMail({
          from: 'Ada <ada@sender.example>',
          to: `reader${n}@d${n % 50}.example`,
          subject: liquid.renderSync(subject ?? [], values),
          html: liquid.renderSync(html ?? [], values),
          text: liquid.renderSync(text ?? [], values),
          list: { unsubscribe: `https://sender.example/leave?t=${n}` },
        });
      }
    };
    await Promise.all(Array.from({ length: connections * 2 }, lane));
  });
  transport.close();
  return figures;
}

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  const [port] = (await once(worker, 'message')) as [number];
  console.log(
    `${total} recipients, a letter of ${(Buffer.byteLength(markdown) / 1024).toFixed(0)} KB Markdown, DKIM rsa-2048; the sink in a thread of its own`,
  );
  for (const connections of [1, 5, 20]) {
    for (const [name, run] of [
      ['envoi (stored, exact)', envoi],
      ['nodemailer pool + liquidjs', peer],
    ] as const) {
      const { perSecond, cpuPer1000, rssMb } = await run(port, connections);
      const cells = [
        `${perSecond.toFixed(0)}/s`.padStart(8),
        `${cpuPer1000.toFixed(2)} CPU s per 1,000`,
        `${rssMb.toFixed(0)} MB so far`,
      ];
      console.log(`${name.padEnd(28)} ${String(connections).padStart(2)} connections  ${cells.join('  ')}`);
    }
  }
  await worker.terminate();
} else {
  const sink = await Sink.start({ pipelining: true });
  parentPort?.postMessage(sink.port);
}
