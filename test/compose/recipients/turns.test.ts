import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AddressSet } from '../../../src/compose/recipients/addressSet.ts';
import { readList } from '../../../src/letter/readList.ts';

const ROWS = 30_000;

test('a list that comes whole, as from an editor, lets others have their turn every few hundred rows', async () => {
  let text = 'email,name\n';
  for (let n = 0; n < ROWS; n++) text += `reader-number-${n}@example${n % 50}.org,Reader ${n}\n`;
  const whole = Buffer.from(text);
  let turn = 0;
  let reading = true;
  const turns = (async () => {
    for (; reading; turn++) await nextTurn();
  })();
  const inTurn = new Map<number, number>();
  const open = async function* () {
    yield whole;
  };
  const summary = await readList([{ file: 'list.csv', open }], {
    onBatch: () => inTurn.set(turn, (inTurn.get(turn) ?? 0) + 1),
  });
  reading = false;
  await turns;
  assert.equal(summary.profile.count, ROWS);
  assert.ok(Math.max(...inTurn.values()) <= 2, `${Math.max(...inTurn.values())} batches in one turn`);
});

test('the set of addresses never lays out all it has anew at once', () => {
  const set = new AddressSet();
  const bytes = () => process.memoryUsage().arrayBuffers;
  const start = bytes();
  let most = 0;
  for (let n = 1, before = start; n <= 200_000; n++) {
    set.add(`reader${n}@example${n % 10}.org`, n);
    if (n % 50 > 0) continue;
    const now = bytes();
    most = Math.max(most, now - before);
    before = now;
  }
  const all = bytes() - start;
  assert.ok(most < all / 4, `${most} of ${all} bytes came with fifty addresses`);
});
