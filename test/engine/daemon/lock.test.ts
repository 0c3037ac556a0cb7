import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { acquireLock } from '../../../src/engine/daemon/lock.ts';

const holder = join(import.meta.dirname, 'holder.ts');

describe('the lock of a state directory', () => {
  let folder = '';
  let children: ChildProcess[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'envoi-lock-'));
    children = [];
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  async function other(): Promise<{ child: ChildProcess; said: string }> {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', holder, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [data] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    return { child, said: data.toString().trim() };
  }

  it('is held once', async () => {
    const lock = await acquireLock(folder);
    assert.ok(lock);
    assert.equal(await acquireLock(folder), null);
    lock.release();
    lock.release();
    const again = await acquireLock(folder);
    assert.ok(again);
    again.release();
  });

  it('is refused to another process, and free when its holder ends', async () => {
    const lock = await acquireLock(folder);
    assert.equal((await other()).said, 'busy');
    lock?.release();
    assert.equal((await other()).said, 'held');
    assert.equal(await acquireLock(folder), null);
  });

  it('is free at once when its holder is killed', async () => {
    const { child, said } = await other();
    assert.equal(said, 'held');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = await acquireLock(folder);
    assert.ok(lock);
    lock.release();
  });

  it('goes to exactly one of many that want it at the same moment', async () => {
    const said = await Promise.all(Array.from({ length: 5 }, async () => (await other()).said));
    assert.deepEqual(said.sort(), ['busy', 'busy', 'busy', 'busy', 'held']);
  });

  it('makes the directory, for its owner only', async () => {
    const deep = join(folder, 'a', 'b');
    const lock = await acquireLock(deep);
    assert.equal((await stat(deep)).mode & 0o777, 0o700);
    assert.equal((await stat(join(deep, 'lock.db'))).mode & 0o777, 0o600);
    lock?.release();
  });

  it('says what is wrong with a directory that cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    await assert.rejects(acquireLock(join(folder, 'file', 'state')), { code: 'stateDirectory' });
  });
});
