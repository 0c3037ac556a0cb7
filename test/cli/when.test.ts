import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseWhen } from '../../src/cli/when.ts';

/** Noon, local time. */
const now = new Date(2026, 10, 23, 12, 0).getTime();
const local = (...parts: [number, number, number, number, number]) => new Date(...parts).getTime();

describe('the time of --at', () => {
  const good: [text: string, at: number][] = [
    ['18:30', local(2026, 10, 23, 18, 30)],
    [' 9:05 ', local(2026, 10, 24, 9, 5)],
    ['12:00', local(2026, 10, 24, 12, 0)],
    ['2026-11-24 09:00', local(2026, 10, 24, 9, 0)],
    ['2026-11-24T09:00', local(2026, 10, 24, 9, 0)],
    ['2027-11-24T09:00Z', Date.UTC(2027, 10, 24, 9, 0)],
    ['2027-11-24T09:00+05:30', Date.UTC(2027, 10, 24, 3, 30)],
    ['2027-11-24 09:00:30-0800', Date.UTC(2027, 10, 24, 17, 0, 30)],
    ['2027-11-24T09:00:30.123Z', Date.UTC(2027, 10, 24, 9, 0, 30, 123)],
    ['2028-02-29 09:00', local(2028, 1, 29, 9, 0)],
  ];
  for (const [text, at] of good) it(`may be “${text}”`, () => assert.equal(parseWhen(text, now), at));

  for (const text of ['', 'tomorrow', '25:00', '12:60', '9', '2027-11-24', '2027-13-01 09:00', '2027-02-30 09:00'])
    it(`may not be “${text}”`, () => assert.throws(() => parseWhen(text, now), { code: 'badTime' }));

  for (const text of ['2026-11-23 11:59', '2020-01-01T00:00Z'])
    it(`may not be past, as “${text}” is`, () => assert.throws(() => parseWhen(text, now), { code: 'pastTime' }));
});
