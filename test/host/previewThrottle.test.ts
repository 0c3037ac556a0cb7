import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Throttle } from '../../src/host/pages/throttle.ts';
import { isFromPreview } from '../../src/host/preview/fromPreview.ts';

test('the first change is shown at once, and of those that follow the last', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const runs: number[] = [];
  const throttle = new Throttle(150, async () => void runs.push(runs.length));
  throttle.request();
  t.mock.timers.tick(0);
  assert.equal(runs.length, 1);
  for (let change = 0; change < 10; change++) throttle.request();
  t.mock.timers.tick(150);
  assert.equal(runs.length, 2);
  throttle.dispose();
  throttle.dispose();
  throttle.request();
  t.mock.timers.tick(1000);
  assert.equal(runs.length, 2);
});

test('a superseded run detects it', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const current: (() => boolean)[] = [];
  const throttle = new Throttle(0, async (isCurrent) => void current.push(isCurrent));
  throttle.request();
  t.mock.timers.tick(0);
  assert.equal(current[0]?.(), true);
  throttle.request();
  t.mock.timers.tick(1);
  assert.equal(current[0]?.(), false);
  assert.equal(current[1]?.(), true);
  throttle.dispose();
  assert.equal(current[1]?.(), false);
});

test('only messages of the agreed shape are accepted', () => {
  for (const good of [
    { type: 'ready', view: null },
    { type: 'step', by: -1 },
    { type: 'openLink', url: 'https://example.org' },
    { type: 'source', version: 3 },
  ])
    assert.ok(isFromPreview(good), JSON.stringify(good));
  for (const bad of [
    null,
    'ready',
    { type: 'constructor' },
    { type: 'step', by: 5 },
    { type: 'openLink', url: 5 },
    { type: 'openLink', url: 'x'.repeat(10_000) },
    { type: 'ready', view: { document: 1 } },
    { type: 'scrolled', line: Number.NaN },
  ])
    assert.ok(!isFromPreview(bad), JSON.stringify(bad));
});
