import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';

export interface TestRun {
  /** What `node --test` exits with. */
  readonly code: number;
  /** The files whose tests failed, relative to the working directory, sorted: '?' where Node did not say which. None after an interruption. */
  readonly failed: readonly string[];
}

/** A test that waits for what never comes fails, unless it sets its own limit: ten minutes are three times the slowest. */
const TEST_MS = 600_000;

/** Runs test files under one `node --test`, and passes signals on, so that an interrupted run ends its tests. */
export async function nodeTest(files: readonly string[], concurrency: number, testMs = TEST_MS): Promise<TestRun> {
  const folder = await mkdtemp(join(tmpdir(), 'envoi-test-'));
  const list = join(folder, 'failed');
  try {
    const reporter = new URL('./failedFiles.ts', import.meta.url).href;
    const child = spawn(
      process.execPath,
      [
        '--test',
        `--test-concurrency=${concurrency}`,
        `--test-timeout=${testMs}`,
        '--test-reporter=spec',
        '--test-reporter-destination=stdout',
        `--test-reporter=${reporter}`,
        `--test-reporter-destination=${list}`,
        ...files,
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    let interrupted = false;
    const passOn = (signal: NodeJS.Signals) => {
      interrupted = true;
      child.kill(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, passOn);
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, passOn);
    const lines = (await readFile(list, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
    return { code, failed: interrupted ? [] : [...new Set(lines.map(inFolder))].sort() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function inFolder(file: string): string {
  return file === '?' ? file : relative(process.cwd(), file).split(sep).join('/');
}

/**
 * Which files get a second run, alone: those that drive other processes or sockets, which a busy machine can make late; at most `atMost`, and only if nothing else failed.
 */
export function worthASecondRun(failed: readonly string[], rooms: readonly string[], atMost: number): boolean {
  const foreign = (file: string) => file.endsWith('.test.ts') && rooms.some((room) => file.startsWith(room));
  return failed.length > 0 && failed.length <= atMost && failed.every(foreign);
}
