import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyzeLiquid } from '../../../src/compose/liquid/analysis.ts';
import { createProgram } from '../../../src/compose/liquid/program.ts';
import { createValueReader } from '../../../src/compose/message/values.ts';
import { asTag, compileCondition } from '../../../src/compose/recipients/condition.ts';
import { readList } from './lists.ts';

/** What liquidjs makes of it in a letter. */
function asLiquid(source: string, fields: Record<string, string>, variables: Record<string, unknown>): boolean {
  const template = asTag(source).replace('%}{%', '%}yes{%');
  const { names } = analyzeLiquid(template, 'text', { file: '', line: 1, column: 1 }, null);
  const row = { line: 2, address: 'a@x.example', fields };
  const values = createValueReader(names, { variables }, ({ address }) => ({ address, email: address }))(row);
  return createProgram(template, 'text').render(values).join('') === 'yes';
}

/** The same numbers every time. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('a condition decides every row as liquidjs does', () => {
  const below = random(7);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
  const names = ['city', 'plan', 'age', 'amount', 'missing', 'limit', 'address', 'tags', '["first name"]'];
  const literals = [
    '"Lyon"',
    "'free'",
    '""',
    '18',
    '12.5',
    '-1',
    'true',
    'false',
    'nil',
    'empty',
    'blank',
    '"1"',
    '"on"',
  ];
  const operand = () => (below(3) === 0 ? pick(literals) : pick(names));
  const clause = (): string => {
    const kind = below(8);
    if (kind === 0) return operand();
    if (kind === 1) return `not ${operand()}`;
    return `${operand()} ${pick(['==', '!=', '>', '<', '>=', '<=', 'contains'])} ${operand()}`;
  };
  const condition = () =>
    Array.from({ length: 1 + below(4) }, clause)
      .reduce((all, one) => `${all} ${pick(['and', 'or'])} ${one}`)
      .concat(below(12) === 0 ? ' | default: "x"' : '');
  const cells = ['', 'Lyon', 'lyon', 'free', '18', '17.9', '1', '12,50', '1.234', 'true', 'false', 'on', '  ', '“x”'];
  let trues = 0;
  for (let n = 0; n < 3000; n++) {
    const source = condition();
    const fields = Object.fromEntries(
      ['city', 'plan', 'age', 'amount', 'first_name', 'tags'].map((name) => [name, pick(cells)]),
    );
    const variables = pick([{}, { limit: 18 }, { limit: '18' }, { limit: ['Lyon', 'free'] }, { city: 'Lyon' }]);
    const said = compileCondition(source, variables).matches({ line: 2, address: 'a@x.example', fields });
    assert.equal(said, asLiquid(source, fields, variables), `${source} of ${JSON.stringify({ fields, variables })}`);
    if (said) trues++;
  }
  assert.ok(trues > 600 && trues < 2400, `${trues} of 3000 were true`);
});

describe('rows by condition', () => {
  const list = 'email,City,plan\na@x.example,Lyon,free\nb@x.example,Lyon,pro\nc@x.example,Paris,pro\n';
  const rows: [where: string, addresses: string][] = [
    ['city == "Lyon" and plan != "free"', 'b'],
    ['city == "Lyon"', 'ab'],
    ['plan contains "r"', 'abc'],
    ['not city == "Lyon"', 'c'],
    ['["City"] == "Paris" or address == "a@x.example"', 'ac'],
  ];
  for (const [where, expected] of rows)
    test(where, async () => {
      const read = await readList(list, 65536, undefined, { where: compileCondition(where, {}) });
      assert.equal(read.rows.map(({ address }) => address[0]).join(''), expected);
      assert.equal(read.refused.filter(({ reason }) => reason === 'notSelected').length, 3 - expected.length);
    });
});
