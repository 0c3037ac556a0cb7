import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineClient } from '../protocol/engineClient.ts';
import { readFailureLine } from '../protocol/failureLine.ts';
import { msg, UserError } from '../shared/errors.ts';
import { makePrivateDir } from '../shared/privateDir.ts';
import { type AttachOptions, attachEngine } from './attachEngine.ts';

export { type AttachOptions, attachEngine } from './attachEngine.ts';

export interface StartOptions extends AttachOptions {
  /** The engine's bundle, in a folder that is not removed. */
  engineFile: string;
  /** Node, or an Electron that runs as Node. */
  execPath: string;
  /** Detached: it outlives the process that started it. Otherwise it ends with it. */
  detached: boolean;
  /** A person's decision on a damaged store. */
  decision?: 'goOn' | 'setAside';
}

/** An engine waits at most this long for another one to end. */
const READY_MS = 40_000;
const LOG_BYTES = 1_000_000;
const FLAGS = [
  '--disable-warning=ExperimentalWarning',
  // The space for new objects would grow to 128 MB on a machine with much memory, and save no time with it.
  '--max-semi-space-size=8',
];
/** The environment variables the engine needs; it gets no others. */
const passed = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SYSTEMROOT',
  'APPDATA',
  'LOCALAPPDATA',
  'XDG_RUNTIME_DIR',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'ENVOI_LAB_ADDRESSES',
];

/**
 * The engine of this state directory, started if none runs. Throws the UserError `engineStart` when it cannot be started, or
 * the error that kept it from starting.
 */
export async function startEngine(options: StartOptions): Promise<EngineClient> {
  const running = await attachEngine(options);
  if (running) return running;
  makePrivateDir(options.stateDir);
  const logFile = join(options.stateDir, 'engine.log');
  const { child, logStart } = launch(options, logFile);
  const ended: { how: string | null; error: string | null } = { how: null, error: null };
  child.on('error', (error) => {
    ended.error = error.message;
  });
  child.once('exit', (code, signal) => {
    // It exits with 0 when another engine serves the directory: then that one is used.
    if (code !== 0) ended.how = `exit ${signal ?? code}`;
  });
  for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await delay(50)) {
    const engine = await attachEngine(options);
    if (engine) return engine;
    if (ended.error !== null || ended.how !== null) break;
  }
  const failure = readFailureLine(lastLine(logFile, logStart) ?? '');
  if (failure) throw failure;
  const reason = ended.error ?? lastLine(logFile, logStart) ?? ended.how ?? 'no answer';
  throw new UserError(
    'engineStart',
    msg('The sending engine could not be started ({0}).', reason),
    msg('Its log is {0}. Nothing was sent.', logFile),
  );
}

function launch(options: StartOptions, logFile: string): { child: ChildProcess; logStart: number } {
  const { stateDir, engineFile, execPath, detached, version } = options;
  const env: NodeJS.ProcessEnv = { ELECTRON_RUN_AS_NODE: '1' };
  for (const name of passed) if (process.env[name] !== undefined) env[name] = process.env[name];
  if (sizeOf(logFile) > LOG_BYTES) renameSync(logFile, `${logFile}.1`);
  const logStart = sizeOf(logFile);
  const log = openSync(logFile, 'a', 0o600);
  try {
    const args = [...FLAGS, engineFile, '--state', stateDir, '--version', version];
    if (options.decision) args.push('--decision', options.decision);
    const child = spawn(execPath, args, {
      detached,
      stdio: ['ignore', log, log],
      windowsHide: true,
      cwd: stateDir,
      env,
    });
    if (detached) child.unref();
    return { child, logStart };
  } finally {
    closeSync(log);
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The last line an engine logged since then, without its time and level; null when there is none. */
function lastLine(logFile: string, from: number): string | null {
  try {
    const said = readFileSync(logFile).subarray(from).toString('utf8').trim().split('\n').at(-1);
    return said ? said.replace(/^\S+Z (?:info|warning|error) /, '') : null;
  } catch {
    return null;
  }
}
