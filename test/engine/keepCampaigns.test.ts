import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../src/shared/log.ts';
import { addresses, DAY, Harness } from './queue/harness.ts';

test('starting a campaign deletes ended ones older than its settings keep them', async (t) => {
  const h = await Harness.start({ office: {} });
  t.after(() => h.close());
  const told: string[] = [];
  h.log = { ...silentLog, info: (text) => told.push(text) };
  await h.restart();
  const ids = async () => (await h.engine.list()).map(({ id }) => id).sort();
  await h.send('done', addresses(2));
  await h.until('done');
  await h.send('cancelled', addresses(2), { startAt: h.clock.now() + 400 * DAY });
  await h.engine.cancel({ campaign: 'cancelled' });
  await h.send('waiting', addresses(2), { startAt: h.clock.now() + 400 * DAY });
  await h.engine.pause({ campaign: 'waiting' });
  await h.clock.advance(100 * DAY);
  await h.send('young', addresses(1));
  await h.until('young');
  await h.clock.advance(100 * DAY);

  await h.send('forEver', addresses(1));
  await h.until('forEver');
  await h.send('longer', addresses(1), { settings: { keepCampaigns: { forMs: 201 * DAY } } });
  await h.until('longer');
  assert.deepEqual(await ids(), ['cancelled', 'done', 'forEver', 'longer', 'waiting', 'young']);

  await h.send('now', addresses(1), { settings: { keepCampaigns: { forMs: 180 * DAY } } });
  await h.until('now');
  assert.deepEqual(await ids(), ['forEver', 'longer', 'now', 'waiting', 'young']);
  const words = told.filter((text) => text.includes('envoi.keepCampaigns')).sort();
  assert.match(
    words.join('\n'),
    /the campaign cancelled: it ended 200 days ago, and envoi\.keepCampaigns keeps 180\n.*the campaign done/,
  );

  await h.restart();
  assert.deepEqual(await ids(), ['forEver', 'longer', 'now', 'waiting', 'young']);
});
