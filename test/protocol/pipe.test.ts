import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';
import { PROTOCOL } from '../../src/protocol/engineApi.ts';
import { connectClient, type EngineClient } from '../../src/protocol/engineClient.ts';
import { engineMethods, MAX_ASSET_BYTES } from '../../src/protocol/methods.ts';
import { serveEngine } from '../../src/protocol/serveEngine.ts';
import type { CampaignSnapshot } from '../../src/shared/campaign.ts';
import { msg, UserError } from '../../src/shared/errors.ts';
import { silentLog } from '../../src/shared/log.ts';
import { FakeEngine, realDraft, snapshotOf } from './fakeEngine.ts';

const token = 'the right token';

describe('the pipe between a front door and the engine', () => {
  let server: Server;
  let engine: FakeEngine;
  let served: Socket[] = [];
  let left: Socket[] = [];
  let handedOver = 0;
  let clients: EngineClient[] = [];
  let sockets: Socket[] = [];

  beforeEach(async () => {
    engine = new FakeEngine();
    served = [];
    clients = [];
    sockets = [];
    left = [];
    const leavers = left;
    handedOver = 0;
    server = createServer({ noDelay: true }, (socket) => {
      served.push(socket);
      const onHandOver = () => {
        handedOver++;
      };
      serveEngine(
        { engine: engine.api, token, version: '2.0.0', startedAt: 5, log: silentLog, onHandOver },
        socket,
        () => leavers.push(socket),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    for (const client of clients) client.dispose();
    for (const socket of [...sockets, ...served]) socket.destroy();
    await once(server.close(), 'close');
  });

  async function dial(): Promise<Socket> {
    const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', noDelay: true });
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }
  async function client(given = token, times?: { helloMs: number; heartbeatMs: number }): Promise<EngineClient> {
    const made = await connectClient(await dial(), { token: given, version: '1.0.0', client: 'cli' }, times);
    clients.push(made);
    return made;
  }
  /** A connection that speaks the envelope but keeps no rule. */
  async function raw() {
    const socket = await dial();
    const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
    connection.listen();
    return { socket, connection };
  }

  it('carries every method of the engine', () => {
    const source = readFileSync(new URL('../../src/protocol/engineApi.ts', import.meta.url), 'utf8');
    const body = source.slice(source.indexOf('export interface EngineApi {'));
    const named = [...body.matchAll(/^ {2}(\w+)\(/gm)].map((match) => match[1]);
    assert.ok(named.length > 15);
    assert.deepEqual([...engineMethods, 'onChange', 'onReturned'].sort(), named.sort());
  });

  it('greets with version and protocol', async () => {
    const { hello } = await client();
    assert.deepEqual(hello, { protocol: PROTOCOL, version: '2.0.0', pid: process.pid, startedAt: 5 });
  });

  it('carries a whole campaign there, binary files included', async () => {
    const { api } = await client();
    const campaign = await realDraft();
    const content = Uint8Array.from({ length: 256 }, (_, n) => n);
    const rows = [{ line: 2, address: 'li@example.org', fields: { name: '李', __proto__x: 'y' } }];
    const refused = [
      { line: 3, address: 'nobody', reason: 'invalidAddress', detail: { template: 'it has no @', args: [] } } as const,
    ];
    await api.createDraft({ draft: 'd', campaign });
    await api.addAsset({ draft: 'd', path: 'a.png', content });
    await api.addRows({ draft: 'd', sequence: 0, rows, refused });
    await api.start({ draft: 'd', startAt: 0, secrets: { 'ada@smtp.example.org:587': 'p' } });
    assert.deepEqual(engine.calls, [
      ['createDraft', { draft: 'd', campaign: JSON.parse(JSON.stringify(campaign)) }],
      ['addAsset', { draft: 'd', path: 'a.png', content }],
      ['addRows', { draft: 'd', sequence: 0, rows, refused }],
      ['start', { draft: 'd', startAt: 0, secrets: { 'ada@smtp.example.org:587': 'p' } }],
    ]);
  });

  it('brings replies and changes back', async () => {
    engine = new FakeEngine({ list: () => [snapshotOf('a')], get: () => snapshotOf('b', { total: 7 }) });
    const { api } = await client();
    assert.deepEqual(await api.list(), [snapshotOf('a')]);
    assert.equal((await api.get({ campaign: 'b' })).total, 7);
    const changed = new Promise((resolve) => api.onChange(resolve));
    engine.change(snapshotOf('c', { state: 'done' }));
    assert.deepEqual(await changed, snapshotOf('c', { state: 'done' }));
  });

  it('carries a UserError whole', async () => {
    const place = { file: 'letter.md', line: 3, key: 'subject' };
    const error = new UserError(
      'server.auth',
      msg('It failed at {0} ({1}).', 3, msg('because {0}', 'so')),
      msg('Mend it.'),
      place,
    );
    engine = new FakeEngine({
      get: () => {
        throw error;
      },
    });
    const { api } = await client();
    await assert.rejects(api.get({ campaign: 'a' }), (got: unknown) => {
      assert.ok(got instanceof UserError);
      const { code, what, remedy, message } = got;
      assert.deepEqual(
        { code, what, remedy, message, place: got.place },
        { code: 'server.auth', what: error.what, remedy: error.remedy, message: 'It failed at 3 (because so).', place },
      );
      return true;
    });
  });

  it('carries any other error as its message, and continues', async () => {
    engine = new FakeEngine({
      get: () => {
        throw new TypeError('a bug');
      },
      list: () => [],
    });
    const { api } = await client();
    await assert.rejects(api.get({ campaign: 'a' }), /a bug/);
    assert.deepEqual(await api.list(), []);
  });

  describe('rejects', () => {
    it('a wrong token', async () => {
      await assert.rejects(client('the wrong token'), { code: 'engineGone' });
      assert.deepEqual(engine.calls, []);
      assert.equal(engine.listeners, 0);
    });

    for (const method of ['list', 'get', 'handOver', 'ping']) {
      it(`“${method}” before the greeting`, async () => {
        const { connection } = await raw();
        await assert.rejects(connection.sendRequest(method, { campaign: 'a' }), /not before hello/);
        assert.deepEqual(engine.calls, []);
        assert.equal(handedOver, 0);
      });
    }

    it('everything except a hand-over from another protocol', async () => {
      const { connection } = await raw();
      const hello = { protocol: PROTOCOL + 1, version: '9.0.0', token, client: 'editor' };
      assert.equal(((await connection.sendRequest('hello', hello)) as { version: string }).version, '2.0.0');
      await assert.rejects(connection.sendRequest('list', null), /not before hello/);
      assert.equal(engine.listeners, 0);
      await connection.sendRequest('handOver');
      await new Promise(setImmediate);
      assert.equal(handedOver, 1);
    });

    it('an invalid message, before it is collected', async () => {
      const socket = await dial();
      socket.write('GET / HTTP/1.1\r\n'.repeat(50));
      await once(socket, 'close');
      assert.deepEqual(left, served);
    });

    it('a greeting of a megabyte', async () => {
      const socket = await dial();
      socket.write('Content-Length: 1000000\r\n\r\n');
      await once(socket, 'close');
    });

    it('a message of a gigabyte, also from a trusted client', async () => {
      const { api } = await client();
      engine = new FakeEngine();
      const [socket] = sockets;
      assert.ok(socket);
      const closed = once(socket, 'close');
      socket.write('Content-Length: 1000000000\r\n\r\n');
      await closed;
      await assert.rejects(api.list(), { code: 'engineGone' });
    });

    it('a file too large for one message, with a sentence, on the near side', async () => {
      const { api } = await client();
      const content = { length: MAX_ASSET_BYTES + 1 } as Uint8Array;
      await assert.rejects(api.addAsset({ draft: 'd', path: 'film.mp4', content }), { code: 'tooLarge' });
      assert.deepEqual(engine.calls, []);
    });
  });

  const recipient = { line: 2, address: 'a@example.org', fields: {} };
  const wrong: [method: string, request: unknown, complaint: RegExp][] = [
    ['get', null, /get is not an object/],
    ['get', [], /get is not an object/],
    ['get', {}, /get\.campaign is not a text/],
    ['get', { campaign: 7 }, /get\.campaign/],
    ['get', { campaign: 'x'.repeat(500) }, /get\.campaign is not a text of at most 200/],
    ['addRows', { draft: 'd', sequence: -1, rows: [], refused: [] }, /sequence is not a whole number/],
    ['addRows', { draft: 'd', sequence: 0, rows: {}, refused: [] }, /rows is not a list/],
    [
      'addRows',
      { draft: 'd', sequence: 0, rows: [{ ...recipient, fields: { a: 1 } }], refused: [] },
      /rows\[0\]\.fields\.a/,
    ],
    [
      'addRows',
      { draft: 'd', sequence: 0, rows: [{ ...recipient, address: null }], refused: [] },
      /rows\[0\]\.address/,
    ],
    ['addAsset', { draft: 'd', path: 'p', content: 'text' }, /content is not binary/],
    ['start', { draft: 'd', startAt: '0', secrets: {} }, /startAt/],
    ['start', { draft: 'd', startAt: 0, secrets: { a: { b: 1 } } }, /secrets\.a/],
    ['createDraft', { draft: 'd', campaign: { kind: 'spam' } }, /campaign\.kind is not one of send, test/],
    ['decideInDoubt', { campaign: 'a', decision: 'both' }, /decision is not one of/],
    ['report', { campaign: 'a', after: 0, limit: 1.5 }, /limit/],
    ['report', { campaign: 'a', after: 0, limit: 1, states: ['lost'] }, /states\[0\]/],
    ['resendFailed', { campaign: 'a', ids: ['1; drop'] }, /ids\[0\]/],
    ['suppress', { entries: [{ entry: 'a@b.example', reason: 'hate', note: '', at: 0 }] }, /reason/],
  ];
  for (const [method, request, complaint] of wrong) {
    it(`refuses ${method} with ${JSON.stringify(request).slice(0, 70)}`, async () => {
      const { connection } = await raw();
      await connection.sendRequest('hello', { protocol: PROTOCOL, version: '1', token, client: 'cli' });
      const packed = JSON.parse(JSON.stringify(request)) as object;
      await assert.rejects(connection.sendRequest(method, packed), complaint);
      assert.deepEqual(engine.calls, []);
    });
  }

  it('rejects all that is pending when it breaks, and everything after', async () => {
    engine = new FakeEngine({ get: () => new Promise(() => {}) });
    const made = await client();
    const pending = [made.api.get({ campaign: 'a' }), made.api.get({ campaign: 'b' })];
    while (engine.calls.length < 2) await new Promise(setImmediate);
    served[0]?.destroy();
    for (const call of pending) await assert.rejects(call, { code: 'engineGone' });
    await made.closed;
    await assert.rejects(made.api.list(), { code: 'engineGone' });
  });

  it('rejects all that is pending when this side leaves; leaving is idempotent', async () => {
    engine = new FakeEngine({ get: () => new Promise(() => {}) });
    const made = await client();
    const pending = made.api.get({ campaign: 'a' });
    made.dispose();
    made.dispose();
    await assert.rejects(pending, { code: 'engineGone' });
    await made.closed;
    while (left.length === 0) await new Promise(setImmediate);
    assert.equal(engine.listeners, 0);
  });

  it('counts an engine that no longer answers as gone', async () => {
    const made = await client(token, { helloMs: 1_000, heartbeatMs: 10 });
    served[0]?.pause();
    await made.closed;
    await assert.rejects(made.api.list(), { code: 'engineGone' });
  });

  it('stays with an engine that answers its heartbeats', async () => {
    const made = await client(token, { helloMs: 1_000, heartbeatMs: 20 });
    let lost = false;
    void made.closed.then(() => {
      lost = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(lost, false);
  });

  it('gives up on an engine that does not greet', async () => {
    const mute = createServer((socket) => void served.push(socket));
    mute.listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const socket = connect((mute.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    const times = { helloMs: 20, heartbeatMs: 1_000 };
    await assert.rejects(connectClient(socket, { token, version: '1', client: 'cli' }, times), { code: 'engineGone' });
    served[0]?.destroy();
    mute.close();
  });

  it('keeps only the newest change for a client that does not read', async () => {
    const made = await client();
    const seen: CampaignSnapshot[] = [];
    const finished = new Promise<void>((resolve) =>
      made.api.onChange((snapshot) => {
        seen.push(snapshot);
        if (snapshot.state === 'done') resolve();
      }),
    );
    sockets[0]?.pause();
    const subject = 'x'.repeat(100_000);
    for (let n = 0; n < 2_000; n++) engine.change(snapshotOf('a', { total: n, subject }));
    engine.change(snapshotOf('a', { state: 'done', total: 2_000 }));
    await new Promise(setImmediate);
    assert.ok((served[0]?.writableLength ?? 0) < 1_000_000, `${served[0]?.writableLength} octets wait`);
    sockets[0]?.resume();
    await finished;
    assert.equal(seen.at(-1)?.total, 2_000);
    assert.ok(seen.length < 100, `${seen.length} came`);
  });
});
