import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openEngine } from '../../src/engine/openEngine.ts';
import { defaultServer, defaultSettings } from '../../src/shared/defaultSettings.ts';
import { silentLog } from '../../src/shared/log.ts';
import type { ServerProbe } from '../../src/shared/serverProbe.ts';
import { limitedScript, type ServerLimits } from '../support/limitedServer.ts';
import { type SmtpScript, SmtpServer } from '../support/smtpServer.ts';

const NEVER = 10_000;

interface Row {
  name: string;
  limits: ServerLimits;
  script?: Pick<SmtpScript, 'users'>;
  user?: string;
  messages?: number;
  forMs?: number;
  expected: Partial<ServerProbe>;
  accepted?: number;
}

const rows: readonly Row[] = [
  {
    name: 'three connections, four messages a connection, twelve at once',
    limits: { connections: 3, perConnection: 4, burst: { count: 12, refusals: 3 } },
    expected: {
      connections: { limit: 3, seen: 3 },
      perConnection: { limit: 4, seen: 4 },
      refusedAfter: 12,
    },
  },
  {
    name: 'no limit',
    limits: {},
    messages: 30,
    expected: {
      ended: 'messages',
      messages: 30,
      connections: { limit: null, seen: 20 },
      perConnection: { limit: null, seen: 30 },
      refusedAfter: null,
      rate: null,
    },
    accepted: 30,
  },
  {
    name: 'a single connection of five messages, with a sign-in',
    limits: { connections: 1, perConnection: 5 },
    script: { users: { ada: 'right' } },
    user: 'ada',
    messages: 20,
    expected: { connections: { limit: 1, seen: 1 }, perConnection: { limit: 5, seen: 5 }, rate: null },
  },
  {
    name: 'a limit that does not end while the test lasts',
    messages: 9,
    limits: { connections: 2, burst: { count: 7, refusals: NEVER } },
    expected: { ended: 'messages', messages: 7, connections: { limit: 2, seen: 2 }, refusedAfter: 7, rate: null },
    accepted: 7,
  },
  {
    name: 'replies to what comes behind a refused MAIL that take their time',
    limits: { burst: { count: 5, refusals: NEVER }, dawdles: true },
    messages: 9,
    expected: { ended: 'messages', messages: 5, refusedAfter: 5 },
  },
  {
    name: 'a wrong password',
    limits: {},
    script: { users: { ada: 'other' } },
    user: 'ada',
    expected: { ended: 'refused', messages: 0 },
    accepted: 0,
  },
];
for (const { name, limits, script, user = '', messages = 100, forMs = 120_000, expected, accepted } of rows) {
  test(`a real server on this computer with ${name}`, async (t) => {
    const limited = limitedScript(limits);
    const server = await SmtpServer.start({ ...limited, ...script });
    const stateDir = mkdtempSync(join(tmpdir(), 'envoi-probe-'));
    const engine = await openEngine({ stateDir, log: silentLog, labAddresses: '' });
    t.after(async () => {
      await engine.close();
      await server.close();
      rmSync(stateDir, { recursive: true, force: true });
    });
    const auth = user === '' ? ('none' as const) : ('password' as const);
    const office = { ...defaultServer, host: '127.0.0.1', port: server.port, security: 'none' as const, user, auth };
    const found = await engine.probeServer({
      settings: {
        ...defaultSettings,
        from: 'ada@sender.example',
        testRecipients: ['ada@post.example'],
        servers: { office },
        route: ['office'],
      },
      server: 'office',
      budget: { messages, forMs },
      again: false,
      probe: 'p',
      secret: user === '' ? '' : 'right',
      letter: { subject: 'Envoi is testing office: message', text: 'Nothing to do.' },
      mailboxes: [],
    });
    const seen = Object.fromEntries(Object.keys(expected).map((key) => [key, found[key as keyof ServerProbe]]));
    assert.deepEqual(seen, expected, JSON.stringify(found));
    assert.equal(server.messages.length, accepted ?? found.messages);
    assert.ok(server.messages.length <= messages);
    assert.deepEqual(
      [...new Set(server.messages.flatMap(({ to }) => to))].filter((to) => to !== 'ada@post.example'),
      [],
    );
    for (const { data } of server.messages)
      assert.match(data.toString('latin1'), /^Subject: \[Test\] Envoi is testing/m);
    if (limits.connections) assert.equal(limited.peak(), limits.connections);
  });
}
