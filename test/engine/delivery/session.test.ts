import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sending } from '../../../src/shared/transport.ts';
import { type SmtpScript, usualExtensions } from '../../support/smtpServer.ts';
import { brief, deferred, ends, letter, mustOpen, quick, withServer } from './harness.ts';

const stepwise = ['SIZE 10000000', 'ENHANCEDSTATUSCODES'];

for (const [name, extensions] of [
  ['pipelined', usualExtensions],
  ['step by step', stepwise],
] as const) {
  test(`${name}: many messages are sent over one connection, each unchanged`, () =>
    withServer({ extensions }, async (server) => {
      const session = await mustOpen(server);
      const sendings: Sending[] = [];
      const letters = Array.from({ length: 20 }, (_, nth) =>
        letter({
          to: `r${nth}@example.net`,
          bytes: Buffer.from(`Subject: ${nth}\r\n\r\n.dot\r\n..two\r\nend ${nth}\r\n`),
        }),
      );
      for (const one of letters) {
        const sending = session.send(one);
        sendings.push(sending);
        await sending.ready;
      }
      assert.deepEqual(await ends(sendings), Array(20).fill('reply dot 250'));
      await session.quit();
      assert.equal(session.usable, false);
      assert.equal(server.connections, 1);
      assert.deepEqual(
        server.messages.map((message) => message.to[0]),
        letters.map((one) => one.to),
      );
      assert.deepEqual(
        server.messages.map((message) => message.data.toString()),
        letters.map((one) => String(one.bytes)),
      );
      assert.equal(server.commands.at(-1), 'QUIT');
      assert.equal(server.commands.includes('RSET'), false);
    }));

  test(`${name}: a refused recipient ends alone, and the next message is delivered after RSET`, () =>
    withServer(
      {
        extensions,
        steps: { RCPT: (line) => (line.includes('gone') ? '550-5.1.1 no such\n550 5.1.1 user' : undefined) },
      },
      async (server) => {
        const session = await mustOpen(server);
        const gone = letter({ to: 'gone@example.net' });
        const refused = session.send(gone);
        await refused.ready;
        const delivered = session.send(letter());
        const end = await refused.end;
        assert.deepEqual(end, {
          kind: 'reply',
          stage: 'rcpt',
          reply: { code: 550, enhanced: '5.1.1', text: 'no such user' },
        });
        assert.equal(gone.gates, 0, 'the gate is not asked for a message that is not sent');
        assert.equal(brief(await delivered.end), 'reply dot 250');
        assert.equal(server.connections, 1);
        assert.ok(server.commands.includes('RSET'));
        await session.quit();
      },
    ));

  test(`${name}: a sender refused for one message does not spoil the next`, () =>
    withServer(
      { extensions, steps: { MAIL: (_line, nth) => (nth === 0 ? '550 5.7.1 not you' : undefined) } },
      async (server) => {
        const session = await mustOpen(server);
        const first = session.send(letter());
        await first.ready;
        assert.equal(brief(await first.end), 'reply mail 550');
        assert.equal(brief(await session.send(letter()).end), 'reply dot 250');
        session.destroy();
      },
    ));

  test(`${name}: DATA refused, then accepted`, () =>
    withServer(
      { extensions, steps: { DATA: (_line, nth) => (nth === 0 ? '451 4.3.0 not now' : undefined) } },
      async (server) => {
        const session = await mustOpen(server);
        const first = session.send(letter());
        await first.ready;
        assert.equal(brief(await first.end), 'reply data 451');
        assert.equal(brief(await session.send(letter()).end), 'reply dot 250');
        assert.equal(server.messages.length, 1);
        session.destroy();
      },
    ));

  test(`${name}: content refused after the dot keeps the connection`, () =>
    withServer(
      { extensions, steps: { dot: (_line, nth) => (nth === 0 ? '554 5.7.1 spam' : undefined) } },
      async (server) => {
        const session = await mustOpen(server);
        const first = session.send(letter());
        await first.ready;
        const second = session.send(letter());
        assert.deepEqual(await ends([first, second]), ['reply dot 554', 'reply dot 250']);
        assert.equal(server.connections, 1);
        session.destroy();
      },
    ));

  /** Where the server breaks off, and how the message then ended. `gates`: whether the commit gate had been asked. */
  const breaks: readonly [string, SmtpScript, string, number][] = [
    ['closes instead of answering MAIL', { steps: { MAIL: { close: true } } }, 'fault mail closed', 0],
    ['resets instead of answering MAIL', { steps: { MAIL: { reset: true } } }, 'fault mail closed', 0],
    ['says 421 to MAIL', { steps: { MAIL: { close: true, say: '421 4.3.2 down' } } }, 'reply mail 421', 0],
    ['says 421 to RCPT', { steps: { RCPT: { close: true, say: '421 4.7.0 slow' } } }, 'reply rcpt 421', 0],
    ['closes instead of answering RCPT', { steps: { RCPT: { close: true } } }, 'fault rcpt closed', 0],
    ['closes instead of answering DATA', { steps: { DATA: { close: true } } }, 'fault data closed', 0],
    ['closes after the dot', { steps: { dot: { close: true } } }, 'fault dot closed', 1],
    ['resets after the dot', { steps: { dot: { reset: true } } }, 'fault dot closed', 1],
    ['says 421 to the dot', { steps: { dot: { close: true, say: '421 4.3.2 later' } } }, 'reply dot 421', 1],
    ['says nonsense to MAIL', { steps: { MAIL: 'hello?' } }, 'fault mail protocol', 0],
    ['says nonsense to the dot', { steps: { dot: '5OO okay' } }, 'fault dot protocol', 1],
    ['says 354 to the dot', { steps: { dot: '354 more?' } }, 'fault dot protocol', 1],
    ['says 250 to DATA', { steps: { DATA: '250 fine' } }, 'fault data protocol', 0],
    ['sends an endless line', { steps: { MAIL: `250 ${'x'.repeat(9000)}` } }, 'fault mail protocol', 0],
    [
      'sends an endless reply',
      { steps: { MAIL: Array(3000).fill('250-more and more of it').join('\n') } },
      'fault mail protocol',
      0,
    ],
    ['does not answer MAIL', { steps: { MAIL: { hang: true } } }, 'fault mail timeout', 0],
    ['does not answer RCPT', { steps: { RCPT: { hang: true } } }, 'fault rcpt timeout', 0],
    ['does not answer DATA', { steps: { DATA: { hang: true } } }, 'fault data timeout', 0],
    ['does not answer the dot', { steps: { dot: { hang: true } } }, 'fault dot timeout', 1],
  ];
  for (const [what, script, expected, gates] of breaks) {
    test(`${name}: a server that ${what} ends the message with "${expected}"`, () =>
      withServer({ extensions, ...script }, async (server) => {
        const timeouts = { ...quick, mail: 150, rcpt: 150, data: 150, dot: 150 };
        const session = await mustOpen(server, { timeouts });
        const message = letter();
        const sending = session.send(message);
        await sending.ready;
        assert.equal(brief(await sending.end), expected);
        assert.equal(message.gates, gates);
        assert.equal(session.usable, false);
        assert.equal(brief(await session.send(letter()).end).startsWith('fault mail'), true);
        assert.equal(server.messages.length, 0);
      }));
  }
}

