// `npm run fuzz`: the parsers on texts that nobody would write, for long. Words name parsers: `npm run fuzz -- csv css`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const names = process.argv.slice(2);
const only = names.length > 0 ? [`--test-name-pattern=^(?:${names.join('|')}):`] : [];
const child = spawn(process.execPath, ['--test', ...only, 'test/fuzz/fuzz.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, ENVOI_FUZZ_RUNS: process.env.ENVOI_FUZZ_RUNS ?? '20000' },
});
const [code] = (await once(child, 'exit')) as [number | null];
process.exitCode = code ?? 1;
