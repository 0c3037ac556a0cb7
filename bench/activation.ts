/**
 * What activating the packaged extension costs.
 *
 *   node bench/activation.ts [runs]
 *
 * First its own time: the packaged code is loaded and activated in a fresh Node process, beside a stand-in for the editor.
 * Then what "Developer: Show Running Extensions" tells in the real editor, each time a fresh one; there everything starts
 * at the same time and competes for the processor.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openEditor } from '../test/editor/harness/openEditor.ts';
import { makePackage } from '../test/editor/harness/package.ts';

const runs = Number(process.argv[2] ?? 5);
const whole = scope();
const { vsix, bytes } = await makePackage(whole.test);
const unpacked = await mkdtemp(join(tmpdir(), 'envoi-activation-'));
execFileSync('unzip', ['-q', vsix, '-d', unpacked]);
const own = Array.from({ length: 4 * runs }, () => {
  const child = [join(import.meta.dirname, 'activationOwn.cjs'), join(unpacked, 'extension/dist/extension.cjs')];
  return JSON.parse(execFileSync(process.execPath, child, { encoding: 'utf8' })) as { load: number; activate: number };
});
console.log(
  `own time in ${own.length} fresh processes: loading ${spread(own.map(({ load }) => load))}, activate ${spread(own.map(({ activate }) => activate))}`,
);
const times: number[] = [];
for (let n = 0; n < runs; n++) {
  const { test, end } = scope();
  const editor = await openEditor(test, { files: { 'notes.txt': 'nothing\n' }, vsix: [vsix] });
  await editor.page.locator('.statusbar-item', { hasText: 'Layout' }).waitFor();
  await editor.runCommand('Developer: Show Running Extensions');
  const row = editor.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Envoi' }).first();
  const time = row.getByText(/Activation:/);
  await time.waitFor();
  const ms = Number(/([\d.]+)\s*ms/.exec(await time.innerText())?.[1]);
  times.push(ms);
  await end();
}
await whole.end();
await rm(unpacked, { recursive: true });
console.log(`as the editor tells in ${runs} fresh ones: ${spread(times)}; VSIX ${(bytes / 1e6).toFixed(2)} MB`);

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0);
  return `median ${at(0.5)} ms (${at(0)} to ${at(1)})`;
}

/** What the harness needs of a test: somewhere to leave what is to be closed. */
function scope(): { test: TestContext; end: () => Promise<void> } {
  const ends: (() => unknown)[] = [];
  const test = { after: (end: () => unknown) => ends.push(end), fullName: 'activation' } as unknown as TestContext;
  const end = async () => {
    for (const one of ends.splice(0).reverse()) await one();
  };
  return { test, end };
}
