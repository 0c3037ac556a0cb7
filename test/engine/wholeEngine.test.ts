import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Daemon } from '../../src/engine/daemon/daemon.ts';
import { relayTimeouts } from '../../src/engine/delivery/timeouts.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import { attachEngine } from '../../src/protocol/attachEngine.ts';
import type { EngineApi } from '../../src/protocol/engineApi.ts';
import type { EngineClient } from '../../src/protocol/engineClient.ts';
import { pinCampaign } from '../../src/protocol/pinCampaign.ts';
import type { CampaignSnapshot } from '../../src/shared/campaign.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { defaultServer, defaultSettings } from '../../src/shared/defaultSettings.ts';
import { silentLog } from '../../src/shared/log.ts';
import type { ServerSettings, Settings } from '../../src/shared/settings.ts';
import { realDraft } from '../protocol/fakeEngine.ts';
import { closedPort, StalledPort } from '../support/deadPorts.ts';
import { DnsServer } from '../support/dnsServer.ts';
import { SmtpServer } from '../support/smtpServer.ts';

// A silent server is given up sooner than it is in earnest.
const timeouts = { ...relayTimeouts, connect: 700 };
const count = 60;
const domains = 6;
const list = Array.from({ length: count }, (_, n) => `r${n}@d${n % domains}.example`);

let folder = '';
let daemon: Daemon;
let windows: EngineClient[] = [];
let ends: (() => Promise<void>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'envoi-whole-'));
  windows = [];
  ends = [];
  const open = () => openEngine({ stateDir: folder, log: silentLog, labAddresses: '127.0.0.0/8', timeouts });
  daemon =
    (await Daemon.open({ stateDir: folder, version: '1.0.0', clock: systemClock, log: silentLog, open })) ??
    assert.fail();
});
afterEach(async () => {
  for (const window of windows) window.dispose();
  await daemon.close();
  for (const end of ends) await end();
  await rm(folder, { recursive: true, force: true });
});

async function serve(...how: Parameters<typeof SmtpServer.start>): Promise<SmtpServer> {
  const server = await SmtpServer.start(...how);
  ends.push(() => server.close());
  return server;
}

async function attach(): Promise<EngineClient> {
  const window = await attachEngine({ stateDir: folder, client: 'editor', version: '1.0.0', log: silentLog });
  windows.push(window ?? assert.fail('no engine'));
  return window ?? assert.fail();
}

function relay(port: number, more: Partial<ServerSettings> = {}): ServerSettings {
  return { ...defaultServer, host: '127.0.0.1', port, security: 'none', auth: 'none', ...more };
}

async function send(engine: EngineApi, settings: Partial<Settings>): Promise<string> {
  const rows = list.map((address, n) => ({ line: n + 2, address, fields: { name: `Reader ${n}` } }));
  const { id } = await pinCampaign(engine, {
    campaign: { ...(await realDraft()), settings: { ...defaultSettings, ...settings } },
    assets: [],
    read: () => Promise.reject(new Error('no files')),
    attachmentPaths: null,
    batches: (async function* () {
      yield { rows, refused: [] };
    })(),
    startAt: 0,
    secrets: {},
  });
  return id;
}

/** Resolves with the first snapshot that fits, as one who watches sees them. */
function seen(
  engine: EngineApi,
  campaign: string,
  fits: (snapshot: CampaignSnapshot) => boolean,
): Promise<CampaignSnapshot> {
  return new Promise((resolve, reject) => {
    const look = (snapshot: CampaignSnapshot) => {
      if (snapshot.id !== campaign || !fits(snapshot)) return;
      watch.dispose();
      resolve(snapshot);
    };
    const watch = engine.onChange(look);
    engine.get({ campaign }).then(look, reject);
  });
}

const is = (state: CampaignSnapshot['state']) => (snapshot: CampaignSnapshot) => snapshot.state === state;
const receivers = (...servers: SmtpServer[]) =>
  servers.flatMap(({ messages }) => messages.map(({ to }) => to[0])).sort();

