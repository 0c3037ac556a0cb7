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
      shell: process.platform === 'win32' && ['npm', 'envoi'].includes(command),
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

/** What a surrounding npm says of itself, of its Node and of the package whose script it runs. */
const OF_ANOTHER_NPM =
  /^(?:npm_(?:package|lifecycle|command|execpath|node_execpath)|INIT_CWD$|NODE$|NODE_OPTIONS$|npm_config_(?:user_agent|npm_version|node_version|node_gyp|init_module|local_prefix|global_prefix|prefix|globalconfig|argv|workspaces?)$)/i;

/**
 * The environment for an npm of its own. What a surrounding `npm run` says is left out: install scripts read the version
 * of Node from `npm_config_user_agent`, and would read that of the outer one. What a person sets (registry, proxy,
 * cache, userconfig) stays.
 */
export function plainNpmEnvironment(outer: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(outer).filter(([name]) => !OF_ANOTHER_NPM.test(name)));
}
