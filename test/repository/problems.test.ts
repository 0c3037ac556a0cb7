import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modules, text } from './sources.ts';

const headings = (path: string) => [...text(path).matchAll(/^### (\w+)$/gm)].map((found) => found[1] ?? '');
const sources = modules()
  .filter((path) => /^src\/(?:compose|letter|shared|host)\//.test(path))
  .map(text)
  .join('\n');

/** Codes that stand in the code as they are; those put together of a key are named here. */
const composed = ['fromInvalid', 'replyToInvalid', 'layoutMissing', 'layoutOutside', 'textMissing', 'textOutside'];
const literal = [
  /\breport\(\s*'(?:error|warning|info)',\s*'([a-z]\w+)'/g,
  /\breport\(\s*'([a-z]\w+)',\s*msg\(/g,
  /severity: '(?:error|warning|info)',\s*code: '(\w+)'/g,
  /\bfinding\('(\w+)'/g,
  /\brefuse\('(\w+)'/g,
].flatMap((pattern) => [...sources.matchAll(pattern)].map((found) => found[1] ?? ''));

test('every problem is explained, in both languages and in the same order', () => {
  const explained = headings('docs/problems.md');
  assert.deepEqual(headings('docs/problems.fr.md'), explained);
  assert.equal(new Set(explained).size, explained.length);
  assert.ok(literal.length > 30, `${literal.length} codes were found in the code`);
  const missing = [...new Set([...literal, ...composed])].filter((code) => !explained.includes(code));
  assert.deepEqual(missing, []);
});

test('every explanation belongs to a problem', () => {
  const known = (code: string) => composed.includes(code) || sources.includes(`'${code}'`);
  assert.deepEqual(
    headings('docs/problems.md').filter((code) => !known(code)),
    [],
  );
});
