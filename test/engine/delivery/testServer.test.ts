import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createTransport, systemDeps, testServer } from '../../../src/engine/delivery/index.ts';
import { UserError } from '../../../src/shared/errors.ts';
import type { ServerSettings, Settings } from '../../../src/shared/settings.ts';
import { makeAuthority } from '../../support/certificates.ts';
import { type SmtpScript, SmtpServer } from '../../support/smtpServer.ts';
import { quick } from './harness.ts';

const dir = mkdtempSync(join(tmpdir(), 'envoi-test-'));
after(() => rmSync(dir, { recursive: true, force: true }));
const authority = makeAuthority();
const caFile = join(dir, 'ca.pem');
writeFileSync(caFile, authority.cert);
const certificate = authority.issue(['smtp.example.org']);
const users = { ada: 'right' };

function settings(port: number, changes: Partial<ServerSettings> = {}): Pick<Settings, 'from' | 'servers' | 'direct'> {
  return {
    from: 'Ada Byron <ada@example.org>',
    servers: {
      office: {
        host: 'smtp.example.org',
        port,
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
      },
    },
    direct: {
      hello: 'me.example.org',
      tls: 'opportunistic',
      maxConnectionsPerDestination: 4,
      maxConnections: 50,
      dnsServers: [],
      port: 25,
      ipFamily: 'auto',
      localAddress: '',
      returnPath: '',
      warmUp: '',
    },
  };
}

const deps = {
  ...systemDeps({ dnsServers: [], labAddresses: '' }),
  lookup: (host: string) =>
    host === 'smtp.example.org'
      ? Promise.resolve(['127.0.0.1'])
      : Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })),
  timeouts: { ...quick, greeting: 300, mail: 1000 },
};

async function steps(script: SmtpScript, changes: Partial<ServerSettings> = {}, secret = 'right'): Promise<string[]> {
  const server = await SmtpServer.start(script);
  try {
    const { steps: found } = await testServer(settings(server.port, changes), 'office', secret, deps);
    assert.equal(server.messages.length, 0);
    assert.equal(server.commands.includes('DATA'), false);
    return found.map(
      ({ step, ok, detail }) => `${ok ? '' : '! '}${step}: ${detail.replace(String(server.port), 'PORT')}`,
    );
  } finally {
    await server.close();
  }
}

test('a server that works passes every step, and no message is sent', async () => {
  assert.deepEqual(await steps({ certificate, users }), [
    'dns: 127.0.0.1',
    'connect: 127.0.0.1:PORT test.invalid ESMTP',
    'tls: TLSv1.3 TLS_AES_256_GCM_SHA384',
    'auth: PLAIN',
    'sender: ada@example.org',
    'ready: PIPELINING SIZE 8BITMIME ENHANCEDSTATUSCODES AUTH',
  ]);
});

const failures: readonly [string, SmtpScript, Partial<ServerSettings>, string, RegExp][] = [
  [
    'an unknown host',
    {},
    { host: 'smtp.nowhere.invalid' },
    'right',
    /^! dns: there is no host smtp\.nowhere\.invalid$/,
  ],
  ['a server that says nothing', { steps: { greeting: { hang: true } } }, {}, 'right', /^! connect: no reply for 0 s$/],
  ['a server that is busy', { steps: { greeting: '421 4.3.2 busy' } }, {}, 'right', /^! connect: 421 4\.3\.2 busy$/],
  ['no TLS', { users }, {}, 'right', /^! tls: the server does not offer STARTTLS$/],
  ['a certificate nobody knows', { certificate }, { caFile: '' }, 'right', /^! tls: .*certificate/],
  ['a wrong password', { certificate, users }, {}, 'wrong', /^! auth: 535 5\.7\.8 Error: authentication failed$/],
  ['no password', { certificate, users }, {}, '', /^! auth: no password is known for ada@smtp\.example\.org:/],
  [
    'a server that falls silent at the sender',
    { certificate, users, steps: { MAIL: { hang: true } } },
    {},
    'right',
    /^! connect: no reply for \d+ s$/,
  ],
  [
    'a sender that is refused',
    { certificate, users, steps: { MAIL: '553 5.7.1 not yours' } },
    {},
    'right',
    /^! sender: 553 5\.7\.1 not yours$/,
  ],
];
for (const [what, script, changes, secret, expected] of failures) {
  test(`${what}: the failing step is named with the server's words`, async () => {
    const found = await steps(script, changes, secret);
    assert.match(found.at(-1) ?? '', expected);
    assert.equal(found.filter((step) => step.startsWith('!')).length, 1);
  });
}

test('a server that is not in the settings', async () => {
  assert.deepEqual((await testServer(settings(25), 'other', '', deps)).steps, [
    { step: 'dns', ok: false, detail: 'there is no server other' },
  ]);
});

test('a route names "direct" or a server of the settings, or is refused with a sentence', () => {
  assert.equal(createTransport('direct', settings(25), '', deps).accountKey, 'direct');
  assert.equal(createTransport('office', settings(25), '', deps).accountKey, 'ada@smtp.example.org:25');
  assert.throws(
    () => createTransport('other', settings(25), '', deps),
    (error) => error instanceof UserError && error.code === 'unknownServer',
  );
});
