import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { measured } from './measured.ts';
import { row } from './print.ts';

/** A line of `scale.ts --json`. */
interface Step {
  what: string;
  seconds: number;
  cpu: number;
  turnMs: number;
  logMb: number;
  peakMb: number;
}

const bundle = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
} as const;

/** A large list, from the CSV to the report, once with each revision, by the script of its own that knows its engine. */
export async function scaleRows(
  roots: readonly { name: string; root: string }[],
  folder: string,
  rows: number,
): Promise<string> {
  const all: { name: string; steps: Map<string, Step> }[] = [];
  for (const { name, root } of roots) {
    if (!(await readFile(join(root, 'bench/scale.ts'), 'utf8')).includes('--json')) {
      console.error(`${name} is older than this measure`);
      continue;
    }
    // Bundled, as what is shipped: a source that is translated on the way in takes memory of its own.
    const script = join(folder, `scale-${name}.mjs`);
    await build({ ...bundle, entryPoints: [join(root, 'bench/scale.ts')], outfile: script });
    const args = ['--disable-warning=ExperimentalWarning', script, String(rows), '--json'];
    const steps = await measured({ file: process.execPath, args }).then(
      ({ output }) => output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Step] : [])),
      (error: Error) => {
        console.error(`${name} cannot run scale.ts: ${error.message}`);
        return [];
      },
    );
    all.push({ name, steps: new Map(steps.map((step) => [step.what, step])) });
  }
  const names = all.map(({ name }) => name);
  const head = [`${rows.toLocaleString('en')} rows: CPU s · longest turn ms · log MB · peak MB`, ...names];
  const lines = [row(head), row(head.map(() => '---'))];
  for (const what of new Set(all.flatMap(({ steps }) => [...steps.keys()])))
    lines.push(row([what, ...all.map(({ steps }) => cell(steps.get(what)))]));
  return lines.join('\n');
}

function cell(step: Step | undefined): string {
  if (!step) return '–';
  return [step.cpu.toFixed(2), ...[step.turnMs, step.logMb, step.peakMb].map((value) => value.toFixed(0))].join(' · ');
}
