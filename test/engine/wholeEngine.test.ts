import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Worker } from 'node:worker_threads';
import type { CampaignSnapshot } from '../../src/shared/campaign.ts';
import { defaultSettings } from '../../src/shared/defaultSettings.ts';
import { addressesOf, is, receivers, relay, seen, WholeEngine } from './wholeEngine.ts';

const count = 60;
const list = addressesOf(count);

let whole: WholeEngine;
beforeEach(async () => {
  whole = await WholeEngine.open();
});
afterEach(() => whole.close());

describe('two windows on one engine', () => {
  it('see the same counts, pause and resume for each other, and closing one stops nothing', async () => {
    const server = await whole.serve();
    const office = relay(server.port, { maxConnections: 1, windows: [{ count: 3, perMs: 100 }] });
    const [one, two] = [await whole.attach(), await whole.attach()];
    const campaign = await whole.send(one.api, list, { servers: { office }, route: ['office'] });
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
    const three = await whole.attach();
    assert.deepEqual((await three.api.get({ campaign })).counts, done.counts);
  });
});

describe('the key that signs a campaign', () => {
  for (const end of ['has finished', 'was cancelled'] as const)
    it(`does not stay in a thread once the campaign ${end}`, { timeout: 60_000 }, async () => {
      const server = await whole.serve();
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
      const folder = await mkdtemp(join(tmpdir(), 'envoi-key-'));
      whole.onClose(() => rm(folder, { recursive: true, force: true }));
      const privateKeyFile = join(folder, 'key.pem');
      await writeFile(privateKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
      const started = once(process, 'worker') as Promise<[Worker]>;
      const campaign = await whole.send(whole.engine, addressesOf(end === 'has finished' ? 200 : 2_000), {
        servers: { office: relay(server.port) },
        route: ['office'],
        dkim: { 'sender.example': { selector: 'envoi', privateKeyFile } },
      });
      const [worker] = await started;
      const exited = once(worker, 'exit');
      if (end === 'was cancelled') await whole.engine.cancel({ campaign });
      await seen(whole.engine, campaign, is(end === 'has finished' ? 'done' : 'cancelled'));
      await exited;
      assert.match(Buffer.from(server.messages.at(-1)?.data ?? '').toString(), /^DKIM-Signature: /m);
    });
});

describe('earlier use of a quota', () => {
  it('counts per server, whatever else its settings say, and not for another account', async () => {
    const server = await whole.serve();
    const window = await whole.attach();
    const day = { count: 30, perMs: 86_400_000 };
    const rate = { count: 100, perMs: 1000 };
    const office = relay(server.port, { windows: [rate, day] });
    const campaign = await whole.send(window.api, addressesOf(20), { servers: { office }, route: ['office'] });
    await seen(window.api, campaign, is('done'));
    const servers = {
      post: { ...office, maxConnections: 1, windows: [day, { count: 5, perMs: 3_600_000 }] },
      home: { ...office, user: 'bob' },
    };
    const settings = { ...defaultSettings, servers, route: ['post', 'home', 'direct'] };
    const list = { total: 10, domains: {}, others: 10 };
    const ahead = (route: readonly string[]) =>
      window.api.foresee({ settings: { ...settings, route }, list, startAt: 0 });
    const post = await ahead(['post']);
    assert.deepEqual(
      post.waits.map(({ count }) => count),
      [5],
    );
    // Five of the hour are used, and so the first one waits for it too.
    assert.ok(post.endAt - post.startAt > 3_600_000, `${post.endAt - post.startAt} ms`);
    const home = await ahead(['home']);
    assert.deepEqual([home.waits, home.by.map(({ transport, sent }) => [transport, sent])], [[], [['home', 10]]]);
  });
});
