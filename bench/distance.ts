/**
 * What a distant server costs on one connection: round trips a message, by DATA, by BDAT (RFC 3030), and by BDAT with
 * several messages unanswered; Envoi's SMTP session alone, without a store, so that the machine's own work counts little.
 *
 *   node bench/distance.ts [messages]
 */

import { ChunkingKnowledge } from '../src/engine/delivery/chunkingUse.ts';
import { openSession } from '../src/engine/delivery/connect.ts';
import { systemConnect } from '../src/engine/delivery/dial.ts';
import { relayTimeouts } from '../src/engine/delivery/timeouts.ts';
import { loadNow, machine, today } from './table/machine.ts';
import { row } from './table/print.ts';
import { startChunkingSink, startDelay } from './table/services.ts';

const messages = Number(process.argv[2] ?? 60);
const bytes = Buffer.from(`From: ada@example.org\r\nSubject: bench\r\n\r\n${`${'x'.repeat(74)}\r\n`.repeat(260)}`);
const host = 'sink.invalid';

const ways = [
  ['DATA', null],
  ['BDAT', 1],
  ['BDAT, 4 unanswered', 4],
  ['BDAT, 8 unanswered', 8],
] as const;

console.log(
  `${today()}, ${machine()}; ${loadNow()}; ${messages} messages of ${bytes.length} bytes on one connection\n`,
);
const head = ['ms for the first message · for each of the others', ...ways.map(([name]) => name)];
console.log(`${row(head)}\n${row(head.map(() => '---'))}`);
const sink = await startChunkingSink();
for (const roundTripMs of [2, 10, 30, 100]) {
  const line = await startDelay(sink.port, roundTripMs);
  const cells: string[] = [];
  for (const [, depth] of ways) cells.push(await measure(line.port, depth));
  console.log(row([`${roundTripMs} ms round trip`, ...cells]));
  await line.stop();
}
await sink.stop();

/** `depth`: by BDAT from the first message on, as to a server that is known to understand it. */
async function measure(port: number, depth: number | null): Promise<string> {
  const knowledge = new ChunkingKnowledge(Date.now);
  knowledge.learn(host, true);
  // Two clock ticks a second apart: every line is far away.
  let tick = 0;
  const far = () => tick++ * 1000;
  const opened = await openSession(
    {
      host,
      address: '127.0.0.1',
      port,
      localAddress: '',
      security: 'none',
      verification: { kind: 'none' },
      credentials: null,
      hello: 'bench.invalid',
      timeouts: relayTimeouts,
      connect: systemConnect,
      ...(depth === null ? {} : { chunking: { knowledge, depth }, now: far }),
    },
    new AbortController().signal,
  );
  if (opened.kind === 'ended') throw new Error(JSON.stringify(opened.end));
  const { session } = opened;
  const send = () =>
    session.send({ from: 'ada@example.org', to: 'reader@example.net', bytes, commit: () => Promise.resolve() });
  const start = performance.now();
  await send().end;
  const first = performance.now() - start;
  const ends = [];
  for (let nth = 1; nth < messages; nth++) {
    const sending = send();
    ends.push(sending.end);
    await sending.ready;
  }
  for (const end of await Promise.all(ends))
    if (end.kind !== 'reply' || end.reply.code !== 250) throw new Error(JSON.stringify(end));
  const each = (performance.now() - start - first) / (messages - 1);
  await session.quit();
  return `${first.toFixed(0)} · ${each.toFixed(1)}`;
}
