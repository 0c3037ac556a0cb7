// `npm run bench`: every measurement in bench/, one after another; `npm run bench -- compose store` only these.
// Figures are for comparing within one run on one machine; none is asserted.
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { must } from './lib/run.ts';

const wanted = process.argv.slice(2);
const all = (await readdir('bench')).filter((name) => name.endsWith('.ts')).sort();
const chosen = all.filter((name) => wanted.length === 0 || wanted.includes(basename(name, '.ts')));
if (chosen.length === 0)
  throw new Error(`There is no such bench; known are ${all.map((name) => basename(name, '.ts')).join(', ')}.`);
await must(process.execPath, ['esbuild.js'], { inherit: true });
for (const name of chosen) {
  console.log(`\n== ${name}`);
  await must(process.execPath, ['--disable-warning=ExperimentalWarning', join('bench', name)], { inherit: true });
}
