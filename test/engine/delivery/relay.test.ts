import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemConnect } from '../../../src/engine/delivery/dial.ts';
import { RelayTransport, type Secret } from '../../../src/engine/delivery/relay.ts';
import type { ServerSettings } from '../../../src/shared/settings.ts';
import type { Opened } from '../../../src/shared/transport.ts';
import { makeAuthority } from '../../support/certificates.ts';
import { type SmtpScript, SmtpServer } from '../../support/smtpServer.ts';
import { brief, letter, quick } from './harness.ts';

const dir = mkdtempSync(join(tmpdir(), 'envoi-relay-'));
after(() => rmSync(dir, { recursive: true, force: true }));
const authority = makeAuthority();
const caFile = join(dir, 'ca.pem');
writeFileSync(caFile, authority.cert);
const good = authority.issue(['smtp.example.org']);
const expired = authority.issue(['smtp.example.org'], { expired: true });
const otherName = authority.issue(['smtp.example.net']);
const byAddress = authority.issue(['127.0.0.1']);
const stranger = makeAuthority('Somebody Else').issue(['smtp.example.org']);
const users = { ada: 'pass word é' };

function settings(changes: Partial<ServerSettings> = {}): ServerSettings {
  return {
    host: 'smtp.example.org',
    port: 25,
    security: 'starttls',
    user: 'ada',
    auth: 'password',
    maxConnections: 2,
    maxMessagesPerConnection: 100,
    windows: [],
    caFile,
    dkim: 'own',
    returnPath: '',
    headers: {},
    ...changes,
  };
}

async function open(
  server: { port: number } | null,
  changes: Partial<ServerSettings> = {},
  secret: Secret = users.ada,
  lookup: () => Promise<readonly string[]> = () => Promise.resolve(['127.0.0.1']),
  signal = new AbortController().signal,
): Promise<Opened> {
  const deps = { connect: systemConnect, lookup, timeouts: { ...quick, greeting: 300, auth: 300, tls: 500 } };
  const transport = new RelayTransport(
    'office',
    settings({ port: server?.port ?? 9, ...changes }),
    'me.example.org',
    secret,
    deps,
  );
  const located = await transport.locate('example.net', signal);
  assert.equal(located.kind, 'destination');
  if (located.kind !== 'destination') throw new Error('unreachable');
  return transport.openSession(located.destination, signal);
}

function endOf(opened: Opened): string {
  if (opened.kind === 'ended') return brief(opened.end);
  opened.session.destroy();
  return 'session';
}

/** What the server is like, how it is set up here, and what opening it comes to. */
const rows: readonly [string, SmtpScript, Partial<ServerSettings>, string][] = [
  ['STARTTLS and the right password', { certificate: good, users }, {}, 'session'],
  ['TLS from the first byte', { certificate: good, users, implicitTls: true }, { security: 'tls' }, 'session'],
  [
    'a certificate for the address it was set with',
    { certificate: byAddress, users },
    { host: '127.0.0.1' },
    'session',
  ],
  ['an expired certificate', { certificate: expired, users }, {}, 'fault tls tlsCertificate'],
  [
    'an expired certificate, implicit TLS',
    { certificate: expired, implicitTls: true },
    { security: 'tls' },
    'fault tls tlsCertificate',
  ],
  ["another host's certificate", { certificate: otherName, users }, {}, 'fault tls tlsCertificate'],
  ['a certificate nobody trusted', { certificate: stranger, users }, {}, 'fault tls tlsCertificate'],
  ['an own authority that was not named', { certificate: good, users }, { caFile: '' }, 'fault tls tlsCertificate'],
  ['no STARTTLS although it is required', { users }, {}, 'fault tls tlsUnavailable'],
  [
    'STARTTLS refused',
    { certificate: good, steps: { STARTTLS: '454 4.7.0 no TLS today' } },
    {},
    'fault tls tlsUnavailable',
  ],
  [
    '421 to STARTTLS',
    { certificate: good, steps: { STARTTLS: { close: true, say: '421 4.3.0 bye' } } },
    {},
    'reply tls 421',
  ],
  [
    'octets injected before the handshake',
    { certificate: good, users, injected: '\n250 PIPELINING' },
    {},
    'fault tls protocol',
  ],
  [
    'a connection dropped in the handshake',
    { steps: { STARTTLS: { close: true, say: '220 go' } }, extensions: ['STARTTLS'] },
    {},
    'fault tls tlsHandshake',
  ],
  [
    'a handshake that never comes',
    { steps: { STARTTLS: '220 go' }, extensions: ['STARTTLS'] },
    {},
    'fault tls timeout',
  ],
  ['a plain server where TLS is awaited', { users }, { security: 'tls' }, 'fault tls tlsHandshake'],
  ['no sign-in wanted by us', { certificate: good, users }, { auth: 'none' }, 'session'],
  ['no sign-in offered', { certificate: good }, {}, 'fault auth authUnavailable'],
  [
    'only mechanisms we do not know',
    { certificate: good, extensions: ['AUTH GSSAPI NTLM'] },
    {},
    'fault auth authUnavailable',
  ],
  ['sign-in refused for now', { certificate: good, users, steps: { AUTH: '454 4.7.0 later' } }, {}, 'reply auth 454'],
  ['sign-in never answered', { certificate: good, users, steps: { AUTH: { hang: true } } }, {}, 'fault auth timeout'],
  ['sign-in asking on and on', { certificate: good, users, steps: { AUTH: '334 ' } }, {}, 'fault auth protocol'],
  ['554 as a greeting', { certificate: good, steps: { greeting: '554 5.7.1 go away' } }, {}, 'reply greeting 554'],
  [
    '421 as a greeting',
    { certificate: good, steps: { greeting: { close: true, say: '421 4.7.0 busy' } } },
    {},
    'reply greeting 421',
  ],
  ['nothing as a greeting', { certificate: good, steps: { greeting: { hang: true } } }, {}, 'fault greeting timeout'],
  [
    'a greeting of another protocol',
    { certificate: good, steps: { greeting: '+OK POP3 ready' } },
    {},
    'fault greeting protocol',
  ],
  [
    'a connection closed at once',
    { certificate: good, steps: { greeting: { close: true } } },
    {},
    'fault greeting closed',
  ],
  ['HELO only, in the clear', { steps: { EHLO: '502 5.5.1 what' } }, { security: 'none', auth: 'none' }, 'session'],
  ['HELO only where TLS is required', { steps: { EHLO: '502 5.5.1 what' } }, {}, 'fault tls tlsUnavailable'],
  ['a password in the clear, over loopback', { users }, { security: 'none' }, 'session'],
  ['EHLO refused for now', { steps: { EHLO: '451 4.3.0 not now' } }, {}, 'reply ehlo 451'],
];
for (const [what, script, changes, expected] of rows) {
  test(`a server with ${what}: ${expected}`, async () => {
    const server = await SmtpServer.start(script);
    try {
      assert.equal(endOf(await open(server, changes)), expected);
      if (expected.startsWith('fault tls')) {
        assert.equal(
          server.commands.some((line) => line.startsWith('AUTH')),
          false,
          'no password without a proved connection',
        );
      }
    } finally {
      await server.close();
    }
  });
}

