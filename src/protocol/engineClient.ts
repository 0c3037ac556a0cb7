import type { Socket } from 'node:net';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { CampaignSnapshot } from '../shared/campaign.ts';
import { msg, UserError } from '../shared/errors.ts';
import { connectionOver } from './connection.ts';
import { type EngineApi, type Hello, type HelloReply, PROTOCOL } from './engineApi.ts';
import { engineGone } from './engineGone.ts';
import { engineMethods, MAX_ASSET_BYTES } from './methods.ts';
import { fromWire, pack, unpack } from './wire.ts';

export interface EngineClient {
  readonly api: EngineApi;
  readonly hello: HelloReply;
  /** Resolves when the connection is gone. Never rejects. */
  readonly closed: Promise<void>;
  /** Asks the engine to finish messages in progress and end. */
  handOver(): Promise<void>;
  dispose(): void;
}

export interface ClientTimes {
  /** How long the engine may take to reply to `hello`. */
  helloMs: number;
  /** Between two heartbeats; an engine that leaves four in a row unanswered counts as gone. */
  heartbeatMs: number;
}

const usualTimes: ClientTimes = { helloMs: 5_000, heartbeatMs: 15_000 };
const MISSED_BEATS = 4;

/**
 * Talks to an engine over a connected socket. Every call pending when the connection ends rejects with the
 * UserError `engineGone`. Rejects when the engine does not reply to `hello`.
 */
export async function connectClient(
  socket: Socket,
  who: Pick<Hello, 'token' | 'version' | 'client'>,
  times: ClientTimes = usualTimes,
): Promise<EngineClient> {
  const line = new Line(socket);
  const silent = setTimeout(() => line.lose(), times.helloMs);
  try {
    const hello = (await line.call('hello', { protocol: PROTOCOL, ...who })) as HelloReply;
    line.watch(times.heartbeatMs);
    return {
      api: apiOver(line),
      hello,
      closed: line.closed,
      handOver: async () => void (await line.call('handOver')),
      dispose: () => line.lose(),
    };
  } catch (error) {
    line.lose();
    throw error;
  } finally {
    clearTimeout(silent);
  }
}

/** The connection: calls and their answers, changes, and its end, which comes once. */
class Line {
  readonly closed: Promise<void>;
  readonly listeners = new Set<(snapshot: CampaignSnapshot) => void>();
  readonly returnListeners = new Set<() => void>();
  readonly #socket: Socket;
  readonly #connection: MessageConnection;
  readonly #pending = new Set<(error: unknown) => void>();
  #beat: NodeJS.Timeout | undefined;
  #gone = false;
  #closed: () => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#connection = connectionOver(socket);
    this.closed = new Promise((resolve) => {
      this.#closed = resolve;
    });
    this.#connection.onClose(() => this.lose());
    this.#connection.onError(() => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.lose());
    this.#connection.onNotification('changed', (snapshot: CampaignSnapshot) => {
      for (const listener of this.listeners) listener(snapshot);
    });
    this.#connection.onNotification('returned', () => {
      for (const listener of this.returnListeners) listener();
    });
    this.#connection.listen();
  }

  call(method: string, request?: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#gone) return reject(engineGone());
      this.#pending.add(reject);
      this.#connection.sendRequest(method, pack(request ?? null)).then(
        (reply) => {
          this.#pending.delete(reject);
          resolve(unpack(reply));
        },
        (error: unknown) => {
          this.#pending.delete(reject);
          reject(this.#gone ? engineGone() : fromWire(error));
        },
      );
    });
  }

  /** An engine that leaves some heartbeats in a row unanswered counts as gone. */
  watch(heartbeatMs: number): void {
    let missed = 0;
    this.#beat = setInterval(() => {
      if (++missed > MISSED_BEATS) return this.lose();
      this.call('ping').then(
        () => {
          missed = 0;
        },
        () => {},
      );
    }, heartbeatMs);
    this.#beat.unref();
  }

  lose(): void {
    if (this.#gone) return;
    this.#gone = true;
    clearInterval(this.#beat);
    for (const reject of this.#pending) reject(engineGone());
    this.#pending.clear();
    this.#connection.dispose();
    this.#socket.destroy();
    this.#closed();
  }
}

function apiOver(line: Line): EngineApi {
  const methods = Object.fromEntries(
    engineMethods.map((method) => [method, (request?: unknown) => line.call(method, request)]),
  ) as unknown as Omit<EngineApi, 'onChange' | 'onReturned'>;
  return {
    ...methods,
    addAsset: async (request) => {
      if (request.content.length > MAX_ASSET_BYTES) throw tooLarge(request.path);
      return methods.addAsset(request);
    },
    onChange: (listener) => {
      line.listeners.add(listener);
      return { dispose: () => line.listeners.delete(listener) };
    },
    onReturned: (listener) => {
      line.returnListeners.add(listener);
      return { dispose: () => line.returnListeners.delete(listener) };
    },
  };
}

function tooLarge(path: string): UserError {
  return new UserError(
    'tooLarge',
    msg('The file {0} is larger than {1} MB.', path, MAX_ASSET_BYTES / 1024 / 1024),
    msg('Link to it instead of attaching it. Nothing was sent.'),
  );
}
