import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { msg, UserError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import { makePrivateDir } from '../shared/privateDir.ts';
import { type Hello, PROTOCOL } from './engineApi.ts';
import { connectClient, type EngineClient } from './engineClient.ts';
import { readEngineFile } from './stateDir.ts';

export interface AttachOptions {
  stateDir: string;
  client: Hello['client'];
  version: string;
  log: Log;
}

export interface StartOptions extends AttachOptions {
  /** The engine's bundle, in a folder that stays. */
  engineFile: string;
  /** Node, or an Electron that runs as Node. */
  execPath: string;
  /** Detached: it outlives its starter. Otherwise it ends with it. */
  detached: boolean;
}

const CONNECT_MS = 1_000;
const READY_MS = 20_000;
/** What the engine needs of our environment; all else stays here. */
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
];
const passedToo = ['LOCALAPPDATA', 'XDG_RUNTIME_DIR', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'ENVOI_LAB_ADDRESSES'];

/** The engine of this state directory if one runs; null when none does. Never starts one. */
export async function attachEngine(options: AttachOptions): Promise<EngineClient | null> {
  const file = readEngineFile(options.stateDir);
  if (!file) return null;
  const socket = await dial(file.endpoint);
  if (!socket) return null;
  const { client, version } = options;
  try {
    const engine = await connectClient(socket, { token: file.token, version, client });
    if (engine.hello.protocol === PROTOCOL) return engine;
    options.log.info(`the running engine is of version ${engine.hello.version}; asking it to hand over`);
    await engine.handOver();
    await engine.closed;
    return null;
  } catch (error) {
    socket.destroy();
    options.log.warn(`the engine did not greet: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** The engine of this state directory, started when none runs. Throws the UserError `engineStart` when it cannot be. */
export async function startEngine(options: StartOptions): Promise<EngineClient> {
  const running = await attachEngine(options);
  if (running) return running;
  makePrivateDir(options.stateDir);
  const logFile = join(options.stateDir, 'engine.log');
  const child = launch(options, logFile);
  const deadline = Date.now() + READY_MS;
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`exit ${signal ?? code ?? ''}`));
  });
  const state: { failure: string | null } = { failure: null };
  void ended.then((why) => {
    state.failure = why;
  });
  while (Date.now() < deadline) {
    const engine = await attachEngine(options);
    if (engine) return engine;
    // Another starter may have been faster: its engine is as good.
    if (state.failure !== null && !(await Promise.race([attachLater(options), delay(1_500, null)]))) break;
    await delay(50);
  }
  throw new UserError(
    'engineStart',
    msg('The sending engine could not be started ({0}).', state.failure ?? 'no answer'),
    msg('Its log is {0}. Nothing was sent.', logFile),
  );
}

async function attachLater(options: AttachOptions): Promise<EngineClient | null> {
  await delay(500);
  const engine = await attachEngine(options);
  engine?.dispose();
  return engine;
}

function launch(options: StartOptions, logFile: string): ChildProcess {
  const { stateDir, engineFile, execPath, detached, version } = options;
  const env: NodeJS.ProcessEnv = { ELECTRON_RUN_AS_NODE: '1' };
  for (const name of [...passed, ...passedToo]) if (process.env[name] !== undefined) env[name] = process.env[name];
  const log = openSync(logFile, 'a', 0o600);
  try {
    const args = ['--disable-warning=ExperimentalWarning', engineFile, '--state', stateDir, '--version', version];
    const stdio = ['ignore', log, log] as const;
    const child = spawn(execPath, args, { detached, stdio: [...stdio], windowsHide: true, cwd: stateDir, env });
    if (detached) child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

function dial(endpoint: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(endpoint);
    const give = (result: Socket | null) => {
      socket.setTimeout(0);
      socket.removeAllListeners();
      if (!result) socket.destroy();
      resolve(result);
    };
    socket.setTimeout(CONNECT_MS, () => give(null));
    socket.once('error', () => give(null));
    socket.once('connect', () => give(socket));
  });
}
