import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { ErrorCodes, type MessageConnection, ResponseError } from 'vscode-jsonrpc/node';
import type { CampaignSnapshot } from '../shared/campaign.ts';
import type { Log } from '../shared/log.ts';
import { connectionOver } from './connection.ts';
import { type EngineApi, type Hello, type HelloReply, PROTOCOL } from './engineApi.ts';
import { FrameLimit } from './frameLimit.ts';
import { checkRequest, engineMethods, MAX_ASSET_BYTES } from './methods.ts';
import { pack, toWire, unpack } from './wire.ts';

export interface ServedEngine {
  engine: EngineApi;
  token: string;
  version: string;
  startedAt: number;
  log: Log;
  /** A newer version of Envoi asks this engine to shut down: finish messages in progress, then end. */
  onHandOver: () => void;
}

const HELLO_WITHIN_MS = 5_000;
const HELLO_BYTES = 16 * 1024;
/** Base64 turns three octets into four. */
const MESSAGE_BYTES = Math.ceil((MAX_ASSET_BYTES * 4) / 3) + 1024 * 1024;

/**
 * Serves one client. Nothing is answered before a `hello` with the right token; a wrong one ends the connection, and so
 * does an oversized message. A client of another protocol may only ask the engine to hand over. A client that
 * disconnects stops nothing.
 */
export function serveEngine(service: ServedEngine, socket: Socket, onGone: () => void): void {
  const limit = new FrameLimit(socket, HELLO_BYTES);
  const connection = connectionOver(socket);
  const refused = () => new ResponseError(ErrorCodes.InvalidRequest, 'not before hello');
  let trust: 'none' | 'handOver' | 'full' = 'none';
  const late = setTimeout(() => socket.destroy(), HELLO_WITHIN_MS);
  let listening: { dispose(): void }[] = [];

  connection.onRequest('hello', (raw: unknown): HelloReply | ResponseError => {
    const hello = raw as Partial<Hello> | null;
    if (typeof hello?.token !== 'string' || !sameToken(hello.token, service.token)) {
      service.log.warn('a client with a wrong token was turned away');
      socket.destroy();
      return refused();
    }
    clearTimeout(late);
    limit.max = MESSAGE_BYTES;
    trust = hello.protocol === PROTOCOL ? 'full' : 'handOver';
    if (trust === 'full') {
      if (listening.length === 0) listening = hearing(service.engine, connection);
    }
    return { protocol: PROTOCOL, version: service.version, pid: process.pid, startedAt: service.startedAt };
  });
  connection.onRequest('handOver', () => {
    if (trust === 'none') return refused();
    service.log.info('another version of Envoi takes over');
    setImmediate(service.onHandOver);
    return null;
  });
  connection.onRequest('ping', () => (trust === 'none' ? refused() : null));
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
  let gone = false;
  const end = () => {
    if (gone) return;
    gone = true;
    clearTimeout(late);
    for (const each of listening) each.dispose();
    connection.dispose();
    onGone();
  };
  connection.onClose(end);
  connection.onError(() => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('close', end);
  connection.listen();
}

/** Notifies a client of changes. */
function hearing(engine: EngineApi, connection: MessageConnection): { dispose(): void }[] {
  return [
    engine.onChange(latestOnly((snapshot) => connection.sendNotification('changed', snapshot))),
    engine.onReturned(() => void connection.sendNotification('returned').catch(() => {})),
  ];
}

/** A client that reads slowly, or not at all, gets the newest snapshot of each campaign when it reads again. */
function latestOnly(send: (snapshot: CampaignSnapshot) => Promise<void>): (snapshot: CampaignSnapshot) => void {
  const waiting = new Map<string, CampaignSnapshot>();
  let busy = false;
  const drain = async () => {
    busy = true;
    try {
      for (const [id, snapshot] of waiting) {
        waiting.delete(id);
        await send(snapshot);
      }
    } catch {
      // The connection is ending; its close is handled where it is heard.
    } finally {
      busy = false;
    }
  };
  return (snapshot) => {
    waiting.set(snapshot.id, snapshot);
    if (!busy) void drain();
  };
}

function sameToken(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
