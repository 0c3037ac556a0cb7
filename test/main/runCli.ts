import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What a test's person trusts is not what the one at this computer trusts. */
const person = join(tmpdir(), `envoi-person-${process.pid}`);
const bundle = resolve(import.meta.dirname, '../../dist/cli.cjs');

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts the command as a person would, without a terminal; it may reach loopback only. */
export function startCli(
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', bundle, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ENVOI_LAB_ADDRESSES: '127.0.0.0/8', LC_ALL: 'C', XDG_STATE_HOME: person, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export async function finished(child: ChildProcess): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

export function runCli(
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): Promise<Finished> {
  return finished(startCli(args, options));
}

/** The objects of `--json`, a line each. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
