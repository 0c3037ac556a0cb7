import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { after, test } from 'node:test';
import { isForbiddenAddress } from '../../../src/engine/delivery/addresses.ts';
import { openSession } from '../../../src/engine/delivery/connect.ts';
import { httpsFetcher, publicLookup } from '../../../src/engine/delivery/sts.ts';
import { makeAuthority } from '../../support/certificates.ts';
import { brief, endpoint, openEnd, quick } from './harness.ts';

const nowhere = { address: '127.0.0.1', port: 9 };
/** A connection that never comes about. */
const never = () => new Socket();

test('no connection in time: timeout', async () => {
  assert.equal(
    await openEnd(nowhere, { connect: never, timeouts: { ...quick, connect: 30 } }),
    'fault connect timeout',
  );
});

test('stopped while connecting: aborted at once', async () => {
  const stop = new AbortController();
  const opening = openSession(endpoint(nowhere, { connect: never }), stop.signal);
  stop.abort();
  const result = await opening;
  assert.equal(result.kind === 'ended' && brief(result.end), 'fault connect aborted');
});

test('stopped before it started: nothing is connected', async () => {
  const result = await openSession(endpoint(nowhere, { connect: () => assert.fail('connected') }), AbortSignal.abort());
  assert.equal(result.kind === 'ended' && brief(result.end), 'fault connect aborted');
});

test('an impossible port or local address', async () => {
  assert.equal(await openEnd({ address: '127.0.0.1', port: 99_999 }), 'fault connect unreachable');
  assert.equal(await openEnd(nowhere, { localAddress: 'nonsense' }), 'fault connect unreachable');
  assert.equal(await openEnd(nowhere, { localAddress: '192.0.2.77' }), 'fault connect unreachable');
});

test('authorities that cannot be read', async () => {
  const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  for (const ca of ['-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----', 'nonsense']) {
    const changes = { security: 'tls', verification: { kind: 'name', ca } } as const;
    assert.equal(await openEnd({ address: '127.0.0.1', port }, changes), 'fault tls tlsCertificate');
  }
  server.close();
});

test('plain text between STARTTLS and the handshake is treated as an attack', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('220 hi\r\n');
    socket.on('data', (chunk) => {
      if (/^EHLO/.test(chunk.toString())) socket.write('250-x\r\n250 STARTTLS\r\n');
      else socket.write('220 go\r\n250 inj');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  assert.equal(await openEnd({ address: '127.0.0.1', port }, { security: 'starttls' }), 'fault tls protocol');
  server.close();
});

const authority = makeAuthority();
const policy = 'version: STSv1\nmode: testing\nmx: a.example\nmax_age: 1\n';
const web = createHttps(authority.issue(['mta-sts.good.example']), (request, response) => {
  switch (request.url) {
    case '/.well-known/mta-sts.txt':
      response.setHeader('content-type', 'text/plain; charset=utf-8').end(policy);
      break;
    case '/html':
      response.setHeader('content-type', 'text/html').end(policy);
      break;
    case '/moved':
      response.writeHead(302, { location: '/.well-known/mta-sts.txt' }).end();
      break;
    case '/long':
      response.setHeader('content-type', 'text/plain').end('x'.repeat(200_000));
      break;
    default:
      response.writeHead(404).end();
  }
}).listen(0, '127.0.0.1');
await once(web, 'listening');
after(() => {
  web.close();
  web.closeAllConnections();
});
const { port } = web.address() as AddressInfo;
const fetch = httpsFetcher({
  port,
  ca: authority.cert,
  agent: false,
  lookup: (_host, options, done) =>
    options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
});

test('a policy is fetched over HTTPS, from that name, as plain text, without redirects, of moderate length', async () => {
  assert.equal(await fetch('https://mta-sts.good.example/.well-known/mta-sts.txt'), policy);
  await assert.rejects(fetch('https://mta-sts.other.example/.well-known/mta-sts.txt'), /altnames|does not match/i);
  await assert.rejects(fetch('https://mta-sts.good.example/html'), /text\/html/);
  await assert.rejects(fetch('https://mta-sts.good.example/moved'), /302/);
  await assert.rejects(fetch('https://mta-sts.good.example/none'), /404/);
  await assert.rejects(fetch('https://mta-sts.good.example/long'), /too long/);
});

test('a policy is not fetched from this machine or its network, wherever a stranger’s domain points', async () => {
  const guarded = httpsFetcher({ port, ca: authority.cert, agent: false, lookup: publicLookup(isForbiddenAddress) });
  await assert.rejects(guarded('https://localhost/.well-known/mta-sts.txt'), /localhost leads to (?:127\.0\.0\.1|::1)/);
  const open = httpsFetcher({ port, ca: authority.cert, agent: false, lookup: publicLookup(() => false) });
  // That far it came: the certificate is another's.
  await assert.rejects(open('https://localhost/.well-known/mta-sts.txt'), /altnames|does not match/i);
});
