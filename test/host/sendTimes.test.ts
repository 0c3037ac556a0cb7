import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTime, suggestedTimes } from '../../src/host/sending/sendTimes.ts';

test('times are read as local, or in the zone they name', () => {
  assert.equal(parseTime('2026-12-24 09:00'), new Date(2026, 11, 24, 9).getTime());
  assert.equal(parseTime(' 2026-12-24T9:05 '), new Date(2026, 11, 24, 9, 5).getTime());
  assert.equal(parseTime('2026-12-24 09:00Z'), Date.UTC(2026, 11, 24, 9));
  assert.equal(parseTime('2026-12-24 09:00 +02:00'), Date.UTC(2026, 11, 24, 7));
  assert.equal(parseTime('2026-12-24 09:00 -0330'), Date.UTC(2026, 11, 24, 12, 30));
});

test('an invalid time is refused, and no date rolls over into the next month', () => {
  for (const text of [
    '',
    'tomorrow',
    '2026-13-01 09:00',
    '2026-02-30 09:00',
    '2026-01-01 24:00',
    '2026-01-01 09:60',
    '24/12/2026',
  ])
    assert.equal(parseTime(text), null, text);
  assert.notEqual(parseTime('2028-02-29 09:00'), null);
});

test('suggestions are in the future, in order, each once', () => {
  const sundayToSaturday = [22, 23, 24, 25, 26, 27, 28];
  for (const day of sundayToSaturday) {
    const now = new Date(2026, 10, day, 16, 7).getTime();
    const times = suggestedTimes(now);
    assert.deepEqual(
      times,
      [...new Set(times)].sort((a, b) => a - b),
    );
    assert.ok(times.every((at) => at > now));
    assert.equal(times[0], new Date(2026, 10, day, 17, 15).getTime());
    assert.ok(times.some((at) => new Date(at).getDay() === 1 && new Date(at).getHours() === 9));
  }
});
