import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { closeDatabase, openDatabase } from '../../../src/engine/queue/store/database.ts';
import { LimitStore } from '../../../src/engine/queue/store/limitStore.ts';
import type { ServerProbe } from '../../../src/shared/serverProbe.ts';

const probe: ServerProbe = {
  at: 5,
  ended: 'complete',
  messages: 84,
  tookMs: 90_000,
  connections: { limit: 3, seen: 3 },
  perConnection: { limit: 20, seen: 20 },
  rate: { shape: 'window', count: 60, perMs: 60_000 },
  refusedAfter: 60,
  text: '450 4.7.1 too much mail',
  arrived: { inbox: 80, junk: 3, missing: 1 },
};
const refused = { count: 500, perMs: 3_600_000, at: 7, text: '550 max emails per hour' };

test('the limit an account was refused for and the results of an in-depth test are both kept', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'envoi-probe-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const database = await openDatabase(folder);
  const store = new LimitStore(database);
  store.keepProbe('ada@a:25', probe);
  assert.equal(store.of('ada@a:25'), null, 'a test alone is no refusal');
  store.learn('ada@a:25', refused);
  store.learn('ada@b:25', refused);
  store.keepProbe('ada@b:25', probe);
  closeDatabase(database);
  const again = await openDatabase(folder);
  const read = new LimitStore(again);
  for (const account of ['ada@a:25', 'ada@b:25']) {
    assert.deepEqual(read.probeOf(account), probe);
    assert.deepEqual(read.of(account), refused);
  }
  assert.equal(read.probeOf('ada@c:25'), null);
  closeDatabase(again);
});
