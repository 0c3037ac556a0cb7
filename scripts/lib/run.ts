import { spawn } from 'node:child_process';

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Shows the output as it comes; otherwise it is kept and given back. */
  inherit?: boolean;
}

export interface RunResult {
  code: number;
  output: string;
}

/** Runs a program without a shell and without standard input; never rejects for a non-zero exit. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', options.inherit ? 'inherit' : 'pipe', options.inherit ? 'inherit' : 'pipe'],
      shell: process.platform === 'win32' && command === 'npm',
    });
    const pieces: Buffer[] = [];
    child.stdout?.on('data', (piece: Buffer) => pieces.push(piece));
    child.stderr?.on('data', (piece: Buffer) => pieces.push(piece));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(pieces).toString('utf8') }));
  });
}

/** Like `run`, but a non-zero exit is an error that carries the end of the output. */
export async function must(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, output } = await run(command, args, options);
  if (code === 0) return output;
  throw new Error(`${[command, ...args].join(' ')} ended with code ${code}.\n${output.slice(-4000)}`);
}

/** The environment for an npm of its own: what the surrounding `npm run` says about this project is left out. */
export function plainNpmEnvironment(): NodeJS.ProcessEnv {
  const project = /^npm_(package|lifecycle|command|execpath|node_execpath|config_local_prefix|config_prefix)/i;
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !project.test(name) && name !== 'INIT_CWD' && name !== 'NODE_OPTIONS',
    ),
  );
}
