import assert from 'node:assert/strict';
import { type Endpoint, openSession } from '../../../src/engine/delivery/connect.ts';
import { systemConnect } from '../../../src/engine/delivery/dial.ts';
import type { SmtpSession } from '../../../src/engine/delivery/session.ts';
import { relayTimeouts } from '../../../src/engine/delivery/timeouts.ts';
import type { AttemptEnd } from '../../../src/shared/outcome.ts';
import type { Outgoing, Sending } from '../../../src/shared/transport.ts';
import { type SmtpScript, SmtpServer } from '../../support/smtpServer.ts';

export const quick = { ...relayTimeouts, connect: 2000, tls: 2000, quit: 300 };

export function endpoint(server: { port: number; address: string }, changes: Partial<Endpoint> = {}): Endpoint {
  return {
    host: 'mail.example.org',
    address: server.address,
    port: server.port,
    localAddress: '',
    security: 'none',
    verification: { kind: 'none' },
    credentials: null,
    hello: 'client.example.org',
    timeouts: quick,
    connect: systemConnect,
    ...changes,
  };
}

export async function mustOpen(
  server: { port: number; address: string },
  changes: Partial<Endpoint> = {},
): Promise<SmtpSession> {
  const result = await openSession(endpoint(server, changes), new AbortController().signal);
  assert.equal(result.kind, 'session', `no session: ${JSON.stringify(result)}`);
  if (result.kind !== 'session') throw new Error('unreachable');
  return result.session;
}

export async function openEnd(
  server: { port: number; address: string },
  changes: Partial<Endpoint> = {},
): Promise<string> {
  const result = await openSession(endpoint(server, changes), new AbortController().signal);
  if (result.kind === 'session') {
    result.session.destroy();
    return 'session';
  }
  return brief(result.end);
}

/** A letter whose gate opens at once; `gates` counts how often it was asked. */
export function letter(changes: Partial<Outgoing> = {}): Outgoing & { gates: number } {
  const made = {
    from: 'ada@example.org',
    to: 'reader@example.net',
    bytes: Buffer.from('Subject: hello\r\n\r\nbody\r\n'),
    gates: 0,
    commit: () => {
      made.gates++;
      return Promise.resolve();
    },
    ...changes,
  };
  return made;
}

/** An end in one line: `reply dot 250` or `fault body closed`. */
export function brief(end: AttemptEnd): string {
  return end.kind === 'reply' ? `reply ${end.stage} ${end.reply.code}` : `fault ${end.stage} ${end.code}`;
}

export function deferred(): { promise: Promise<void>; resolve(): void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

export async function withServer(script: SmtpScript, run: (server: SmtpServer) => Promise<void>): Promise<void> {
  const server = await SmtpServer.start(script);
  try {
    await run(server);
  } finally {
    await server.close();
  }
}

export async function ends(sendings: readonly Sending[]): Promise<string[]> {
  return (await Promise.all(sendings.map((sending) => sending.end))).map(brief);
}
