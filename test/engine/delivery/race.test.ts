import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { type Connect, systemConnect } from '../../../src/engine/delivery/dial.ts';
import { DirectTransport } from '../../../src/engine/delivery/direct.ts';
import { RelayTransport } from '../../../src/engine/delivery/relay.ts';
import { relayTimeouts, type Timeouts } from '../../../src/engine/delivery/timeouts.ts';
import { defaultServer, defaultSettings } from '../../../src/shared/defaultSettings.ts';
import type { Resolver } from '../../../src/shared/dns.ts';
import type { Opened, Transport } from '../../../src/shared/transport.ts';
import { type SmtpScript, SmtpServer } from '../../support/smtpServer.ts';
import { brief } from './harness.ts';

let server: SmtpServer;
let tried: string[] = [];
let silent: Socket[] = [];
afterEach(async () => {
  tried = [];
  silent = [];
  await server.close();
});

/** Addresses that never answer, and one that does. */
const connects =
  (...answering: string[]): Connect =>
  ({ host, port }) => {
    tried.push(host);
    if (answering.includes(host)) return systemConnect({ host: '127.0.0.1', port });
    const socket = new Socket();
    silent.push(socket);
    return socket;
  };

/** Should a race not be run, the first address would be waited for far longer than a test may take. */
const timeouts = { ...relayTimeouts, nextAddress: 5, nextFamily: 10, nextHost: 15 };

async function opened(transport: Transport, signal = new AbortController().signal): Promise<Opened> {
  const located = await transport.locate('d.example', signal);
  if (located.kind === 'ended') return { ...located, host: '' };
  return transport.openSession(located.destination, signal);
}

function words(result: Opened): string {
  if (result.kind === 'ended') return brief(result.end);
  const { address } = result.session;
  result.session.destroy();
  return address;
}

async function relay(
  addresses: readonly string[],
  connect: Connect,
  script: SmtpScript = {},
  times: Timeouts = timeouts,
): Promise<RelayTransport> {
  server = await SmtpServer.start(script);
  const settings = {
    ...defaultServer,
    host: 'relay.example',
    port: server.port,
    security: 'none',
    auth: 'none',
  } as const;
  return new RelayTransport('office', settings, '', '', { connect, lookup: async () => addresses, timeouts: times });
}

/** A domain with these mail hosts, best first, each with its addresses. */
async function direct(hosts: Record<string, readonly string[]>, connect: Connect, script: SmtpScript = {}) {
  server = await SmtpServer.start(script);
  const exchanges = Object.keys(hosts).map((exchange, n) => ({ preference: n, exchange }));
  const found = (records: readonly unknown[]) =>
    ({ kind: 'found', records, name: 'd.example', ttlMs: 60_000, authenticated: false }) as never;
  const none = { kind: 'noData', ttlMs: 60_000, authenticated: false } as never;
  const answer = (name: string, type: string) => {
    if (type === 'MX') return found(exchanges);
    if (type !== 'A' && type !== 'AAAA') return none;
    return found((hosts[name] ?? []).filter((address) => (type === 'AAAA') === address.includes(':')));
  };
  return new DirectTransport(
    { ...defaultSettings.direct, port: server.port },
    {
      resolver: { query: async (name: string, type: string) => answer(name, type) } as Resolver,
      connect,
      fetchPolicy: () => Promise.reject(new Error('none')),
      now: Date.now,
      random: () => 0,
      timeouts,
      ca: '',
      isForbiddenAddress: () => false,
      isOwnAddress: () => false,
    },
  );
}

describe('connection attempts are raced (RFC 8305)', () => {
  it('a relay’s second address is tried in parallel when the first does not answer', async () => {
    const transport = await relay(['192.0.2.1', '192.0.2.2'], connects('192.0.2.2'));
    assert.equal(words(await opened(transport)), '192.0.2.2');
    assert.deepEqual(tried, ['192.0.2.1', '192.0.2.2']);
    assert.ok(
      silent.every((socket) => socket.destroyed),
      'those that lost are closed',
    );
  });

  it('the address families of a relay alternate', async () => {
    const transport = await relay(['2001:db8::1', '2001:db8::2', '192.0.2.1'], connects('192.0.2.1'));
    assert.equal(words(await opened(transport)), '192.0.2.1');
    assert.deepEqual(tried.slice(0, 2), ['2001:db8::1', '192.0.2.1']);
  });

  it('an address that answers at once is the only one tried', async () => {
    const transport = await relay(['192.0.2.1', '192.0.2.2'], connects('192.0.2.1', '192.0.2.2'), {}, relayTimeouts);
    assert.equal(words(await opened(transport)), '192.0.2.1');
    assert.deepEqual(tried, ['192.0.2.1']);
  });

  it('an attempt cancelled in favour of a server that then refuses gets another turn', async () => {
    let greeted = 0;
    const transport = await relay(
      ['192.0.2.1', '192.0.2.2'],
      (options) => connects(...(tried.length > 0 ? [options.host] : []))(options),
      { steps: { greeting: () => (greeted++ === 0 ? '554 not here' : undefined) } },
    );
    assert.equal(words(await opened(transport)), '192.0.2.1');
    assert.deepEqual(tried, ['192.0.2.1', '192.0.2.2', '192.0.2.1']);
  });

  it('an MX host’s IPv6 address is tried in parallel when its IPv4 address does not answer', async () => {
    const transport = await direct({ 'mx.example': ['2001:db8::1', '192.0.2.1'] }, connects('2001:db8::1'));
    assert.equal(words(await opened(transport)), '2001:db8::1');
    assert.deepEqual(tried, ['192.0.2.1', '2001:db8::1']);
  });

  it('the next MX host is tried in parallel when the first does not answer', async () => {
    const hosts = { 'mx1.example': ['192.0.2.1', '192.0.2.2'], 'mx2.example': ['192.0.2.3'] };
    const transport = await direct(hosts, connects('192.0.2.3'));
    assert.equal(words(await opened(transport)), '192.0.2.3');
    assert.deepEqual(tried, ['192.0.2.1', '192.0.2.2', '192.0.2.3']);
  });

  it('no server answers: each was tried once, and that is reported', async () => {
    const transport = await relay(['192.0.2.1', '192.0.2.2'], ({ host }) => {
      tried.push(host);
      return systemConnect({ host: '127.0.0.1', port: 1 });
    });
    assert.equal(words(await opened(transport)), 'fault connect refused');
    assert.deepEqual(tried, ['192.0.2.1', '192.0.2.2']);
  });

  it('stopped meanwhile: every attempt ends at once', async () => {
    const transport = await relay(['192.0.2.1', '192.0.2.2', '192.0.2.3'], connects());
    const stop = new AbortController();
    const opening = opened(transport, stop.signal);
    while (silent.length < 3) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    assert.equal(words(await opening), 'fault connect aborted');
    assert.ok(silent.every((socket) => socket.destroyed));
  });
});
