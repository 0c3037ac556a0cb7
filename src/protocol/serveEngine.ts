import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import {
  createMessageConnection,
  ErrorCodes,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
} from 'vscode-jsonrpc/node';
import type { Log } from '../shared/log.ts';
import { type EngineApi, type Hello, type HelloReply, PROTOCOL } from './engineApi.ts';
import { checkRequest, engineMethods } from './methods.ts';
import { pack, toWire, unpack } from './wire.ts';

export interface Service {
  engine: EngineApi;
  token: string;
  version: string;
  startedAt: number;
  log: Log;
  /** Another version of Envoi asks this engine to make room: finish what flies, then end. */
  onHandOver: () => void;
}

const HELLO_WITHIN_MS = 5_000;

/**
 * Serves one client. Nothing is answered before a `hello` with the right token; a wrong one ends the connection. A client
 * of another protocol may only ask the engine to hand over. The client's going away stops nothing.
 */
export function serveEngine(service: Service, socket: Socket, onGone: () => void): void {
  const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
  const refused = () => new ResponseError(ErrorCodes.InvalidRequest, 'not before hello');
  let trust: 'none' | 'handOver' | 'full' = 'none';
  const late = setTimeout(() => socket.destroy(), HELLO_WITHIN_MS);
  let listening: { dispose(): void } | undefined;

  connection.onRequest('hello', (raw: unknown): HelloReply | ResponseError => {
    const hello = raw as Partial<Hello> | null;
    if (typeof hello?.token !== 'string' || !sameToken(hello.token, service.token)) {
      service.log.warn('a client with a wrong token was turned away');
      socket.destroy();
      return refused();
    }
    clearTimeout(late);
    trust = hello.protocol === PROTOCOL ? 'full' : 'handOver';
    if (trust === 'full') {
      listening ??= service.engine.onChange((snapshot) => {
        void connection.sendNotification('changed', snapshot).catch(() => {});
      });
    }
    return { protocol: PROTOCOL, version: service.version, pid: process.pid, startedAt: service.startedAt };
  });
  connection.onRequest('handOver', () => {
    if (trust === 'none') return refused();
    service.onHandOver();
    return null;
  });
  for (const method of engineMethods) {
    connection.onRequest(method, async (raw: unknown) => {
      if (trust !== 'full') return refused();
      try {
        const request = unpack(raw);
        checkRequest(method, request);
        const call = service.engine[method].bind(service.engine) as (request: unknown) => Promise<unknown>;
        return pack((await call(request)) ?? null);
      } catch (error) {
        return toWire(error);
      }
    });
  }
  connection.onClose(() => {
    clearTimeout(late);
    listening?.dispose();
    connection.dispose();
    onGone();
  });
  connection.onError(() => socket.destroy());
  socket.on('error', () => socket.destroy());
  connection.listen();
}

function sameToken(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