describe('two windows on one engine', () => {
  it('see the same counts, pause and resume for each other, and one that closes stops nothing', async () => {
    const server = await serve();
    const office = relay(server.port, { maxConnections: 1, windows: [{ count: 3, perMs: 100 }] });
    const [one, two] = [await attach(), await attach()];
    const campaign = await send(one.api, { servers: { office }, route: ['office'] });
    const under = (some: number) => (snapshot: CampaignSnapshot) => snapshot.counts.sent >= some;
    await Promise.all([seen(one.api, campaign, under(5)), seen(two.api, campaign, under(5))]);

    await one.api.pause({ campaign });
    const paused = await Promise.all([one, two].map(({ api }) => api.get({ campaign })));
    assert.equal(paused[0]?.state, 'paused');
    assert.deepEqual(paused[0]?.counts, paused[1]?.counts);
    assert.equal(paused[0]?.counts.sent, server.messages.length);
    assert.ok(server.messages.length < count, 'it was paused on its way');
    await seen(two.api, campaign, is('paused'));

    await two.api.resume({ campaign, secrets: {} });
    await seen(one.api, campaign, under(server.messages.length + 5));
    one.dispose();
    await one.closed;
    const done = await seen(two.api, campaign, is('done'));
    assert.equal(done.counts.sent, count);
    assert.deepEqual(receivers(server), list.toSorted());
    const three = await attach();
    assert.deepEqual((await three.api.get({ campaign })).counts, done.counts);
  });
});

describe('a port that is blocked', () => {
  /** Domains of as many operators, whose mail servers are all on loopback. */
  async function names(): Promise<string> {
    const dns = await DnsServer.start({
      ...Object.fromEntries(
        Array.from({ length: domains }, (_, n) => [
          [`d${n}.example`, { MX: [{ preference: 10, exchange: `mx.host${n}.example` }] }],
          [`mx.host${n}.example`, { A: ['127.0.0.1'] }],
        ]).flat() as [string, object][],
      ),
    });
    ends.push(() => dns.close());
    return `127.0.0.1:${dns.port}`;
  }

  /** What the report knows of the first ways that were tried in vain. */
  async function reasons(campaign: string): Promise<string[]> {
    const { engine } = daemon;
    const said: string[] = [];
    for (const { id, transport } of await engine.report({ campaign, after: 0, limit: 1000 }))
      for (const attempt of await engine.attempts({ campaign, id }))
        if (attempt.transport !== transport && attempt.end?.kind === 'fault')
          said.push(`${attempt.transport} ${attempt.cause}: ${attempt.end.code}`);
    return [...new Set(said)].sort();
  }

  const ways: [title: string, route: ['office' | 'direct', 'office' | 'direct'], how: 'refuses' | 'is silent'][] = [
    ['direct, every server refuses: the relay', ['direct', 'office'], 'refuses'],
    ['direct, every server is silent: the relay', ['direct', 'office'], 'is silent'],
    ['the relay refuses: direct', ['office', 'direct'], 'refuses'],
    ['the relay is silent: direct', ['office', 'direct'], 'is silent'],
  ];
  for (const [title, route, how] of ways) {
    it(`${title} takes all, nobody is lost, nobody gets two, and it is said why`, async () => {
      const server = await serve();
      let dead: number;
      if (how === 'refuses') dead = await closedPort();
      else {
        const stalled = await StalledPort.start();
        ends.push(() => stalled.close());
        dead = stalled.port;
      }
      const [first, backup] = route;
      const dnsServers = [await names()];
      const campaign = await send(daemon.engine, {
        servers: { office: relay(first === 'office' ? dead : server.port) },
        direct: { ...defaultSettings.direct, dnsServers, port: first === 'direct' ? dead : server.port },
        route,
      });
      const done = await seen(daemon.engine, campaign, is('done'));
      assert.equal(done.counts.sent, count, JSON.stringify(done.counts));
      assert.deepEqual(receivers(server), list.toSorted());
      const by = Object.fromEntries(done.transports.map((way) => [way.name, way]));
      assert.deepEqual([by[first]?.sent, by[backup]?.sent], [0, count]);
      assert.match(by[first]?.lastError ?? '', how === 'refuses' ? /ECONNREFUSED/ : /no connection within/);
      const known = how === 'refuses' ? 'connect: refused' : 'timeout: timeout';
      const said = await reasons(campaign);
      assert.ok(said.includes(`${first} ${known}`), said.join('; '));
    });
  }
});
