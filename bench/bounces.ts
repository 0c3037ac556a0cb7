import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { grade, readExpected, report } from './bounceGrades.ts';

/**
 * Reads a folder of messages that came back and says how often it agrees with what a person expects of each:
 * `npx node bench/bounces.ts FOLDER`. The format is in bench/README.md. Ends with 1 if a reader would be suppressed who
 * should not be.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, misses: { type: 'boolean' } },
});
const [folder] = positionals;
if (folder === undefined) {
  console.log('Name a folder of .eml files with an expected.tsv (bench/README.md); none ships with the project.');
} else {
  const expected = readExpected(readFileSync(join(folder, 'expected.tsv'), 'utf8'));
  const grades = await grade(expected, (file) => readFileSync(join(folder, file)));
  console.log(values.json ? JSON.stringify(grades) : report(grades, values.misses ?? false));
  process.exitCode = grades.wronglySuppressed.length > 0 ? 1 : 0;
}