test('a wrong password ends with the server’s reply', async () => {
  const server = await SmtpServer.start({ certificate: good, users });
  const opened = await open(server, {}, 'guess');
  assert.deepEqual(opened, {
    kind: 'ended',
    host: 'smtp.example.org',
    end: {
      kind: 'reply',
      stage: 'auth',
      reply: { code: 535, enhanced: '5.7.8', text: 'Error: authentication failed' },
    },
  });
  await server.close();
});

test('without a password no sign-in is attempted', async () => {
  const server = await SmtpServer.start({ certificate: good, users });
  assert.equal(endOf(await open(server, {}, () => '')), 'fault auth secretMissing');
  assert.equal(server.connections, 0);
  await server.close();
});

test('a password never travels in the clear to another machine', async () => {
  const server = await SmtpServer.start({ users });
  const transport = new RelayTransport('office', settings({ port: server.port, security: 'none' }), '', 'x', {
    // The name leads elsewhere; the connection is led back here.
    connect: ({ port }) => systemConnect({ host: '127.0.0.1', port }),
    lookup: () => Promise.resolve(['192.0.2.1']),
    timeouts: quick,
  });
  const located = await transport.locate('example.net', AbortSignal.abort());
  if (located.kind !== 'destination') throw new Error('unreachable');
  const opened = await transport.openSession(located.destination, new AbortController().signal);
  assert.equal(endOf(opened), 'fault auth tlsUnavailable');
  assert.equal(
    server.commands.some((line) => line.startsWith('AUTH')),
    false,
  );
  await server.close();
});

