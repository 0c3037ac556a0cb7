import { connect as netConnect, type Socket } from 'node:net';
import { detail, faultDetails } from '../../shared/faultDetails.ts';
import type { AttemptEnd } from '../../shared/outcome.ts';
import { detailOf, Ended, fault, faultOfSocketError } from './attemptEnd.ts';

/** Opens a TCP connection, as `net.connect` does; passed in so that tests and namespaces can redirect it. */
export type Connect = (options: { host: string; port: number; localAddress?: string }) => Socket;

export const systemConnect: Connect = (options) => netConnect({ ...options, noDelay: true, keepAlive: true });

/** Where a connection is to lead. */
export interface DialTarget {
  address: string;
  port: number;
  /** "" = any. */
  localAddress: string;
  /** Connection timeout. */
  connectMs: number;
  connect: Connect;
}

/** Connects, and nothing else. Rejects with Ended at stage `connect`; an aborted signal ends it with fault `aborted`. */
export function dial(
  { address, port, localAddress, connectMs, connect }: DialTarget,
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new Ended(fault('connect', 'aborted', detail(faultDetails.stopped))));
      return;
    }
    const fail = (end: AttemptEnd) => {
      finish();
      socket.destroy();
      reject(new Ended(end));
    };
    const onError = (error: Error) => fail(fault('connect', faultOfSocketError(error), detailOf(error)));
    const onClose = () => fail(fault('connect', 'closed', detail(faultDetails.connectionClosed)));
    const onAbort = () => fail(fault('connect', 'aborted', detail(faultDetails.stopped)));
    const onConnect = () => {
      finish();
      socket.setNoDelay(true);
      resolve(socket);
    };
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.off('connect', onConnect).off('close', onClose);
    };
    const timer = setTimeout(
      () => fail(fault('connect', 'timeout', detail(faultDetails.noConnection, Math.round(connectMs / 1000)))),
      connectMs,
    );
    signal.addEventListener('abort', onAbort, { once: true });
    let socket: Socket;
    try {
      socket = connect({ host: address, port, ...(localAddress === '' ? {} : { localAddress }) });
    } catch (error) {
      // An impossible port or local address.
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      reject(new Ended(fault('connect', 'unreachable', detailOf(error))));
      return;
    }
    // Stays attached: a socket without an error listener would end the process.
    socket.on('error', onError).once('connect', onConnect).once('close', onClose);
  });
}
