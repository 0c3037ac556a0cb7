import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Outgoing } from '../../../src/shared/transport.ts';
import { brief, deferred, ends, letter, mustOpen, withServer } from './harness.ts';

test('an early 250 is no acceptance', () =>
  withServer({ body: { afterBytes: 1000, act: '250 fine' } }, async (server) => {
    const session = await mustOpen(server);
    const gate = deferred();
    const sending = session.send(letter({ bytes: Buffer.alloc(20_000, 'x'), commit: () => gate.promise }));
    await sending.ready;
    assert.equal(brief(await sending.end), 'fault body protocol');
    gate.resolve();
  }));

test('a message of 20 MB is written under backpressure and arrives whole', () =>
  withServer({ extensions: ['PIPELINING', 'SIZE 50000000'] }, async (server) => {
    const session = await mustOpen(server);
    const bytes = Buffer.from(`Subject: big\r\n\r\n${'.abcdefghi\r\n'.repeat(1_700_000)}`);
    const sending = session.send(letter({ bytes }));
    assert.equal(brief(await sending.end), 'reply dot 250');
    assert.ok(server.messages[0]?.data.equals(bytes));
    session.destroy();
  }));

test('a server that accepts DATA without a recipient gets a lone dot, and the connection stays open', () =>
  withServer(
    { steps: { RCPT: (_line, nth) => (nth === 0 ? '550 5.1.1 no' : undefined), DATA: '354 sure' } },
    async (server) => {
      const session = await mustOpen(server);
      const refused = session.send(letter());
      await refused.ready;
      const next = session.send(letter({ to: 'two@example.net' }));
      assert.deepEqual(await ends([refused, next]), ['reply rcpt 550', 'reply dot 250']);
      assert.deepEqual(
        server.messages.map((message) => message.to),
        [['two@example.net']],
      );
      session.destroy();
    },
  ));

test('a server that refuses MAIL but accepts RCPT and DATA gets no dot at all', async () => {
  // Written by hand: the scripted server is too sane for this.
  const { createServer } = await import('node:net');
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.write('220 hi\r\n');
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      heard.push(chunk.toString());
      if (/^EHLO/.test(chunk.toString())) socket.write('250-x\r\n250 PIPELINING\r\n');
      else if (/^MAIL/.test(chunk.toString())) socket.write('550 no\r\n250 ok\r\n354 go\r\n');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const closed = once(server, 'connection').then(([socket]) => once(socket, 'close'));
  const session = await mustOpen({ address: '127.0.0.1', port });
  const sending = session.send(letter());
  await sending.ready;
  assert.equal(brief(await sending.end), 'reply mail 550');
  await closed;
  assert.equal(heard.join('').includes('\r\n.\r\n'), false);
  server.close();
});

test('replies in single octets are read like any others', async () => {
  const { createServer } = await import('node:net');
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    const drip = async (text: string) => {
      for (const octet of text) await new Promise((resolve) => socket.write(octet, resolve));
    };
    socket.on('error', () => {});
    void drip('220 hi\r\n');
    socket.on('data', (chunk) => {
      const text = chunk.toString();
      if (/^EHLO/.test(text)) void drip('250-x\r\n250-PIPELINING\n250 SIZE\r\n');
      else if (/^MAIL/.test(text)) void drip('250 ok\r\n250 ok\r\n354 go\r\n');
      else if (/\.\r\n$/.test(text)) void drip('250-2.0.0 it\r\n250 2.0.0 is in\r\n');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const session = await mustOpen({ address: '127.0.0.1', port });
  const end = await session.send(letter()).end;
  assert.equal(end.kind === 'reply' && end.reply.text, 'it is in');
  session.destroy();
  server.close();
});

test('what no server should see is refused locally', () =>
  withServer({ extensions: ['PIPELINING', 'SIZE 100'] }, async (server) => {
    const session = await mustOpen(server);
    const refusals: readonly [Partial<Outgoing>, string][] = [
      [{ bytes: Buffer.alloc(101, 'x') }, 'fault mail tooLarge'],
      [{ to: 'jürgen@example.net' }, 'fault mail smtputf8'],
      [{ to: 'a@example.net>\r\nRCPT TO:<b@example.net' }, 'fault mail badAddress'],
      [{ from: 'a@example.net> BODY=8BITMIME' }, 'fault mail badAddress'],
      [{ to: 'a\0@example.net' }, 'fault mail badAddress'],
    ];
    for (const [changes, expected] of refusals) {
      const sending = session.send(letter(changes));
      await sending.ready;
      assert.equal(brief(await sending.end), expected);
    }
    assert.equal(session.usable, true);
    assert.deepEqual(server.commands, ['EHLO client.example.org']);
    assert.equal(brief(await session.send(letter({ to: '"a <b>"@example.net' })).end), 'reply dot 250');
    session.destroy();
  }));

test('parameters go only to servers that know them', () =>
  withServer({ extensions: ['SIZE', '8BITMIME', 'SMTPUTF8'] }, async (server) => {
    const session = await mustOpen(server);
    await session.send(letter({ bytes: Buffer.from('a: b\r\n\r\nplain\r\n') })).end;
    await session.send(letter({ bytes: Buffer.from('a: b\r\n\r\né\r\n'), to: 'jürgen@example.net' })).end;
    const mails = server.commands.filter((line) => line.startsWith('MAIL'));
    assert.deepEqual(mails, [
      'MAIL FROM:<ada@example.org> SIZE=15',
      'MAIL FROM:<ada@example.org> SIZE=12 BODY=8BITMIME SMTPUTF8',
    ]);
    session.destroy();
  }));

test('LIMITS MAILMAX counts down and is not exceeded (RFC 9422)', () =>
  withServer({ extensions: ['PIPELINING', 'LIMITS MAILMAX=2 RCPTMAX=10'] }, async (server) => {
    const session = await mustOpen(server);
    assert.equal(session.remaining, 2);
    await session.send(letter()).ready;
    assert.equal(session.remaining, 1);
    await session.send(letter()).ready;
    assert.equal(session.remaining, 0);
    assert.equal(brief(await session.send(letter()).end), 'fault mail closed');
    session.destroy();
  }));

test('an idle connection that the server closes becomes unusable, and a message then ends before MAIL', () =>
  withServer({ steps: { RSET: '250 ok' } }, async (server) => {
    const session = await mustOpen(server);
    assert.equal(session.remaining, Number.POSITIVE_INFINITY);
    await server.close();
    while (session.usable) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(brief(await session.send(letter()).end), 'fault mail closed');
  }));
