import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { withLock } from '../../scripts/lib/fileLock.ts';

async function lockFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'envoi-lock-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'lock');
}

test('two that want the lock work one after the other, and the second says that it waits', async (t) => {
  const folder = await lockFolder(t);
  const said: string[] = [];
  let release = () => {};
  const first = new Promise<void>((resolve) => {
    release = resolve;
  });
  const holding = withLock(
    folder,
    () => first,
    () => said.push('first waits'),
  );
  const next = withLock(
    folder,
    async () => {
      said.push('second works');
    },
    () => {
      said.push('second waits');
      release();
    },
  );
  await Promise.all([holding, next]);
  assert.deepEqual(said, ['second waits', 'second works']);
});

test('a lock whose owner was killed is taken over at once', async (t) => {
  const folder = await lockFolder(t);
  const dead = spawn(process.execPath, ['-e', '']);
  await once(dead, 'exit');
  await mkdir(folder);
  await writeFile(join(folder, 'pid'), String(dead.pid));
  let waited = false;
  const result = await withLock(
    folder,
    async () => 'done',
    () => {
      waited = true;
    },
  );
  assert.equal(result, 'done');
  assert.equal(waited, false);
});

test('the lock is given back when the work fails', async (t) => {
  const folder = await lockFolder(t);
  await assert.rejects(
    withLock(
      folder,
      () => Promise.reject(new Error('broken')),
      () => {},
    ),
    /broken/,
  );
  assert.deepEqual(await readdir(join(folder, '..')), []);
});
