// `npm test`: fetches what the machine lacks, builds, and runs every test file under one `node --test`.
//   npm test                    all of it
//   npm test -- --unit          without the real editor and without the system tests
//   npm test -- compose editor  only files whose path contains one of the words
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, sep } from 'node:path';
import { ensureEditor } from './editor.ts';
import { ensurePackages, toolPackages } from './lib/debianPackages.ts';
import { must } from './lib/run.ts';

/** Rooms that need more than Node; the slow ones come last so that a broken unit shows first. */
const SLOW = ['test/system/', 'test/editor/'];

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
  return nodeTest(['--test', `--test-concurrency=${concurrency}`, ...files]);
}

/** Passes signals on, so that an interrupted run ends its tests, and gives back their exit code. */
function nodeTest(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
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
