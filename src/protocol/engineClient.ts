import type { Socket } from 'node:net';
import type { CampaignSnapshot } from '../shared/campaign.ts';
import { msg, UserError } from '../shared/errors.ts';
import { connectionOver } from './connection.ts';
import { type EngineApi, type Hello, type HelloReply, PROTOCOL } from './engineApi.ts';
import { engineMethods, MAX_ASSET_BYTES } from './methods.ts';
import { engineGone, fromWire, pack, unpack } from './wire.ts';

export interface EngineClient {
  readonly api: EngineApi;
  readonly hello: HelloReply;
  /** Resolves when the connection is gone. Never rejects. */
  readonly closed: Promise<void>;
  /** Asks the engine to finish what flies and end. */
  handOver(): Promise<void>;
  dispose(): void;
}

export interface ClientTimes {
  /** How long the engine may take to greet. */
  helloMs: number;
  /** Between two heartbeats; an engine that leaves four in a row unanswered counts as gone. */
  heartbeatMs: number;
}

const usualTimes: ClientTimes = { helloMs: 5_000, heartbeatMs: 15_000 };
const MISSED_BEATS = 4;

/**
 * Speaks to an engine over a connected socket. Every call that is under way when the connection ends rejects with the
 * UserError `engineGone`. Rejects when the engine does not greet.
 */
export async function connectClient(
  socket: Socket,
  who: Pick<Hello, 'token' | 'version' | 'client'>,
  times: ClientTimes = usualTimes,
): Promise<EngineClient> {
  const connection = connectionOver(socket);
  const listeners = new Set<(snapshot: CampaignSnapshot) => void>();
  const pending = new Set<(error: unknown) => void>();
  let gone = false;
  let resolveClosed: () => void = () => {};
  const closed = new Promise<void>((resolve) => {
    resolveClosed = resolve;
  });
  const lose = () => {
    if (gone) return;
    gone = true;
    clearInterval(beat);
    for (const reject of pending) reject(engineGone());
    pending.clear();
    connection.dispose();
    socket.destroy();
    resolveClosed();
  };
  connection.onClose(lose);
  connection.onError(() => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('close', lose);
  connection.onNotification('changed', (snapshot: CampaignSnapshot) => {
    for (const listener of listeners) listener(snapshot);
  });
  connection.listen();

  const call = (method: string, request?: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (gone) return reject(engineGone());
      pending.add(reject);
      connection.sendRequest(method, pack(request ?? null)).then(
        (reply) => {
          pending.delete(reject);
          resolve(unpack(reply));
        },
        (error: unknown) => {
          pending.delete(reject);
          reject(gone ? engineGone() : fromWire(error));
        },
      );
    });

  let missed = 0;
  const beat = setInterval(() => {
    if (++missed > MISSED_BEATS) return lose();
    call('ping').then(
      () => {
        missed = 0;
      },
      () => {},
    );
  }, times.heartbeatMs);
  beat.unref();

  const silent = setTimeout(lose, times.helloMs);
  let hello: HelloReply;
  try {
    hello = (await call('hello', { protocol: PROTOCOL, ...who })) as HelloReply;
  } catch (error) {
    lose();
    throw error;
  } finally {
    clearTimeout(silent);
  }
  const methods = Object.fromEntries(
    engineMethods.map((method) => [method, (request?: unknown) => call(method, request)]),
  ) as unknown as Omit<EngineApi, 'onChange'>;
  return {
    api: {
      ...methods,
      addAsset: async (request) => {
        if (request.content.length > MAX_ASSET_BYTES) throw tooLarge(request.path);
        return methods.addAsset(request);
      },
      onChange: (listener) => {
        listeners.add(listener);
        return { dispose: () => listeners.delete(listener) };
      },
    },
    hello,
    closed,
    handOver: async () => void (await call('handOver')),
    dispose: lose,
  };
}

function tooLarge(path: string): UserError {
  return new UserError(
    'tooLarge',
    msg('The file {0} is larger than {1} MB.', path, MAX_ASSET_BYTES / 1024 / 1024),
    msg('Link to it instead of attaching it. Nothing was sent.'),
  );
}
