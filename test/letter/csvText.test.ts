import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import Papa from 'papaparse';
import { csvText } from '../../src/letter/csvText.ts';

it('a report’s rows are written as Papa writes them, formulas neutralized, and read back unchanged', () => {
  const characters = fc.constantFrom(
    'a',
    ' ',
    ',',
    '"',
    '\n',
    '\r',
    '\t',
    '=',
    '+',
    '-',
    '@',
    "'",
    ';',
    '\ufeff',
    'é',
    '1',
  );
  const cell = fc.oneof(fc.string({ unit: characters, maxLength: 6 }), fc.nat());
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(table, (rows) => {
      const theirs = Papa.unparse(rows, { escapeFormulae: /^[=+\-@\t\r]/, newline: '\r\n' });
      assert.equal(csvText(rows), `${theirs}\r\n`);
    }),
    { numRuns: 2000 },
  );
});
