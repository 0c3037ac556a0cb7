import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, it } from 'node:test';
import { addresses, Harness } from './queue/harness.ts';

let h: Harness;
afterEach(() => h.close());

/** Takes a server out of what is pinned with a campaign, or puts it back, as no front door can. */
function pinServers(servers: object): object {
  const database = new DatabaseSync(join(h.stateDir, 'envoi.db'));
  const row = database.prepare(`SELECT settings FROM campaigns WHERE id = 'c'`).get();
  const settings = JSON.parse(String(row?.settings)) as { servers: object };
  database.prepare(`UPDATE campaigns SET settings = ? WHERE id = 'c'`).run(JSON.stringify({ ...settings, servers }));
  database.close();
  return settings.servers;
}

describe('a campaign whose route names a missing server', () => {
  for (const route of [['office'], ['office', 'direct']]) {
    it(`is refused before anything of it is stored: ${route.join(', ')}`, async () => {
      h = await Harness.start({ office: {}, direct: {} });
      await assert.rejects(h.prepare('c', addresses(3), { settings: { servers: {}, route } }), {
        code: 'unknownServer',
        message: /“office”/,
      });
      await assert.rejects(h.engine.start({ draft: 'c', startAt: 0, secrets: {} }), { code: 'unknownCampaign' });
    });

    it(`stops and says so, does not stop the others, and continues when it is back: ${route.join(', ')}`, async () => {
      h = await Harness.start({ office: { takesMs: 1000 }, direct: { takesMs: 1000 } });
      await h.send('c', addresses(100), { settings: { route } });
      await h.clock.advance(10_000);
      const before = await h.counts('c');
      assert.ok((before.sent ?? 0) > 0 && (before.queued ?? 0) > 0, JSON.stringify(before));
      await h.stop();
      const servers = pinServers({});
      await h.open();
      await h.send('other', addresses(20, 3), { settings: { route: ['direct'] } });
      await h.until('other');
      const broken = await h.engine.get({ campaign: 'c' });
      assert.equal(broken.state, 'needsAction');
      assert.deepEqual(
        broken.attention.map(({ kind }) => kind),
        ['brokenCampaign'],
      );
      assert.match(JSON.stringify(broken.attention), /names the server .*office.*not in envoi\.servers\. Add it/);
      assert.equal((await h.engine.list()).length, 2);
      await h.engine.resume({ campaign: 'c', secrets: {} });
      await h.clock.advance(1000);
      assert.equal(await h.state('c'), 'needsAction', 'nothing has changed');
      await h.stop();
      pinServers(servers);
      await h.open();
      await h.engine.resume({ campaign: 'c', secrets: {} });
      await h.until('c');
      assert.deepEqual(await h.counts('c'), { sent: 100 });
      const got = Object.values(h.transports).flatMap(({ accepted }) => accepted.map(({ text }) => text));
      assert.equal(got.length, 120, 'nobody twice');
    });
  }
});
