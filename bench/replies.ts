import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { grade, readLabelled, report } from './replyGrades.ts';

/**
 * Runs the judge over labelled replies and says how often it agrees, and above all how many innocent readers it would
 * suppress: `npx node bench/replies.ts [FILE|FOLDER]…`. The format is in bench/README.md. Ends with 1 if there are any.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, misses: { type: 'boolean' } },
});
const places = positionals.length > 0 ? positionals : [join(import.meta.dirname, '../test/fixtures/labelled')];
const files = places.flatMap((place) =>
  statSync(place).isDirectory()
    ? readdirSync(place)
        .filter((name) => name.endsWith('.tsv'))
        .sort()
        .map((name) => join(place, name))
    : [place],
);
const grades = grade(files.flatMap((file) => readLabelled(readFileSync(file, 'utf8'), file)));
console.log(values.json ? JSON.stringify(grades) : report(grades, values.misses ?? false));
process.exitCode = grades.innocentsSuppressed.length > 0 ? 1 : 0;
