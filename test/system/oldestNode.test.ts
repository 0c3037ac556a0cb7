import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensureNode, OLDEST_NODE } from '../../scripts/lib/npmNode.ts';
import { run } from '../../scripts/lib/run.ts';

/** The store, the queue, the engine, the command in-process and the built command: what meets `node:sqlite`. */
const ROOMS = ['test/engine', 'test/engine/queue', 'test/engine/daemon', 'test/cli', 'test/main'];

const root = join(import.meta.dirname, '../..');

test(`the store and every way of sending also work on Node ${OLDEST_NODE}, the oldest editor’s`, {
  timeout: 600_000,
}, async (t) => {
  const node = await ensureNode(OLDEST_NODE);
  const names = await Promise.all(
    ROOMS.map(async (room) => (await readdir(join(root, room))).map((name) => `${room}/${name}`)),
  );
  const files = names.flat().filter((name) => name.endsWith('.test.ts'));
  assert.ok(files.some((name) => name.endsWith('/store.test.ts')));
  // Tests start programs of their own with the Node they run on; these need the flag as well. Before 22.18 it is not the default.
  const env = { ...process.env, NODE_OPTIONS: '--experimental-strip-types --disable-warning=ExperimentalWarning' };
  const inner = Object.fromEntries(Object.entries(env).filter(([name]) => name !== 'NODE_TEST_CONTEXT'));
  const { code, output } = await run(node, ['--test', '--test-reporter=tap', '--test-concurrency=2', ...files], {
    cwd: root,
    env: inner,
  });
  const count = (what: string) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(output)?.[1] ?? -1);
  const failures = output.split('\n').filter((line) => line.trimStart().startsWith('not ok'));
  assert.equal(code, 0, `${failures.join('\n')}\n${output.slice(-4000)}`);
  assert.ok(count('pass') > 200, `only ${count('pass')} passed`);
  t.diagnostic(`${count('pass')} tests passed on Node ${OLDEST_NODE}`);
});
