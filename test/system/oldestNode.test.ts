import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensureNode, OLDEST_NODE, OLDEST_NODE_OF_THE_COMMAND } from '../../scripts/lib/npmNode.ts';
import { run } from '../../scripts/lib/run.ts';

/** Before 22.18 tests in TypeScript need the flag, and so do the programs that they start. */
const FLAGS = '--experimental-strip-types --disable-warning=ExperimentalWarning';

const root = join(import.meta.dirname, '../..');

async function testFilesIn(...rooms: string[]): Promise<string[]> {
  const names = await Promise.all(
    rooms.map(async (room) => (await readdir(join(root, room))).map((name) => `${room}/${name}`)),
  );
  return names.flat().filter((name) => name.endsWith('.test.ts'));
}

/** Runs test files on another Node; returns how many tests passed, when all did. */
async function passedOn(version: string, files: readonly string[]): Promise<number> {
  const node = await ensureNode(version);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_TEST_CONTEXT'));
  const { code, output } = await run(node, ['--test', '--test-reporter=tap', '--test-concurrency=2', ...files], {
    cwd: root,
    env: { ...env, NODE_OPTIONS: FLAGS },
  });
  const failures = output.split('\n').filter((line) => line.trimStart().startsWith('not ok'));
  assert.equal(code, 0, `${failures.join('\n')}\n${output.slice(-4000)}`);
  return Number(/^# pass (\d+)$/m.exec(output)?.[1] ?? 0);
}

test(`the store and every way of sending also work on Node ${OLDEST_NODE}, the oldest editor’s`, {
  timeout: 1_500_000,
}, async (t) => {
  const rooms = await testFilesIn('test/engine/queue', 'test/main');
  const files = [...rooms, 'test/engine/engine.test.ts', 'test/engine/backup.test.ts', 'test/cli/campaigns.test.ts'];
  assert.ok(files.some((name) => name.endsWith('/store.test.ts')));
  const passed = await passedOn(OLDEST_NODE, files);
  t.diagnostic(`${passed} tests passed on Node ${OLDEST_NODE}`);
  assert.ok(passed > 150, `only ${passed} passed`);
});

test(`the built command sends on Node ${OLDEST_NODE_OF_THE_COMMAND}, as package.json promises`, async () => {
  const { engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { engines: { node: string } };
  assert.equal(engines.node, `>=${OLDEST_NODE_OF_THE_COMMAND}`);
  assert.ok((await passedOn(OLDEST_NODE_OF_THE_COMMAND, ['test/main/excelList.test.ts'])) > 0);
});

test('the built command prints nothing of its own about that Node', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'envoi-oldest-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const node = await ensureNode(OLDEST_NODE_OF_THE_COMMAND);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_OPTIONS'));
  const { code, output } = await run(node, ['dist/cli.cjs', 'status', '--state', join(folder, 'state')], {
    cwd: root,
    env: { ...env, LANG: 'en_US.UTF-8' },
  });
  assert.equal(code, 0, output);
  assert.match(output, /^\s*No campaigns yet in \S+\s*$/);
});
