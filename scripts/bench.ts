// `npm run bench`: the one table (see bench/table.ts for its options); `npm run bench -- preview domains`: these other
// measurements of bench/, one after another. Figures are for comparing within one run on one machine; none is asserted.
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { must } from './lib/run.ts';

const words = process.argv.slice(2);
const known = (await readdir('bench')).filter((name) => name.endsWith('.ts')).map((name) => basename(name, '.ts'));
const isTable = words.length === 0 || words[0]?.startsWith('--') === true;
const unknown = isTable ? [] : words.filter((word) => !known.includes(word));
if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}; known are ${known.sort().join(', ')}.`);
await must(process.execPath, ['esbuild.js'], { inherit: true });
if (isTable) await bench('table', words);
else for (const name of words) await bench(name, []);

async function bench(name: string, args: readonly string[]): Promise<void> {
  if (!isTable) console.log(`\n== ${name}`);
  const script = join('bench', `${name}.ts`);
  await must(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], { inherit: true });
}
