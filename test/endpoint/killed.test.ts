import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openTokenLog } from '../../src/endpoint/tokenLog.ts';
import { finished, startCli } from '../main/runCli.ts';

const secret = 'a secret of more than twenty-four characters';
const token = (index: number) => String(index).padStart(43, 'K');

async function started(store: string): Promise<{ child: ChildProcess; url: string }> {
  const args = ['unsubscribe-server', '--listen', '127.0.0.1:0', '--store', store, '--name', 'News', '--json'];
  const child = startCli(args, { cwd: store, env: { ENVOI_ENDPOINT_SECRET: secret } });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { child, url: JSON.parse(String(line)).url };
}

test('killed during a thousand posts: every reader who was told “done” is on disk, and it starts again', async () => {
  const store = await mkdtemp(join(tmpdir(), 'envoi-killed-'));
  const told = new Set<string>();
  for (let round = 0; round < 4; round++) {
    const { child, url } = await started(store);
    const closed = once(child, 'close');
    const posts = Array.from({ length: 250 }, async (_, index) => {
      const mine = token(round * 1000 + index);
      const response = await fetch(`${url}/u?t=${mine}`, { method: 'POST' });
      if (response.status === 200) told.add(mine);
      if (told.size > round * 250 + 100 + 20 * round) child.kill('SIGKILL');
    });
    await Promise.allSettled(posts);
    child.kill('SIGKILL');
    await closed;
  }
  const log = await openTokenLog({ folder: store, largest: 1e9 });
  const kept = new Set((await log.read(0, 10_000)).tokens.map((each) => each.token));
  await log.close();
  assert.ok(told.size >= 400, String(told.size));
  assert.deepEqual(
    [...told].filter((each) => !kept.has(each)),
    [],
  );
  await rm(store, { recursive: true });
});

test('it says what is missing before it listens', async () => {
  const store = await mkdtemp(join(tmpdir(), 'envoi-endpoint-'));
  const tried = async (args: string[], env: Record<string, string>) => {
    const { code, stderr } = await finished(startCli(['unsubscribe-server', ...args], { cwd: store, env }));
    assert.equal(code, 2);
    return stderr;
  };
  const good = ['--store', store, '--name', 'News'];
  const env = { ENVOI_ENDPOINT_SECRET: secret };
  assert.match(await tried(good, {}), /ENVOI_ENDPOINT_SECRET is not set/);
  assert.match(await tried(good, { ENVOI_ENDPOINT_SECRET: 'short' }), /too short/);
  assert.match(await tried(['--name', 'News'], env), /--store is missing/);
  assert.match(await tried([...good, '--listen', '0.0.0.0:0'], env), /--cert and --key/);
  assert.match(await tried([...good, '--listen', 'nowhere'], env), /not an address and a port/);
  assert.match(await tried([...good, '--color', 'red;}'], env), /not a color/);
  await rm(store, { recursive: true });
});