const mechanisms: readonly [string, string, ServerSettings['auth'], string[]][] = [
  ['PLAIN', 'AUTH PLAIN LOGIN', 'password', [`AUTH PLAIN ${b64('\0ada\0pass word é')}`]],
  ['LOGIN', 'AUTH LOGIN', 'password', ['AUTH LOGIN', b64('ada'), b64('pass word é')]],
  ['LOGIN as old servers spell it', 'AUTH=LOGIN', 'password', ['AUTH LOGIN', b64('ada'), b64('pass word é')]],
  // RFC 2195: HMAC-MD5 of the challenge under the password.
  ['CRAM-MD5', 'AUTH CRAM-MD5', 'password', ['AUTH CRAM-MD5', b64('ada e10c8ce6e6dcfc1aacd0187bea4d6dd1')]],
  ['XOAUTH2', 'AUTH XOAUTH2', 'oauth2', [`AUTH XOAUTH2 ${b64('user=ada\x01auth=Bearer pass word é\x01\x01')}`]],
  [
    'OAUTHBEARER',
    'AUTH OAUTHBEARER',
    'oauth2',
    [`AUTH OAUTHBEARER ${b64('n,a=ada,\x01host=smtp.example.org\x01port=PORT\x01auth=Bearer pass word é\x01\x01')}`],
  ],
];
for (const [name, offer, auth, said] of mechanisms) {
  test(`signs in by ${name}`, async () => {
    const lines: string[] = [];
    const server = await SmtpServer.start({
      certificate: good,
      extensions: [offer],
      steps: {
        AUTH: (line) => {
          lines.push(line);
          return lines.length < said.length ? `334 ${b64('<1@example.org>')}` : '235 2.7.0 in';
        },
      },
    });
    assert.equal(endOf(await open(server, { auth })), 'session');
    const wanted = name === 'OAUTHBEARER' ? said.map((line) => rebase(line, server.port)) : said;
    assert.deepEqual(
      name === 'CRAM-MD5' ? lines.slice(0, 1) : lines,
      name === 'CRAM-MD5' ? wanted.slice(0, 1) : wanted,
    );
    await server.close();
  });
}

test('a token refused after it was replaced is not counted against the new one, which is tried at once', async () => {
  for (const [next, outcome, asked] of [
    ['fresh', 'session', ['old', 'fresh']],
    ['old', 'reply auth 535', ['old']],
  ] as const) {
    let current = 'old';
    const seen: string[] = [];
    const server = await SmtpServer.start({
      certificate: good,
      extensions: ['AUTH XOAUTH2'],
      steps: {
        AUTH: (line) => {
          const given = Buffer.from(line.split(' ').at(-1) ?? '', 'base64').toString();
          const token = /Bearer (\w+)/.exec(given)?.[1] ?? '';
          seen.push(token);
          current = next;
          return token === 'fresh' ? '235 2.7.0 Accepted' : '535 5.7.3 Authentication unsuccessful';
        },
      },
    });
    assert.equal(endOf(await open(server, { auth: 'oauth2' }, () => current)), outcome);
    assert.deepEqual(seen, asked);
    await server.close();
  }
});

test('XOAUTH2 refused: the error report is answered with an empty line and the reply that follows counts', async () => {
  const lines: string[] = [];
  const server = await SmtpServer.start({
    certificate: good,
    extensions: ['AUTH XOAUTH2'],
    steps: {
      AUTH: (line) => {
        lines.push(line);
        return lines.length === 1 ? `334 ${b64('{"status":"401"}')}` : '535 5.7.3 Authentication unsuccessful';
      },
    },
  });
  assert.equal(endOf(await open(server, { auth: 'oauth2' })), 'reply auth 535');
  assert.equal(lines[1], '');
  await server.close();
});

test('a dead address is skipped in favour of a live one', async () => {
  const server = await SmtpServer.start({ certificate: good, users }, '127.0.0.2');
  const opened = await open(server, {}, users.ada, () => Promise.resolve(['127.0.0.3', '127.0.0.2']));
  assert.equal(opened.kind === 'session' && opened.session.address, '127.0.0.2');
  endOf(opened);
  await server.close();
});

const lookups: readonly [string, string][] = [
  ['ENOTFOUND', 'fault resolve noSuchDomain'],
  ['ENODATA', 'fault resolve noAddress'],
  ['EAI_AGAIN', 'fault resolve dnsTemporary'],
];
for (const [code, expected] of lookups) {
  test(`a host whose look-up ends with ${code}: ${expected}`, async () => {
    const lookup = () => Promise.reject(Object.assign(new Error(code), { code }));
    assert.equal(endOf(await open(null, {}, users.ada, lookup)), expected);
  });
}

test('nobody listening: refused', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  assert.equal(endOf(await open({ port })), 'fault connect refused');
});

test('stopped while waiting for the server: aborted at once', async () => {
  const server = await SmtpServer.start({ steps: { greeting: { hang: true } } });
  const stop = new AbortController();
  const opening = open(server, {}, users.ada, undefined, stop.signal);
  while (server.connections === 0) await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  assert.equal(endOf(await opening), 'fault greeting aborted');
  await server.close();
});

test('a message goes out encrypted and signed in', async () => {
  const server = await SmtpServer.start({ certificate: good, users });
  const opened = await open(server);
  if (opened.kind !== 'session') throw new Error(JSON.stringify(opened));
  assert.match(opened.session.tls, /^TLSv1\.3 /);
  assert.equal(brief(await opened.session.send(letter()).end), 'reply dot 250');
  assert.equal(server.messages[0]?.tls, true);
  await opened.session.quit();
  await server.close();
});

function b64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function rebase(line: string, port: number): string {
  const [auth, name, blob = ''] = line.split(' ');
  return `${auth} ${name} ${b64(Buffer.from(blob, 'base64').toString().replace('PORT', String(port)))}`;
}
