import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { CampaignSnapshot } from '../../src/shared/campaign.ts';
import { addressesOf, is, receivers, relay, seen, WholeEngine } from './wholeEngineDesk.ts';

const count = 60;
const list = addressesOf(count);

let whole: WholeEngine;
beforeEach(async () => {
  whole = await WholeEngine.open();
});
afterEach(() => whole.close());

describe('two windows on one engine', () => {
  it('see the same counts, pause and resume for each other, and one that closes stops nothing', async () => {
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
