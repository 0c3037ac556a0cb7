import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grade, readExpected, report } from '../../bench/bounceGrades.ts';
import { otherFixtures } from './otherFixtures.ts';
import { providerFixtures } from './providerFixtures.ts';
import { reportFixtures } from './reportFixtures.ts';
import { textFixtures } from './textFixtures.ts';

const fixtures = [...reportFixtures, ...textFixtures, ...providerFixtures, ...otherFixtures];
const table = fixtures.map(({ name, kind, recipient = '', class: how = '' }) =>
  [name, kind, recipient, how].join('\t'),
);
const read = (name: string) => Buffer.from(fixtures.find((each) => each.name === name)?.raw ?? '');

test('the grader of bounces counts what it reads rightly, and names whoever would be suppressed wrongly', async () => {
  const grades = await grade(readExpected(table.join('\n')), read);
  assert.deepEqual(grades.wronglySuppressed, []);
  assert.equal(grades.kinds, fixtures.length);
  const { total, recipients, classes } = grades.bounces;
  assert.deepEqual([recipients, classes], [total, total]);
  const wrong = await grade(readExpected(table.join('\n').replaceAll('\thard', '\tsoft')), read);
  assert.ok(wrong.wronglySuppressed.length > 20);
  assert.match(report(wrong, true), /^readers wrongly suppressed: \d\d/);
});
