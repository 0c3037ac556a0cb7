import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grade, readExpected, report } from '../../bench/bounceGrades.ts';
import { allExpected, expectedTable, readFixture } from './allFixtures.ts';

test('the grader of bounces counts correct readings, and names readers who would be suppressed wrongly', async () => {
  const grades = await grade(allExpected(), readFixture);
  assert.deepEqual(grades.wronglySuppressed, []);
  assert.equal(grades.kinds, allExpected().length);
  const { total, recipients, classes } = grades.bounces;
  assert.ok(total >= 40);
  assert.deepEqual([recipients, classes], [total, total]);
  const wrong = await grade(readExpected(expectedTable.replaceAll('\thard', '\tsoft')), readFixture);
  assert.ok(wrong.wronglySuppressed.length > 20);
  assert.match(report(wrong, true), /^readers wrongly suppressed: \d\d/);
});
