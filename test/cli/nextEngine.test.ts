import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { control } from '../../src/cli/campaigns.ts';
import { readCommandLine } from '../../src/cli/commandLine.ts';
import { connectEngine, type EngineConnection } from '../../src/cli/engineConnection.ts';
import { withEngine } from '../../src/cli/withEngine.ts';
import { Daemon } from '../../src/engine/daemon/daemon.ts';
import { pinCampaign } from '../../src/letter/submit.ts';
import type { EngineApi } from '../../src/protocol/engineApi.ts';
import type { CampaignSnapshot } from '../../src/shared/campaign.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { defaultServer } from '../../src/shared/defaultSettings.ts';
import { silentLog } from '../../src/shared/log.ts';
import { FakeEngine, realDraft, snapshotOf } from '../protocol/fakeEngine.ts';
import { SmtpServer } from '../support/smtpServer.ts';

function promised(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe('a command that finds an engine which is just closing', () => {
  let stateDir = '';
  let server: SmtpServer;
  let connections: EngineConnection[] = [];
  let first: Daemon | null = null;
  /** Resolves when the first engine begins to close; it ends when what flies has landed. */
  let closing = promised();
  let landed = () => {};
  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'envoi-next-'));
    server = await SmtpServer.start();
    connections = [];
    first = null;
    closing = promised();
  });
  afterEach(async () => {
    for (const connection of connections) await connection.close();
    landed();
    await first?.close();
    await server.close();
    await rm(stateDir, { recursive: true, force: true });
  });

  /** An engine that begins to close when this call reaches it. `how`: after it answered, or without an answer. */
  async function closingAt(method: keyof EngineApi, how: 'answers' | 'hangs', answers = {}): Promise<FakeEngine> {
    const fake = new FakeEngine({
      ...answers,
      [method]: () => {
        setImmediate(() => void first?.close());
        return how === 'hangs' ? new Promise(() => {}) : undefined;
      },
    });
    const flight = promised();
    landed = flight.resolve;
    if (method !== 'addRows' || how !== 'answers') landed();
    const close = () => {
      closing.resolve();
      return flight.promise;
    };
    first = await Daemon.start({
      stateDir,
      version: '1.0.0',
      clock: systemClock,
      log: silentLog,
      createEngine: async () => ({ ...fake.api, underWay: 'nothing', idle: true, close }),
    });
    return fake;
  }

  const open = async () => {
    const connection = await connectEngine({ stateDir, version: '1.0.0', purpose: 'send' });
    connections.push(connection);
    return connection;
  };

  async function pin(engine: EngineApi): Promise<CampaignSnapshot> {
    const campaign = await realDraft();
    const office = { ...defaultServer, host: '127.0.0.1', port: server.port, security: 'none', auth: 'none' } as const;
    const settings = { ...campaign.settings, servers: { office }, route: ['office'], dkim: {} };
    await engine.testServer({ settings, server: 'office', secret: '' });
    return pinCampaign(engine, {
      campaign: { ...campaign, settings },
      assets: ['sun.png'],
      read: async () => Buffer.from('sun'),
      attachmentPaths: null,
      batches: (async function* () {
        for (const n of [1, 2]) {
          const rows = [{ line: n + 1, address: `r${n}@example.org`, fields: { name: `${n}` } }];
          yield { rows, refused: [] };
        }
      })(),
      startAt: 0,
      secrets: {},
    });
  }

  async function done(engine: EngineApi, id: string): Promise<CampaignSnapshot> {
    return new Promise((resolve) => {
      const see = (snapshot: CampaignSnapshot) => snapshot.state === 'done' && resolve(snapshot);
      engine.onChange(see);
      void engine.get({ campaign: id }).then(see);
    });
  }

  const rows: [method: keyof EngineApi, how: 'answers' | 'hangs'][] = [
    ['testServer', 'answers'],
    ['testServer', 'hangs'],
    ['createDraft', 'answers'],
    ['createDraft', 'hangs'],
    ['addAsset', 'hangs'],
    ['addRows', 'hangs'],
  ];
  for (const [method, how] of rows) {
    it(`sends with the next one when it closes at ${method}, and ${how}`, async () => {
      const fake = await closingAt(method, how);
      const { connection: door, result } = await withEngine(open, ({ engine }) => pin(engine));
      assert.equal(connections.length, 2);
      assert.ok(!fake.calls.some(([call]) => call === 'start'));
      assert.deepEqual([(await done(door.engine, result.id)).counts.sent, door.own], [2, true]);
      assert.equal((await door.engine.list()).length, 1);
      assert.deepEqual(server.messages.map(({ to }) => to[0]).sort(), ['r1@example.org', 'r2@example.org']);
    });
  }

  it('has cancelled a campaign although the engine ended before it could reply', async () => {
    const own = await open();
    const { id } = await pin(own.engine);
    await done(own.engine, id);
    await own.close();
    const fake = await closingAt('cancel', 'hangs', { list: () => [snapshotOf(id)], get: () => snapshotOf(id) });
    assert.equal(await control('cancel', undefined, readCommandLine(['--state', stateDir, '--json']).options), 0);
    assert.ok(fake.calls.some(([call]) => call === 'cancel'));
  });

  it('starts nothing again once the campaign may have been started', async () => {
    await closingAt('start', 'hangs');
    await assert.rejects(
      withEngine(open, ({ engine }) => pin(engine)),
      { code: 'startUnknown', message: /may be sending/ },
    );
    assert.equal(connections.length, 1);
    const next = await open();
    assert.deepEqual(await next.engine.list(), []);
    assert.deepEqual(server.messages, []);
  });

  it('is told so while messages in progress end: nothing starts, but reading and pausing work', async () => {
    const fake = await closingAt('addRows', 'answers');
    const { engine } = await open();
    await engine.addRows({ draft: 'd', sequence: 0, rows: [], refused: [] });
    await closing.promise;
    for (const begin of [
      () => engine.start({ draft: 'd', startAt: 0, secrets: {} }),
      () => engine.resume({ campaign: 'd', secrets: {} }),
      () => engine.resendFailed({ campaign: 'd' }),
    ])
      await assert.rejects(begin, { code: 'engineEnding' });
    await engine.list();
    await engine.pause({ campaign: 'd' });
    landed();
    await first?.ended;
    await assert.rejects(engine.list(), { code: 'engineGone' });
    assert.deepEqual(
      fake.calls.map(([call]) => call),
      ['addRows', 'list', 'pause'],
    );
  });

  it('continues what the engine it replaces was to send', async () => {
    const { result } = await withEngine(open, async ({ engine }) => {
      if (connections.length === 1) {
        // This engine is the command’s own, and a window of a later version asks for its place.
        const closing = connections[0]?.close();
        await assert.rejects(pin(engine), { code: /^engine(Ending|Gone)$/ });
        await closing;
      }
      return pin(engine);
    });
    assert.equal(connections.length, 2);
    const engine = connections[1]?.engine ?? assert.fail();
    assert.equal((await done(engine, result.id)).counts.sent, 2);
    assert.equal(server.messages.length, 2);
  });
});
