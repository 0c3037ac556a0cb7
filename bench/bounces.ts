import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allExpected, readFixture } from '../test/mailbox/allFixtures.ts';
import { grade, readExpected, report } from './bounceGrades.ts';

/**
 * Reads a folder of messages that came back and says how often it agrees with what a person expects of each:
 * `npx node bench/bounces.ts [FOLDER]`; without a folder the project's own messages. The format is in bench/README.md. Ends with 1 if a reader would be suppressed who
 * should not be.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, misses: { type: 'boolean' } },
});
const [folder] = positionals;
const grades =
  folder === undefined
    ? await grade(allExpected(), readFixture)
    : await grade(readExpected(readFileSync(join(folder, 'expected.tsv'), 'utf8')), (file) =>
        readFileSync(join(folder, file)),
      );
console.log(values.json ? JSON.stringify(grades) : report(grades, values.misses ?? false));
process.exitCode = grades.wronglySuppressed.length > 0 ? 1 : 0;
