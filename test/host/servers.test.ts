import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshPolicy, nextRestart, type RestartPolicy } from '../../src/host/engineLink/restartPolicy.ts';
import { readServerEntry } from '../../src/host/servers/readServerEntry.ts';
import { entryOf, parseHostPort, proposeName, securityOfPort } from '../../src/host/servers/serverEntry.ts';
import { knownServices, servicesOf } from '../../src/host/servers/services.ts';
import { suppressedBy } from '../../src/letter/readersBefore.ts';
import { readSettings } from '../../src/shared/settingsReader.ts';

test('every service the wizard offers makes an entry the settings accept', async () => {
  const { presets, others } = await knownServices();
  assert.ok(presets.length >= 5 && others.length > 50);
  for (const service of [...presets, ...others]) {
    const { host, port, security, auth } = service;
    const entry = entryOf({ name: 'x', host, port, security, auth, user: 'ada@example.org', service });
    const { findings } = readSettings(
      { 'envoi.servers': { x: entry } },
      { file: 'settings.json', baseDir: '/', providers: [] },
    );
    assert.deepEqual(findings, [], service.label);
    const read = readServerEntry('x', entry);
    assert.deepEqual([read.host, read.port, read.security, read.auth], [host, port, security, auth], service.label);
  }
});

test('a service that has a preset with limits is offered once', () => {
  const services = servicesOf({
    Gmail: { host: 'smtp.gmail.com', port: 465, secure: true },
    A: { host: 'a.example' },
    NoHost: {},
  });
  assert.deepEqual(
    services.map((service) => [service.label, service.port, service.security]),
    [['A', 587, 'starttls']],
  );
});

test('limits of a preset are written, defaults are not', async () => {
  const { presets } = await knownServices();
  const exchange = presets.find((preset) => preset.id === 'exchangeOnline') ?? null;
  assert.ok(exchange);
  const { host, port, security, auth } = exchange;
  const entry = entryOf({ name: 'x', host, port, security, auth, user: 'ada@example.org', service: exchange });
  assert.deepEqual([entry.auth, entry.rate, entry.maxConnections], ['oauth2', exchange.limits?.rate, 3]);
  const plain = entryOf({
    name: 'x',
    host: 'h.example',
    port: 25,
    security: 'none',
    auth: 'none',
    user: '',
    service: null,
  });
  assert.deepEqual(plain, { host: 'h.example', port: 25, security: 'none' });
});

test('a host may come with its port', () => {
  assert.deepEqual(parseHostPort(' SMTP.example.org '), { host: 'smtp.example.org', port: null });
  assert.deepEqual(parseHostPort('smtp.example.org:465'), { host: 'smtp.example.org', port: 465 });
  assert.deepEqual(parseHostPort('[::1]:2525'), { host: '::1', port: 2525 });
  for (const text of ['', 'a b', 'host:0', 'host:70000', 'http://host', 'user@host'])
    assert.equal(parseHostPort(text), null, text);
  assert.equal(securityOfPort(465), 'tls');
  assert.equal(securityOfPort(587), 'starttls');
});

test('the proposed name is short, free, and never the built-in one', () => {
  assert.equal(proposeName(null, 'smtp.example.org', []), 'example');
  assert.equal(proposeName(null, 'smtp.example.org', ['example', 'example2']), 'example3');
  assert.equal(proposeName(null, '127.0.0.1', []), 'local');
  assert.notEqual(proposeName(null, 'direct.example', []), 'direct');
});

test('a lost engine is restarted with growing delays, at most five times in three minutes', () => {
  let policy: RestartPolicy = freshPolicy;
  const waits: number[] = [];
  for (let now = 0; ; now += 1000) {
    const step = nextRestart(policy, now);
    if (step.kind === 'giveUp') break;
    waits.push(step.afterMs);
    policy = step.policy;
  }
  assert.deepEqual(waits, [250, 500, 1000, 2000, 4000]);
  assert.equal(nextRestart(policy, 200_000).kind, 'restart');
});

test('addresses in any letter case and whole domains are suppressed, over all pages', async () => {
  const all = Array.from({ length: 7000 }, (_, n) => ({
    entry: `a${String(n).padStart(5, '0')}@x.example`,
    reason: 'bounced' as const,
    note: '',
    at: 0,
  }));
  all.push({ entry: 'gone.example', reason: 'bounced', note: '', at: 0 });
  all.sort((a, b) => (a.entry < b.entry ? -1 : 1));
  const isSuppressed = await suppressedBy({
    suppressions: async ({ after, limit }) => all.filter(({ entry }) => entry > after).slice(0, limit),
  });
  assert.ok(isSuppressed('A06999@X.example'));
  assert.ok(isSuppressed('anyone@gone.example'));
  assert.ok(!isSuppressed('a7000@x.example'));
});
