import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { worthASecondRun } from '../../scripts/lib/nodeTest.ts';

test('a run names the files that failed, also those that could not be loaded', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'envoi-nodetest-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = async (name: string, text: string) => {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
    return name;
  };
  const files = [
    await file('good.test.mjs', "import { test } from 'node:test'; test('x', () => {});"),
    await file('test/editor/bad.test.mjs', "import { test } from 'node:test'; test('x', () => { throw 1; });"),
    await file('broken.test.mjs', 'import "./nowhere.mjs";'),
  ];
  const run = await inFolder(folder, `process.send(await nodeTest(${JSON.stringify(files)}, 1));`);
  assert.deepEqual(run, { code: 1, failed: ['broken.test.mjs', 'test/editor/bad.test.mjs'] });
  const endless = await file(
    'test/editor/endless.test.mjs',
    "import { test } from 'node:test'; test('x', () => new Promise(() => setInterval(() => {}, 1000)));",
  );
  const interrupted = await inFolder(
    folder,
    `const run = nodeTest([${JSON.stringify(endless)}], 1);
    while (process.listenerCount('SIGTERM') === 0) await new Promise((resolve) => setImmediate(resolve));
    process.emit('SIGTERM', 'SIGTERM');
    process.send(await run);`,
  );
  assert.deepEqual(interrupted, { code: 1, failed: [] }, 'what was interrupted did not fail');
});

test('a test that waits for what never comes fails, and what it had open is closed', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'envoi-nodetest-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(
    join(folder, 'waits.test.mjs'),
    `import { test } from 'node:test';
    test('x', (t) => new Promise(() => {
      const open = setInterval(() => {}, 1000);
      t.after(() => clearInterval(open));
    }));`,
  );
  const run = await inFolder(folder, `process.send(await nodeTest(['waits.test.mjs'], 1, 50));`);
  assert.deepEqual(run, { code: 1, failed: ['waits.test.mjs'] });
});

/** What a program that has `nodeTest` sends back. */
async function inFolder(folder: string, program: string): Promise<unknown> {
  const module = new URL('../../scripts/lib/nodeTest.ts', import.meta.url).href;
  const code = `import { nodeTest } from ${JSON.stringify(module)}; ${program}`;
  // What says to a test file that it is one would make the run inside this one count as part of it.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise<unknown>((resolve, reject) => {
    child.once('message', resolve);
    child.once('close', () => reject(new Error('It said nothing.')));
  });
}

test('only tests that drive programs of others are run a second time, and only a few', () => {
  const rooms = ['test/system/', 'test/editor/'];
  const cases: [string[], boolean][] = [
    [[], false],
    [['test/editor/a.test.ts'], true],
    [['test/editor/a.test.ts', 'test/system/b.test.ts'], true],
    [['test/editor/a.test.ts', 'test/editor/b.test.ts', 'test/editor/c.test.ts'], false],
    [['test/editor/a.test.ts', 'test/queue/b.test.ts'], false],
    [['test/editor/harness/editorDriver.ts'], false],
    [['?'], false],
  ];
  for (const [failed, again] of cases) assert.equal(worthASecondRun(failed, rooms, 2), again, failed.join());
});
