// `npm run fences`: writes Biome's import rules and the table in docs/architecture.md from scripts/lib/rooms.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { biomeFences, fenceTable, TABLE } from './lib/fences.ts';
import { must } from './lib/run.ts';

writeFileSync('biome.fences.json', `${JSON.stringify(biomeFences(), null, 2)}\n`);
const page = 'docs/architecture.md';
const text = readFileSync(page, 'utf8');
if (!TABLE.test(text)) throw new Error(`${page} has no place for the table.`);
writeFileSync(page, text.replace(TABLE, fenceTable()));
await must('npx', ['biome', 'format', '--write', 'biome.fences.json']);
