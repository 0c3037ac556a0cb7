import type { Socket } from 'node:net';
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';
import type { CampaignSnapshot } from '../shared/campaign.ts';
import { type EngineApi, type Hello, type HelloReply, PROTOCOL } from './engineApi.ts';
import { engineMethods } from './methods.ts';
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

/**
 * Speaks to an engine over a connected socket. Every call that is under way when the connection ends rejects with the
 * UserError `engineGone`. Rejects when the engine does not greet.
 */
export async function connectClient(
  socket: Socket,
  who: Pick<Hello, 'token' | 'version' | 'client'>,
): Promise<EngineClient> {
  const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
  const listeners = new Set<(snapshot: CampaignSnapshot) => void>();
  let gone = false;
  let lose: () => void = () => {};
  const closed = new Promise<void>((resolve) => {
    lose = () => {
      gone = true;
      resolve();
    };
  });
  connection.onClose(() => lose());
  connection.onError(() => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('close', () => lose());
  connection.onNotification('changed', (snapshot: CampaignSnapshot) => {
    for (const listener of listeners) listener(snapshot);
  });
  connection.listen();

  const call = async (method: string, request?: unknown): Promise<unknown> => {
    if (gone) throw engineGone();
    const reply = connection.sendRequest(method, pack(request ?? null)).catch((error: unknown) => {
      throw gone ? engineGone() : fromWire(error);
    });
    reply.catch(() => {});
    const lost = closed.then(() => {
      throw engineGone();
    });
    return unpack(await Promise.race([reply, lost]));
  };

  const hello = (await call('hello', { protocol: PROTOCOL, ...who })) as HelloReply;
  const methods = Object.fromEntries(
    engineMethods.map((method) => [method, (request?: unknown) => call(method, request)]),
  );
  const onChange: EngineApi['onChange'] = (listener) => {
    listeners.add(listener);
    return { dispose: () => listeners.delete(listener) };
  };
  return {
    api: { ...methods, onChange } as unknown as EngineApi,
    hello,
    closed,
    handOver: async () => void (await call('handOver')),
    dispose: () => {
      connection.dispose();
      socket.destroy();
      lose();
    },
  };
}
