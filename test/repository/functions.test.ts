import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ArrowFunctionExpression, FunctionDeclaration, Node } from 'acorn';
import { repositoryFiles } from './sources.ts';
import { nodesOf } from './syntax.ts';

const MAX_LINES = 80;
const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

test(`no function is longer than ${MAX_LINES} lines`, () => {
  const files = repositoryFiles().filter((path) =>
    /^(?:src|media|scripts|bench)\/.*\.(?:ts|js)$|^esbuild\.js$/.test(path),
  );
  let seen = 0;
  const long = files.flatMap((path) =>
    [...nodesOf(path)].flatMap(({ node }) => {
      if (!FUNCTIONS.has(node.type) || !node.loc || isTable(node)) return [];
      seen++;
      const lines = node.loc.end.line - node.loc.start.line + 1;
      return lines > MAX_LINES ? [`${path}:${node.loc.start.line} (${lines} lines)`] : [];
    }),
  );
  assert.ok(seen > 1000, `only ${seen} functions were found`);
  assert.deepEqual(long, []);
});

/** A function that does nothing but give back a list or an object written out. */
function isTable(node: Node): boolean {
  const { body } = node as FunctionDeclaration | ArrowFunctionExpression;
  const statements = body.type === 'BlockStatement' ? body.body : [];
  const [only, ...others] = statements;
  const value = only?.type === 'ReturnStatement' ? only.argument : body;
  return others.length === 0 && /^(?:Array|Object)Expression$/.test(value?.type ?? '');
}
