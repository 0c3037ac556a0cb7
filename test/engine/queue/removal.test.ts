import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { it } from 'node:test';
import { turnsOf } from '../../support/turns.ts';
import { addresses, Harness } from './harness.ts';

const ROWS = 20_000;

/** Rows of a store, whoever they belong to. */
function stored(h: Harness, table = 'deliveries'): number {
  const database = new DatabaseSync(join(h.stateDir, 'envoi.db'), { readOnly: true });
  try {
    return Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
  } finally {
    database.close();
  }
}

async function ended(t: { after(done: () => Promise<void>): void }): Promise<Harness> {
  const h = await Harness.start({ office: {} });
  t.after(() => h.close());
  await h.send('long', addresses(ROWS), { startAt: h.clock.now() + 86_400_000 });
  await h.engine.cancel({ campaign: 'long' });
  return h;
}

it('removes a long campaign at once, and its rows slice by slice while others have their turn', async (t) => {
  const h = await ended(t);
  const removed = h.engine.remove({ campaign: 'long' });
  assert.deepEqual(await h.engine.list(), []);
  assert.ok((await turnsOf(removed)) > ROWS / 4000);
  for (const table of ['deliveries', 'campaigns']) assert.equal(stored(h, table), 0);
});

it('finishes the removal of a campaign that the end of the engine interrupted', async (t) => {
  const h = await ended(t);
  void h.engine.remove({ campaign: 'long' });
  await h.restart();
  assert.deepEqual(await h.engine.list(), []);
  await assert.rejects(h.engine.start({ draft: 'removed 1', startAt: 0, secrets: {} }));
  const left = stored(h);
  assert.ok(left > 0, 'nothing was interrupted');
  await h.send('short', addresses(2), { startAt: h.clock.now() + 86_400_000 });
  while (stored(h, 'campaigns') > 1) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(stored(h), 2);
});

it('discards a long draft slice by slice, and another with its name begins empty', async (t) => {
  const h = await Harness.start({ office: {} });
  t.after(() => h.close());
  await h.prepare('long', addresses(ROWS));
  assert.ok((await turnsOf(h.engine.discard({ draft: 'long' }))) > ROWS / 4000);
  assert.equal(stored(h), 0);
  await h.prepare('again', addresses(ROWS));
  assert.ok((await turnsOf(h.prepare('again', addresses(3)))) > ROWS / 4000);
  assert.equal(stored(h), 3);
});