test('the next envelope is sent right after the dot, before its reply', () =>
  withServer(
    { steps: { dot: (_line, nth) => (nth === 0 ? { say: '250 at last', afterMs: 100 } : undefined) } },
    async (server) => {
      const session = await mustOpen(server);
      const first = session.send(letter());
      await first.ready;
      const second = session.send(letter({ to: 'two@example.net' }));
      let firstEnded = false;
      void first.end.then(() => {
        firstEnded = true;
      });
      await second.ready;
      assert.equal(firstEnded, true, 'no second dot before the first reply');
      assert.deepEqual(await ends([first, second]), ['reply dot 250', 'reply dot 250']);
      session.destroy();
    },
  ));

test('a connection lost with a dot and the next envelope sent: one in doubt, one not accepted', () =>
  withServer({ steps: { dot: { close: true } } }, async (server) => {
    const session = await mustOpen(server);
    const first = session.send(letter());
    await first.ready;
    const second = session.send(letter());
    assert.deepEqual(await ends([first, second]), ['fault dot closed', 'fault mail closed']);
  }));

test('421 to the dot ends the envelope behind it with the same words, as not accepted', () =>
  withServer({ steps: { dot: { close: true, say: '421 4.3.2 going down' } } }, async (server) => {
    const session = await mustOpen(server);
    const first = session.send(letter());
    await first.ready;
    const second = session.send(letter());
    assert.deepEqual(await ends([first, second]), ['reply dot 421', 'reply mail 421']);
  }));

