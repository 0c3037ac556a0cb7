import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mustHaves } from '../../src/letter/checks/registry.ts';
import { findingCodes } from '../../src/shared/findingCodes.ts';
import { checkCodes } from '../../src/shared/settings.ts';
import { modules, text } from './sources.ts';

const headings = (path: string) => [...text(path).matchAll(/^### (\w+)$/gm)].map((found) => found[1] ?? '');

test('every problem is explained, in both languages and in the same order', () => {
  assert.deepEqual(headings('docs/problems.md'), [...findingCodes]);
  assert.deepEqual(headings('docs/problems.fr.md'), [...findingCodes]);
});

test('every problem can be met', () => {
  // Those made of a key; that each is met by a letter is held by test/letter/brokenLetters.test.ts.
  const composed = ['layoutMissing', 'layoutOutside', 'textMissing', 'textOutside'];
  const registered = mustHaves.flatMap(({ codes }) => codes);
  const sources = modules()
    .filter((path) => /^src\/(?:compose|letter|shared|host)\//.test(path) && !path.endsWith('findingCodes.ts'))
    .map(text)
    .join('\n');
  const named = (code: string) => [...composed, ...registered].includes(code) || sources.includes(`'${code}'`);
  assert.deepEqual(
    [...findingCodes, ...checkCodes].filter((code) => !named(code)),
    [],
  );
});
