import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addresses, DAY, Harness, HOUR } from './harness.ts';

test('a clock that was days ahead delays a quota for its span, not for days', async () => {
  const harness = await Harness.start({ office: { limits: { windows: [{ count: 5, perMs: HOUR }] } } });
  const today = harness.clock.now();
  await harness.clock.advance(2 * DAY);
  await harness.send('ahead', addresses(5));
  await harness.until('ahead');
  await harness.stop();
  harness.clock.set(today);
  await harness.open();
  await harness.send('after', addresses(5));
  await harness.until('after', 'done', 2 * HOUR);
  assert.equal(harness.transport('office').accepted.length, 10);
  assert.ok(harness.clock.now() - today <= 2 * HOUR, `${(harness.clock.now() - today) / HOUR} hours`);
  await harness.close();
});
