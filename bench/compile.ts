// Time of the processor to compile one letter, HTML as templates are and Markdown. Run: npx node bench/compile.ts [FILE]…
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { compileNewsletter, parseDocument } from '../src/compose/index.ts';
import { png, settings } from '../test/compose/letter.ts';

const letters = join(import.meta.dirname, '../test/fixtures/letters');
const wanted = process.argv.slice(2);
const paths =
  wanted.length > 0
    ? wanted
    : ['receipt.html', 'builder.html', 'hybrid.html', 'modern.html'].map((name) => join(letters, name));
const files = { read: () => Promise.resolve(png) };

for (const path of [...paths, join(import.meta.dirname, '../examples/newsletter.md')]) {
  const own = await readFile(path, 'utf8');
  const text = own.startsWith('---') ? own : `---\nsubject: x\nlayout: none\n---\n${own}`;
  const compile = async (count: number) => {
    for (let n = 0; n < count; n++)
      await compileNewsletter({ document: parseDocument(text, basename(path)), settings, files });
  };
  await compile(200);
  const rounds: number[] = [];
  for (let round = 0; round < 40; round++) {
    const before = process.cpuUsage();
    await compile(10);
    const { user, system } = process.cpuUsage(before);
    rounds.push((user + system) / 10_000);
  }
  rounds.sort((a, b) => a - b);
  const at = (share: number) => `${(rounds[Math.floor(rounds.length * share)] ?? 0).toFixed(2)} ms`;
  console.log(
    `${basename(path).padEnd(16)} ${(own.length / 1000).toFixed(1)} KB   a tenth under ${at(0.1)}, half under ${at(0.5)}`,
  );
}
