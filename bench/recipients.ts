// Rows read per second and peak memory, for a list of a million rows, and what a “where” adds in CPU time.
// Run: npx node bench/recipients.ts [rows]

import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { indexRecipients, type ListFile, readRecipients } from '../src/compose/index.ts';
import { compileCondition } from '../src/compose/recipients/condition.ts';

const total = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 7;
const file = join(tmpdir(), `envoi-recipients-${process.pid}.csv`);
const towns = ['Lille', 'Besançon', 'København', '"Paris; 11e"', '"Rue ""A""\r\n2e étage"'];

const out = createWriteStream(file);
out.write('Adresse e-mail;Prénom;Nom;Ville;Points\r\n');
for (let n = 0; n < total; n++) {
  const address = n % 1000 === 999 ? `user${n - 500}@EXAMPLE${n % 7}.org` : `user${n}@example${(n + 500) % 7}.org`;
  const row = `${n % 500 === 3 ? `broken${n}` : address};Zoë ${n};Martin;${towns[n % towns.length]};${n % 100}\r\n`;
  if (!out.write(row)) await once(out, 'drain');
}
out.end();
await once(out, 'close');
const { size } = await stat(file);
console.log(`${total} rows, ${(size / 1e6).toFixed(0)} MB`);

let peak = 0;
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 20);

/** Runs `work` and prints rows per second, and how high memory rose over where it stood. */
async function measure(name: string, work: () => Promise<string>): Promise<void> {
  const before = process.memoryUsage.rss();
  peak = before;
  const start = performance.now();
  const told = await work();
  const ms = performance.now() - start;
  console.log(
    `${name}: ${Math.round(total / (ms / 1000)).toLocaleString('en')} rows/s, peak ${(peak / 1e6).toFixed(0)} MB (+${((peak - before) / 1e6).toFixed(0)}), ${told}`,
  );
}

/** CPU time of reading the list once, in ms. */
async function cpuOf(how: Parameters<typeof readRecipients>[1]): Promise<number> {
  const before = process.cpuUsage();
  let rows = 0;
  for await (const batch of readRecipients(createReadStream(file), how)) rows += batch.rows.length;
  if (rows === 0) throw new Error('nothing was read');
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const where = compileCondition('ville == "Lille" and points != "7" or points contains "3"', {});
/** Keeps every row, so that no work is saved for those that fall out. */
const everybody = compileCondition('ville != "Rome" and points != "x" or points contains "3"', {});

try {
  await measure('read', async () => {
    let rows = 0;
    let refused = 0;
    for await (const batch of readRecipients(createReadStream(file), { file })) {
      rows += batch.rows.length;
      refused += batch.refused.length;
    }
    return `${rows} recipients, ${refused} refused`;
  });
  await measure('read with a “where”', async () => {
    let rows = 0;
    for await (const batch of readRecipients(createReadStream(file), { file, where })) rows += batch.rows.length;
    return `${rows} recipients`;
  });
  const [without, withWhere] = [[], []] as [number[], number[]];
  for (let n = 0; n < ROUNDS; n++) {
    without.push(await cpuOf({ file }));
    withWhere.push(await cpuOf({ file, where: everybody }));
  }
  const [least, leastWithWhere] = [Math.min(...without), Math.min(...withWhere)];
  console.log(
    `CPU, least of ${ROUNDS} in turn: ${least.toFixed(0)} ms without a “where”, ${leastWithWhere.toFixed(0)} ms with: ${(leastWithWhere / least).toFixed(2)} times`,
  );
  const handle = await open(file);
  const list: ListFile = {
    size,
    read: async (offset, length) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
  };
  let index = await indexRecipients(list, { file });
  await measure('index', async () => {
    index = await indexRecipients(list, { file });
    return `${index.profile.count} recipients`;
  });
  const times: number[] = [];
  for (let n = 0; n < 500; n++) {
    const wanted = Math.floor((index.profile.count * ((n * 0.618) % 1)) / 1);
    const start = performance.now();
    await index.recipientAt(wanted);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  console.log(
    `one recipient of the index: median ${times[250]?.toFixed(2)} ms, slowest ${times.at(-1)?.toFixed(2)} ms`,
  );
  await handle.close();
} finally {
  clearInterval(watch);
  await rm(file, { force: true });
}
