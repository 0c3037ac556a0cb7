import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liquidBlocks, liquidContextAt } from '../../src/host/language/liquidContext.ts';

/** `|` is the cursor. */
const rows: readonly [string, string][] = [
  ['{{ ^', 'field: open'],
  ['{{^}}', 'field: closed'],
  ['{{ first_na^me }}', 'field:first_name closed'],
  ['{{ first_name | de^', 'filter:de'],
  ['{{ first_name | default: "a^b" }}', 'null'],
  ['{{ first_name | default: ^', 'field: open'],
  ['{{ a | append: b^ }}', 'field:b closed'],
  ['{% ^ %}', 'tag: closed'],
  ['{% if ci^ty == "x" %}', 'field:city closed'],
  ['{% if city and n^', 'field:n open'],
  ['{% for it^ in items %}', 'null'],
  ['{% for item in it^', 'field:it open'],
  ['{% assign na^', 'null'],
  ['{% assign x = na^', 'field:na open'],
  ['{{ a }} text ^', 'null'],
  ['plain ^', 'null'],
  ['{{ user.na^ }}', 'null'],
  ['{{- first^ -}}', 'field:first closed'],
];

for (const [source, expected] of rows) {
  test(`in ${source} the context is ${expected}`, () => {
    const offset = source.indexOf('^');
    const found = liquidContextAt(source.replace('^', ''), offset);
    const shown =
      found === null
        ? 'null'
        : `${found.kind}:${found.name}${'closed' in found ? (found.closed ? ' closed' : ' open') : ''}`;
    assert.equal(shown, expected);
  });
}

test('blocks over several lines fold, nested ones too, and broken ones do not', () => {
  const text = [
    '{% if a %}',
    'x',
    '{% for b in c %}',
    'y',
    '{% endfor %}',
    '{% endif %}',
    '{% if d %}e{% endif %}',
    '{% endfor %}',
    '{% if z %}',
  ];
  assert.deepEqual(liquidBlocks(text.join('\n')), [
    { start: 2, end: 4 },
    { start: 0, end: 5 },
  ]);
});
