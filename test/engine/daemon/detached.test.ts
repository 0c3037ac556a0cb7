import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { attachEngine } from '../../../src/attach/attachEngine.ts';
import { type StartOptions, startEngine } from '../../../src/attach/startEngine.ts';
import { acquireLock } from '../../../src/engine/daemon/lock.ts';
import type { EngineClient } from '../../../src/protocol/engineClient.ts';
import { engineFilePath } from '../../../src/protocol/engineFile.ts';
import { silentLog } from '../../../src/shared/log.ts';

const engineFile = resolve(import.meta.dirname, '../../../dist/engine.cjs');

describe('a detached engine', () => {
  let stateDir = '';
  let clients: EngineClient[] = [];
  const pids = new Set<number>();
  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'envoi-detached-'));
    clients = [];
    pids.clear();
  });
  afterEach(async () => {
    for (const client of clients) client.dispose();
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Ended already.
      }
    }
    await rm(stateDir, { recursive: true, force: true });
  });

  const options = (): StartOptions => ({
    stateDir,
    engineFile,
    execPath: process.execPath,
    detached: true,
    client: 'editor',
    version: '1.0.0',
    log: silentLog,
  });
  function keep(client: EngineClient): EngineClient {
    clients.push(client);
    pids.add(client.hello.pid);
    return client;
  }

  it('is started once, however many processes want it at the same time', async () => {
    const started = (await Promise.all([1, 2, 3].map(() => startEngine(options())))).map(keep);
    assert.equal(pids.size, 1);
    assert.notEqual(started[0]?.hello.pid, process.pid);
    for (const { api } of started) assert.deepEqual(await api.list(), []);
  });

  it('outlives the process that started it', async () => {
    const script = join(stateDir, 'starter.ts');
    const source = resolve(import.meta.dirname, '../../../src/attach/startEngine.ts');
    await writeFile(
      script,
      `import { startEngine } from ${JSON.stringify(source)};
const log = { debug() {}, info() {}, warn() {}, error() {} };
const client = await startEngine({ ...${JSON.stringify({ ...options(), log: undefined })}, log });
console.log(client.hello.pid);
process.exit(0);`,
    );
    const starter = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [pid] = (await once(starter.stdout, 'data')) as [Buffer];
    await once(starter, 'exit');
    const client = await attachEngine(options());
    assert.ok(client);
    keep(client);
    assert.equal(client.hello.pid, Number(pid.toString()));
  });

  it('gets only the environment variables it needs', {
    skip: process.platform !== 'linux' && 'needs /proc',
  }, async () => {
    process.env.ENVOI_PASSWORD_OFFICE = 'secret-4711';
    try {
      const { hello } = keep(await startEngine(options()));
      const environment = (await readFile(`/proc/${hello.pid}/environ`, 'utf8')).split('\0');
      assert.ok(environment.includes('ELECTRON_RUN_AS_NODE=1'));
      assert.ok(environment.some((entry) => entry.startsWith('PATH=')));
      assert.ok(!environment.some((entry) => entry.startsWith('ENVOI_PASSWORD') || entry.startsWith('npm_')));
      const command = await readFile(`/proc/${hello.pid}/cmdline`, 'utf8');
      assert.ok(!command.includes('secret'));
    } finally {
      delete process.env.ENVOI_PASSWORD_OFFICE;
    }
  });

  it('keeps its space for new objects small', async () => {
    const allocate = resolve(import.meta.dirname, '../../support/allocate.ts');
    const file = join(stateDir, 'allocating.mjs');
    await writeFile(
      file,
      `import { youngSpaceAfterMuch } from ${JSON.stringify(allocate)};
console.log('MB: ' + (await youngSpaceAfterMuch()));
process.exit(1);`,
    );
    await assert.rejects(startEngine({ ...options(), engineFile: file }), ({ message }: Error) => {
      const mb = Number(/MB: ([\d.]+)/.exec(message)?.[1]);
      return mb > 1 && mb < 48;
    });
  });

  it('ends cleanly when told to, and a new one replaces it', async () => {
    const first = keep(await startEngine(options()));
    process.kill(first.hello.pid, 'SIGTERM');
    await first.closed;
    const second = keep(await startEngine(options()));
    assert.notEqual(second.hello.pid, first.hello.pid);
  });

  it('is replaced at once after it was killed', async () => {
    const first = keep(await startEngine(options()));
    process.kill(first.hello.pid, 'SIGKILL');
    await first.closed;
    assert.ok(existsSync(engineFilePath(stateDir)), 'it left its address behind');
    const second = keep(await startEngine(options()));
    assert.notEqual(second.hello.pid, first.hello.pid);
    assert.deepEqual(await second.api.list(), []);
  });

  it('makes room for a newer build', async () => {
    const old = keep(await startEngine(options()));
    const fresh = keep(await startEngine({ ...options(), version: '1.1.0' }));
    await old.closed;
    assert.equal(fresh.hello.version, '1.1.0');
    assert.notEqual(fresh.hello.pid, old.hello.pid);
  });

  it('waits for a command that only reads', async () => {
    const lock = await acquireLock(stateDir);
    const starting = startEngine(options());
    setTimeout(() => lock?.release(), 700);
    assert.deepEqual(await keep(await starting).api.list(), []);
  });

  it('ends by itself when nobody needs it', async () => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', engineFile, '--state', stateDir, '--idle', '100'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    child.stdout.resume();
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    assert.equal(existsSync(engineFilePath(stateDir)), false);
  });

  it('that cannot start is reported with the reason', async () => {
    await writeFile(join(stateDir, 'envoi.db'), 'this is no database, and long enough to be read as a header');
    await assert.rejects(startEngine(options()), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'storeBroken');
      assert.match(error.message, /is damaged \(.*not a database/);
      return true;
    });
  });

  it('that cannot be run at all is reported with the reason', async () => {
    await assert.rejects(startEngine({ ...options(), execPath: '/nowhere/node' }), {
      code: 'engineStart',
      message: /ENOENT/,
    });
  });
});
