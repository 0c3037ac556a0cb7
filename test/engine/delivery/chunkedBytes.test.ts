import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChunkingKnowledge } from '../../../src/engine/delivery/chunkingUse.ts';
import { chunkOf, dotStuff } from '../../../src/engine/delivery/dotStuff.ts';
import type { Sending } from '../../../src/shared/transport.ts';
import { randomly } from '../../support/randomly.ts';
import { chunkingExtensions } from '../../support/smtpServer.ts';
import { brief, ends, letter, mustOpen, withServer } from './harness.ts';

/** A session whose server is known to understand BDAT; four messages may be unanswered. */
function deep() {
  const knowledge = new ChunkingKnowledge(() => 0);
  knowledge.learn('mail.example.org', true);
  return { chunking: { knowledge, depth: 4 }, now: () => 0 };
}

/** Every way a server might be led to see the end of a message, or a command, where there is none. */
const evil = [
  'a\n.\nb',
  'a\r.\rb',
  'a\r\n.\r\nMAIL FROM:<eve@example.org>\r\nRCPT TO:<victim@example.net>\r\nDATA\r\nx\r\n.\r\n',
  '.\r\nRSET\r\nQUIT\r\n',
  'BDAT 5 LAST\r\nhello',
  'BDAT 0 LAST\r\nRSET\r\n',
  '\r\nRSET\r\nMAIL FROM:<eve@example.org>',
  'RSET\n',
  '\r',
  '\0\r\n.\0\r\n',
  '',
];

test('with BDAT no content ends a message early or becomes a command', () =>
  withServer({ extensions: chunkingExtensions }, async (server) => {
    const session = await mustOpen(server, deep());
    const sendings: Sending[] = [];
    for (const text of evil) {
      const sending = session.send(letter({ bytes: Buffer.from(`Subject: x\r\n\r\n${text}`, 'latin1') }));
      sendings.push(sending);
      await sending.ready;
    }
    assert.deepEqual(await ends(sendings), Array(evil.length).fill('reply dot 250'));
    await session.quit();
    assert.deepEqual(
      server.messages.map(({ to, data }) => [to, data.toString('latin1')]),
      evil.map((text) => {
        const lines = `Subject: x\r\n\r\n${text}`.replace(/\r\n|\r|\n/g, '\r\n');
        return [['reader@example.net'], lines.endsWith('\r\n') ? lines : `${lines}\r\n`];
      }),
    );
    const commands = server.commands.filter(
      (line) => !/^(RSET|RCPT TO:<reader@|MAIL FROM:<ada@|BDAT \d+ LAST$)/.test(line),
    );
    assert.deepEqual(commands, ['EHLO client.example.org', 'QUIT']);
    const resets = server.commands.filter((line) => line === 'RSET').length;
    assert.ok(resets < evil.length, `${resets} RSET: only our own`);
  }));

test('whatever the bytes: a chunk is what DATA carries with its dots unstuffed', () => {
  const random = randomly(5);
  for (let round = 0; round < 3000; round++) {
    const bytes = Buffer.from(Array.from({ length: random(40) }, () => 'ab.\r\n\u00e9'[random(6)]).join(''), 'latin1');
    const unstuffed = dotStuff(bytes)
      .toString('latin1')
      .replace(/(?<=^|\n)\./g, '');
    const chunk = chunkOf(bytes).toString('latin1');
    assert.equal(chunk, unstuffed);
    assert.doesNotMatch(chunk, /[^\r]\n|\r(?!\n)/);
  }
});

test('a large message is sent with DATA between others sent whole', () =>
  withServer({ extensions: chunkingExtensions }, async (server) => {
    const session = await mustOpen(server, deep());
    const large = Buffer.from(`Subject: large\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(5_000)}.\r\n`);
    const sendings: Sending[] = [];
    for (const one of [letter(), letter({ bytes: large }), letter()]) {
      const sending = session.send(one);
      sendings.push(sending);
      await sending.ready;
    }
    assert.deepEqual(await ends(sendings), Array(3).fill('reply dot 250'));
    await session.quit();
    assert.deepEqual(server.messages[1]?.data, large);
    assert.deepEqual(
      server.commands.filter((line) => /^(BDAT|DATA|RSET)/.test(line)),
      ['BDAT 24 LAST', 'RSET', 'DATA', 'BDAT 24 LAST'],
    );
  }));

test('without PIPELINING, CHUNKING is not used', () =>
  withServer({ extensions: ['CHUNKING'] }, async (server) => {
    const session = await mustOpen(server, deep());
    assert.equal(brief(await session.send(letter()).end), 'reply dot 250');
    await session.quit();
    assert.equal(server.commands.includes('DATA'), true);
  }));

test('a server that answers a whole message with 354 gets nothing more, because its state is unknown', () =>
  withServer({ extensions: chunkingExtensions, steps: { BDAT: '354 go on' } }, async (server) => {
    const wish = deep();
    const session = await mustOpen(server, wish);
    assert.equal(brief(await session.send(letter()).end), 'fault dot protocol');
    assert.equal(session.usable, false);
    assert.equal(wish.chunking.knowledge.of('mail.example.org'), 'broken');
  }));

test('a server that accepts a message without a recipient has delivered nothing', () =>
  withServer(
    { extensions: chunkingExtensions, steps: { RCPT: '550 5.1.1 unknown', BDAT: '250 2.0.0 taken' } },
    async (server) => {
      const session = await mustOpen(server, deep());
      assert.equal(brief(await session.send(letter()).end), 'reply rcpt 550');
      session.destroy();
    },
  ));
