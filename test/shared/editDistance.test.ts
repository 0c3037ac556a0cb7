import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editDistance, nearest } from '../../src/shared/editDistance.ts';

test('an insertion, a deletion, another letter and a swap of neighbours are one edit each', () => {
  for (const [a, b, distance] of [
    ['', '', 0],
    ['name', 'name', 0],
    ['name', 'nme', 1],
    ['name', 'names', 1],
    ['name', 'same', 1],
    ['name', 'nmae', 1],
    ['first_name', 'frist_nam', 2],
    ['', 'abc', 3],
  ] as const) {
    assert.equal(editDistance(a, b), distance, `${a} ${b}`);
    assert.equal(editDistance(b, a), distance, `${b} ${a}`);
  }
});

test('the nearest word is proposed when it can be meant', () => {
  const known = ['first_name', 'city', 'email'];
  for (const [word, meant] of [
    ['frist_name', 'first_name'],
    ['firstname', 'first_name'],
    ['FIRST_NAME', 'first_name'],
    ['cty', 'city'],
    ['zzz', undefined],
    ['x'.repeat(100_000), undefined],
  ] as const)
    assert.equal(nearest(word, known), meant, word.slice(0, 20));
});
