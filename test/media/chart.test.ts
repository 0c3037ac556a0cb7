import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineAtTop, offsetOfLine } from '../../media/preview/scrollLines.ts';
import { roundTop, runningTotals } from '../../media/report/totals.ts';

test('running totals begin with nothing and end with everything', () => {
  const points = runningTotals([
    { at: 10_000, sent: 5, failed: 1 },
    { at: 12_000, sent: 3, failed: 0 },
  ]);
  assert.deepEqual(points, [
    { at: 8_000, sent: 0, failed: 0 },
    { at: 10_000, sent: 5, failed: 1 },
    { at: 12_000, sent: 8, failed: 1 },
  ]);
  assert.deepEqual(runningTotals([]), []);
});

test('a scale ends at a number that is easy to read', () => {
  for (const [value, top] of [
    [0, 1],
    [1, 1],
    [3, 3],
    [7, 8],
    [84, 100],
    [276, 300],
    [1204, 1500],
    [5001, 6000],
  ] as const)
    assert.equal(roundTop(value), top);
});

const anchors = [
  { line: 5, top: 100 },
  { line: 7, top: 200 },
  { line: 17, top: 700 },
];

test('a line between two blocks is interpolated between them', () => {
  assert.equal(offsetOfLine(anchors, 7, 2000), 200);
  assert.equal(offsetOfLine(anchors, 12, 2000), 450);
  assert.equal(offsetOfLine(anchors, 40, 2000), 700);
  assert.equal(offsetOfLine([], 40, 2000), 0);
  assert.equal(lineAtTop(anchors, 450), 12);
  assert.equal(lineAtTop(anchors, 200), 7);
  assert.equal(lineAtTop([], 5), null);
});

test('scrolling there and back comes to the same line', () => {
  for (const line of [5, 6, 7, 9, 16, 17]) assert.equal(lineAtTop(anchors, offsetOfLine(anchors, line, 2000)), line);
});
