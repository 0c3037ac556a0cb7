import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { attachEngine } from '../../../src/attach/attachEngine.ts';
import { Daemon, type OwnedEngine } from '../../../src/engine/daemon/daemon.ts';
import { makeEndpoint } from '../../../src/engine/daemon/endpoint.ts';
import { acquireLock } from '../../../src/engine/daemon/lock.ts';
import { PROTOCOL } from '../../../src/protocol/engineApi.ts';
import { type EngineFile, engineFilePath } from '../../../src/protocol/engineFile.ts';
import type { Clock } from '../../../src/shared/clock.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { FakeEngine, snapshotOf } from '../../protocol/fakeEngine.ts';

/** Time that passes as fast as it is slept through. */
class QuickClock implements Clock {
  at = 1_000;
  now(): number {
    return this.at;
  }
  async sleep(ms: number): Promise<void> {
    this.at += ms;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the daemon of a state directory', () => {
  let folder = '';
  let open: Daemon[] = [];
  let closed = 0;
  let idle = true;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'envoi-daemon-'));
    open = [];
    closed = 0;
    idle = true;
  });
  afterEach(async () => {
    for (const daemon of open) await daemon.close();
    await rm(folder, { recursive: true, force: true });
  });

  function engineOf(fake: FakeEngine): OwnedEngine {
    return {
      ...fake.api,
      underWay: 'nothing',
      get idle() {
        return idle;
      },
      close: async () => {
        closed++;
      },
    };
  }
  async function start(
    fake = new FakeEngine(),
    more: { clock?: Clock; version?: string; listen?: boolean } = {},
  ): Promise<Daemon | null> {
    const daemon = await Daemon.start({
      stateDir: folder,
      version: '1.0.0',
      clock: new QuickClock(),
      log: silentLog,
      createEngine: async () => engineOf(fake),
      ...more,
    });
    if (daemon) open.push(daemon);
    return daemon;
  }
  const attach = (client: 'editor' | 'cli' = 'cli', version = '1.0.0') =>
    attachEngine({ stateDir: folder, client, version, log: silentLog });
  const engineFile = async () => JSON.parse(await readFile(engineFilePath(folder), 'utf8')) as EngineFile;

  it('tells only its owner where it is', async () => {
    await start();
    assert.equal((await stat(engineFilePath(folder))).mode & 0o777, 0o600);
    const { endpoint, pid, protocol, token } = await engineFile();
    assert.equal(pid, process.pid);
    assert.equal(protocol, PROTOCOL);
    assert.ok(token.length >= 40);
    assert.ok(Buffer.byteLength(endpoint) <= 100);
    assert.equal((await stat(dirname(endpoint))).mode & 0o777, 0o700);
  });

  it('serves several clients, and notifies all of them', async () => {
    const fake = new FakeEngine({ list: () => [snapshotOf('a')] });
    const daemon = await start(fake);
    const [one, two] = await Promise.all([attach('editor'), attach()]);
    assert.ok(one && two && daemon);
    assert.equal(daemon.clients, 2);
    assert.deepEqual(await one.api.list(), await two.api.list());
    const heard = [one, two].map((client) => new Promise((resolve) => client.api.onChange(resolve)));
    fake.change(snapshotOf('b'));
    assert.deepEqual(await Promise.all(heard), [snapshotOf('b'), snapshotOf('b')]);
    one.dispose();
    assert.deepEqual(await two.api.list(), [snapshotOf('a')]);
    assert.equal(closed, 0, 'a client that goes stops nothing');
    two.dispose();
  });

  it('is one per directory', async () => {
    assert.ok(await start());
    assert.equal(await start(), null);
    assert.equal(closed, 0);
  });

  it('leaves nothing behind when it closes, and closes only once', async () => {
    const daemon = await start();
    const { endpoint } = await engineFile();
    const client = await attach();
    await Promise.all([daemon?.close(), daemon?.close()]);
    await daemon?.ended;
    await client?.closed;
    assert.equal(closed, 1);
    assert.equal(existsSync(engineFilePath(folder)), false);
    assert.equal(existsSync(endpoint), false);
    const lock = await acquireLock(folder);
    assert.ok(lock);
    lock.release();
  });

  it('releases the directory when its engine does not open', async () => {
    const failing = Daemon.start({
      stateDir: folder,
      version: '1',
      clock: new QuickClock(),
      log: silentLog,
      createEngine: () => Promise.reject(new Error('no store')),
    });
    await assert.rejects(failing, /no store/);
    assert.ok(await start());
  });

  it('lets nobody attach when it only reads', async () => {
    assert.ok(await start(new FakeEngine(), { listen: false }));
    assert.equal(existsSync(engineFilePath(folder)), false);
    assert.equal(await attach(), null);
    assert.equal(await start(), null);
  });

  it('is not found through files left by a dead engine', async () => {
    const dead: EngineFile = {
      pid: 1,
      startedAt: 0,
      endpoint: join(folder, 'gone.sock'),
      protocol: PROTOCOL,
      version: '1.0.0',
      token: 't',
    };
    await writeFile(engineFilePath(folder), JSON.stringify(dead));
    assert.equal(await attach(), null);
    assert.ok(await start());
    const client = await attach();
    assert.ok(client);
    client.dispose();
  });

  for (const text of ['', '{', 'null', '{"endpoint":7}']) {
    it(`is not found through an engine.json of ${JSON.stringify(text)}`, async () => {
      await writeFile(engineFilePath(folder), text);
      assert.equal(await attach(), null);
    });
  }

  describe('ends by itself', () => {
    it('after it has had no work and no clients', async () => {
      const clock = new QuickClock();
      const daemon = await start(new FakeEngine(), { clock });
      await daemon?.closeWhenIdle(60_000);
      assert.equal(closed, 1);
      assert.ok(clock.at >= 61_000 && clock.at <= 75_000, `after ${clock.at - 1_000} ms`);
    });

    it('not while a campaign runs', async () => {
      const clock = new QuickClock();
      const daemon = await start(new FakeEngine(), { clock });
      idle = false;
      const ending = daemon?.closeWhenIdle(60_000);
      while (clock.at < 3_600_000) await new Promise(setImmediate);
      assert.equal(closed, 0);
      idle = true;
      await ending;
      assert.equal(closed, 1);
    });

    it('not while a client is attached', async () => {
      const clock = new QuickClock();
      const daemon = await start(new FakeEngine(), { clock });
      const client = await attach();
      const ending = daemon?.closeWhenIdle(60_000);
      while (clock.at < 3_600_000) await new Promise(setImmediate);
      assert.equal(closed, 0);
      client?.dispose();
      await ending;
      assert.equal(closed, 1);
    });
  });

  describe('of another build', () => {
    const running = () => new FakeEngine({ list: () => [snapshotOf('a', { state: 'running' })] });
    const resting = () => new FakeEngine({ list: () => [snapshotOf('a', { state: 'done' })] });
    const rows: [
      name: string,
      engine: () => FakeEngine,
      version: string,
      client: 'editor' | 'cli',
      then: 'stays' | 'goes',
    ][] = [
      ['an older one at rest makes room for a window', resting, '1.0.0', 'editor', 'goes'],
      ['an older one at work stays', running, '1.0.0', 'editor', 'stays'],
      ['an older one serves a command', resting, '1.0.0', 'cli', 'stays'],
      ['a newer one stays', resting, '3.0.0', 'editor', 'stays'],
      ['the same stays', resting, '2.0.0', 'editor', 'stays'],
    ];
    for (const [name, engine, version, client, then] of rows) {
      it(name, async () => {
        const daemon = await start(engine(), { version });
        const attached = await attach(client, '2.0.0');
        assert.equal(attached === null, then === 'goes');
        if (then === 'goes') await daemon?.ended;
        assert.equal(closed, then === 'goes' ? 1 : 0);
        attached?.dispose();
      });
    }
  });
});

