import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directDestination } from '../../src/engine/delivery/directPlan.ts';
import { defaultDirect } from '../../src/shared/defaultSettings.ts';
import { warmUpLimit } from '../../src/shared/warmUp.ts';

const DAY = 86_400_000;
const start = Date.UTC(2026, 10, 25);
const on = (day: number, provider = 'google') => warmUpLimit('2026-11-25', start + day * DAY, provider);

test('a warm-up grows by half each day, with a little chance, and ends after a month', () => {
  assert.equal(warmUpLimit('', start, 'google'), null);
  for (let day = 0; day < 30; day++) {
    const plan = 50 * 1.5 ** day;
    const limit = on(day) ?? 0;
    assert.ok(limit >= Math.floor(plan * 0.9) && limit <= Math.ceil(plan * 1.1), `day ${day}: ${limit}`);
    assert.equal(on(day), on(day), 'the same for a whole day');
  }
  assert.equal(on(30), null);
  assert.equal(on(-3), on(0), 'before its first day it is the first day');
  assert.ok(
    new Set(['google', 'yahoo', 'orange', 'free'].map((name) => on(7, name))).size > 1,
    'not all providers alike',
  );
});

test('direct delivery keeps to it at each provider, and follows the days while it runs', () => {
  let now = start;
  const plan = { groups: [['aspmx.l.google.com']], dane: false, sts: false };
  const { limits } = directDestination(plan, { ...defaultDirect, warmUp: '2026-11-25' }, () => now);
  const daily = () => limits.windows.filter(({ perMs }) => perMs === DAY).map(({ count }) => count);
  assert.deepEqual(daily(), [on(0)]);
  now += 5 * DAY;
  assert.deepEqual(daily(), [on(5)]);
  assert.deepEqual(
    directDestination(plan, defaultDirect, () => now).limits.windows.filter(({ perMs }) => perMs === DAY),
    [],
  );
});
