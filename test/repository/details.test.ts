import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallExpression, Identifier, Literal, NewExpression, Node, Property, TemplateLiteral } from 'acorn';
import { modules } from './sources.ts';
import { nodesOf } from './syntax.ts';

/** Where faults are made. Their words come from one table (src/shared/faultDetails.ts), so that each can be translated. */
const MAKERS = /^src\/engine\/(?:delivery|queue|simulator)\//;
/** Their last argument says what went wrong. An `Error` does where its message becomes a detail. */
const SAY = new Set(['fault', 'fail', 'failed', 'ended', 'Unreached', 'Error']);
const BECOMES = new Set(['src/engine/delivery/dnsClient.ts', 'src/engine/delivery/tls.ts']);
/** Said of a DNS message that is malformed, within a sentence of the table. */
const TECHNICAL = 'src/engine/delivery/dnsWire.ts';

const nameOf = (node: Node): string => (node.type === 'Identifier' ? (node as Identifier).name : '');

/** Whether an expression writes words itself, as the code or as one of two. */
function writes(node: Node | undefined): boolean {
  if (!node) return false;
  if (node.type === 'Literal') {
    const { value } = node as Literal;
    return typeof value === 'string' && /\p{L}{2}/u.test(value);
  }
  if (node.type === 'TemplateLiteral')
    return (node as TemplateLiteral).quasis.some(({ value }) => /\p{L}{2}/u.test(value.raw));
  if (node.type === 'ConditionalExpression') {
    const { consequent, alternate } = node as unknown as { consequent: Node; alternate: Node };
    return writes(consequent) || writes(alternate);
  }
  return false;
}

function saysItself(node: Node, path: string): boolean {
  if (node.type === 'CallExpression' || node.type === 'NewExpression') {
    const { callee, arguments: given } = node as CallExpression | NewExpression;
    const name = nameOf(callee);
    return SAY.has(name) && (name !== 'Error' || BECOMES.has(path)) && writes(given.at(-1));
  }
  return node.type === 'Property' && nameOf((node as Property).key) === 'detail' && writes((node as Property).value);
}

test('what goes wrong while delivering is said by one table, which knows it again', () => {
  let seen = 0;
  const found: string[] = [];
  for (const path of modules().filter((name) => MAKERS.test(name) && name !== TECHNICAL))
    for (const { node } of nodesOf(path)) {
      if (node.type === 'CallExpression' && nameOf((node as CallExpression).callee) === 'detail') seen++;
      if (saysItself(node, path)) found.push(`${path}:${node.loc?.start.line}`);
    }
  assert.ok(seen > 60, `only ${seen} were found`);
  assert.deepEqual(found, []);
});
