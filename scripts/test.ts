// `npm test`: fetches what the machine lacks, builds, and runs every test file under one `node --test`.
//   npm test                    all of it
//   npm test -- --unit          without the real editor and without the system tests
//   npm test -- compose editor  only files whose path contains one of the words
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, sep } from 'node:path';
import { ensureEditor } from './editor.ts';
import { ensurePackages, toolPackages } from './lib/debianPackages.ts';
import { nodeTest, worthASecondRun } from './lib/nodeTest.ts';
import { must } from './lib/run.ts';

/** Rooms that need more than Node; the slow ones come last so that a broken unit shows first. */
const SLOW = ['test/system/', 'test/editor/'];
/** Rooms whose tests drive other processes or sockets, which a busy machine can make late: these get a second run. */
const DRIVING = [
  ...SLOW,
  ...['crash', 'cli', 'engine', 'mailbox', 'endpoint', 'attach', 'main'].map((room) => `test/${room}/`),
];
/** More of them failing at once is not a busy machine. */
const SECOND_RUNS = 2;

async function testFiles(words: readonly string[], unitOnly: boolean): Promise<string[]> {
  const all = (await readdir('test', { recursive: true }))
    .map((name) => join('test', name).split(sep).join('/'))
    .filter((name) => name.endsWith('.test.ts'));
  const rank = (name: string) => SLOW.findIndex((room) => name.startsWith(room));
  return all
    .filter((name) => !unitOnly || rank(name) < 0)
    .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

async function main(args: readonly string[]): Promise<number> {
  const unitOnly = args.includes('--unit');
  const files = await testFiles(
    args.filter((arg) => !arg.startsWith('--')),
    unitOnly,
  );
  if (files.length === 0) throw new Error('No test file matches.');
  await ensurePackages(toolPackages);
  const needsEditor = files.some((name) => name.startsWith('test/editor/'));
  await Promise.all([must(process.execPath, ['esbuild.js'], { inherit: true }), needsEditor && ensureEditor()]);
  const concurrency = Math.max(1, Math.min(4, availableParallelism()));
  const first = await nodeTest(files, concurrency);
  if (first.code === 0 || !worthASecondRun(first.failed, DRIVING, SECOND_RUNS)) return first.code;
  console.error(`\nFailed, and run a second time, each alone: ${first.failed.join(', ')}\n`);
  const second = await nodeTest(first.failed, 1);
  if (second.code === 0) console.error(`\nUNSTABLE: failed at first, passed alone: ${first.failed.join(', ')}`);
  return second.code;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 2;
  },
);
