import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration, parseRate, rateText, spanText } from '../../src/shared/duration.ts';
import { format } from '../../src/shared/errors.ts';

test('spans are read as milliseconds', () => {
  const rows: [string, number | null][] = [
    ['30s', 30_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['2d', 172_800_000],
    ['1h30m', 5_400_000],
    ['1 h 30 m', 5_400_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    ['0s', 0],
    ['', null],
    ['5', null],
    ['-5s', null],
    ['5 weeks', null],
    ['s', null],
    ['5s later', null],
  ];
  for (const [text, ms] of rows) assert.equal(parseDuration(text), ms, text);
});

test('rates are a count and a window', () => {
  const rows: [string, { count: number; perMs: number } | null][] = [
    ['10/second', { count: 10, perMs: 1000 }],
    ['30 / minute', { count: 30, perMs: 60_000 }],
    ['500/hour', { count: 500, perMs: 3_600_000 }],
    ['2000 per Day', { count: 2000, perMs: 86_400_000 }],
    ['0/day', null],
    ['10', null],
    ['10/week', null],
    ['1.5/second', null],
    ['-1/second', null],
  ];
  for (const [text, rate] of rows) assert.deepEqual(parseRate(text), rate, text);
});

test('a rate written out is read as the same rate', () => {
  for (const text of ['10/second', '30/minute', '500/hour', '2000/day']) {
    const rate = parseRate(text);
    assert.ok(rate);
    assert.equal(format(rateText(rate)), text);
  }
});

test('spans are told in two units at most', () => {
  const rows: [number, string][] = [
    [0, '0 s'],
    [-5, '0 s'],
    [59_400, '59 s'],
    [60_000, '1 min'],
    [90_000, '1 min 30 s'],
    [3_600_000, '1 h'],
    [3_599_900, '1 h'],
    [5_400_000, '1 h 30 min'],
    [86_400_000, '1 d'],
    [93_600_000, '1 d 2 h'],
    [176_400_000, '2 d 1 h'],
  ];
  for (const [ms, text] of rows) assert.equal(format(spanText(ms)), text, String(ms));
});
