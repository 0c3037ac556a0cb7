import { connect, type Socket } from 'node:net';
import { type Hello, PROTOCOL } from '../protocol/engineApi.ts';
import { connectClient, type EngineClient } from '../protocol/engineClient.ts';
import { readEngineFile } from '../protocol/engineFile.ts';
import { msg, UserError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import { checkPrivateDir } from '../shared/privateDir.ts';
import { skewOf } from './versionSkew.ts';

export interface AttachOptions {
  stateDir: string;
  client: Hello['client'];
  version: string;
  log: Log;
}

const CONNECT_MS = 1_000;
/** Longer than an engine gives messages in progress to end. */
const HAND_OVER_MS = 30_000;

/**
 * The engine of this state directory if one runs; null when none does. Never starts one. An older engine is asked to shut
 * down, and then there is none. Throws the UserErrors `engineNewer` when the
 * running one has a later protocol, `stateNotPrivate` when somebody else may have written its address there.
 */
export async function attachEngine(options: AttachOptions): Promise<EngineClient | null> {
  checkPrivateDir(options.stateDir);
  const file = readEngineFile(options.stateDir);
  if (!file) return null;
  const socket = await dial(file.endpoint);
  if (!socket) return null;
  const { client, version, log } = options;
  let engine: EngineClient;
  try {
    engine = await connectClient(socket, { token: file.token, version, client });
  } catch (error) {
    log.warn(`the engine did not greet: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
  const skew = skewOf(engine.hello, { protocol: PROTOCOL, version });
  switch (skew) {
    case 'same':
      return engine;
    case 'newer':
      engine.dispose();
      throw engineNewer(engine.hello.version);
    case 'olderVersion':
      // The same protocol: no reason to interrupt it at work, and only a window runs long enough to benefit from a restart.
      return client === 'editor' && (await isResting(engine)) ? handOver(engine, log) : engine;
    case 'olderProtocol':
      return handOver(engine, log);
    default:
      return skew satisfies never;
  }
}

async function handOver(engine: EngineClient, log: Log): Promise<null> {
  log.info(`the running engine is of version ${engine.hello.version}; it is asked to make room`);
  const late = setTimeout(() => engine.dispose(), HAND_OVER_MS);
  // It may be gone before its reply arrives.
  await engine.handOver().catch(() => {});
  await engine.closed;
  clearTimeout(late);
  return null;
}

async function isResting(engine: EngineClient): Promise<boolean> {
  const campaigns = await engine.api.list().catch(() => []);
  return campaigns.every(({ state }) => state !== 'running' && state !== 'scheduled');
}

function engineNewer(version: string): UserError {
  return new UserError(
    'engineNewer',
    msg('The running sending engine belongs to a newer version of Envoi ({0}).', version),
    msg('Update Envoi here and reload the window, or wait until that engine has ended. Nothing was changed.'),
  );
}

function dial(endpoint: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(endpoint);
    const give = (result: Socket | null) => {
      socket.setTimeout(0);
      socket.removeAllListeners();
      if (!result) {
        socket.on('error', () => {});
        socket.destroy();
      }
      resolve(result);
    };
    socket.setTimeout(CONNECT_MS, () => give(null));
    socket.once('error', () => give(null));
    socket.once('connect', () => give(socket));
  });
}