test('the dot waits for the commit gate, and nothing is accepted before it', () =>
  withServer({}, async (server) => {
    const session = await mustOpen(server);
    const gate = deferred();
    const asked = deferred();
    const sending = session.send(
      letter({
        commit: () => {
          asked.resolve();
          return gate.promise;
        },
      }),
    );
    await asked.promise;
    assert.equal(server.messages.length, 0);
    gate.resolve();
    assert.equal(brief(await sending.end), 'reply dot 250');
    assert.equal(server.messages.length, 1);
    await session.quit();
  }));

test('a gate that fails ends the message without its dot', () =>
  withServer({}, async (server) => {
    const session = await mustOpen(server);
    const sending = session.send(letter({ commit: () => Promise.reject(new Error('disk full')) }));
    await sending.ready;
    const end = await sending.end;
    assert.deepEqual(end, { kind: 'fault', stage: 'body', code: 'gateFailed', detail: 'disk full' });
    assert.equal(session.usable, false);
    assert.equal(server.messages.length, 0);
  }));

test('destroyed while the gate is closed: not accepted; the gate opening later writes no dot', () =>
  withServer({}, async (server) => {
    const session = await mustOpen(server);
    const gate = deferred();
    const asked = deferred();
    const sending = session.send(
      letter({
        commit: () => {
          asked.resolve();
          return gate.promise;
        },
      }),
    );
    await asked.promise;
    session.destroy();
    session.destroy();
    await sending.ready;
    assert.equal(brief(await sending.end), 'fault body aborted');
    gate.resolve();
    await gate.promise;
    assert.equal(server.messages.length, 0);
  }));

test('destroyed after the dot: in doubt, whoever closed', () =>
  withServer({ steps: { dot: { hang: true } } }, async (server) => {
    const session = await mustOpen(server);
    const sending = session.send(letter());
    await sending.ready;
    session.destroy();
    assert.equal(brief(await sending.end), 'fault dot closed');
  }));

test('quit lets messages in progress end first', () =>
  withServer({ steps: { dot: { say: '250 slow', afterMs: 80 } } }, async (server) => {
    const session = await mustOpen(server);
    const sending = session.send(letter());
    await sending.ready;
    await session.quit();
    assert.equal(brief(await sending.end), 'reply dot 250');
    assert.equal(server.commands.at(-1), 'QUIT');
  }));

test('quit does not wait forever', () =>
  withServer({ steps: { QUIT: { hang: true } } }, async (server) => {
    const session = await mustOpen(server);
    await session.quit();
    assert.equal(session.usable, false);
  }));

for (const bytes of [300_000, 5_000_000]) {
  test(`a refusal in the middle of ${bytes} bytes is read, though the server closes at once`, () =>
    withServer({ body: { afterBytes: 1000, act: { close: true, say: '552 5.3.4 too much' } } }, async (server) => {
      const session = await mustOpen(server);
      const message = letter({
        bytes: Buffer.from(
          `Subject: big\r\n\r\n${'x'
            .repeat(70)
            .concat('\r\n')
            .repeat(bytes / 72)}`,
        ),
      });
      const sending = session.send(message);
      await sending.ready;
      const end = brief(await sending.end);
      assert.match(end, /^reply (body|dot) 552$/);
      assert.equal(server.messages.length, 0);
    }));
}