describe('the address of the engine’s socket', () => {
  let folder = '';
  const before = process.env.XDG_RUNTIME_DIR;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'e-'));
    process.env.XDG_RUNTIME_DIR = folder;
  });
  afterEach(async () => {
    if (before === undefined) delete process.env.XDG_RUNTIME_DIR;
    else process.env.XDG_RUNTIME_DIR = before;
    await rm(folder, { recursive: true, force: true });
  });

  it('is short however long the paths of the user are', async () => {
    const long = join(folder, 'firstname.lastname/Library/Application Support/'.repeat(3));
    process.env.XDG_RUNTIME_DIR = long;
    const { endpoint } = makeEndpoint(long);
    assert.ok(Buffer.byteLength(endpoint) <= 100, endpoint);
    assert.ok(endpoint.startsWith('/tmp/'));
  });

  it('is refused where somebody has placed a link', async () => {
    await symlink('/tmp', join(folder, `envoi-${process.getuid?.()}`));
    assert.throws(() => makeEndpoint('/state'), { code: 'endpoint' });
  });

  it('differs each time, so that nobody waits for an old name', () => {
    assert.notEqual(makeEndpoint('/state').endpoint, makeEndpoint('/state').endpoint);
  });

  it('can be listened at', async () => {
    const { createServer } = await import('node:net');
    const { endpoint, remove } = makeEndpoint('/state');
    const server = createServer((socket) => socket.end('hi')).listen(endpoint);
    await once(server, 'listening');
    const [data] = (await once(connect(endpoint), 'data')) as [Buffer];
    assert.equal(data.toString(), 'hi');
    server.close();
    remove();
    assert.equal(existsSync(endpoint), false);
  });
});
