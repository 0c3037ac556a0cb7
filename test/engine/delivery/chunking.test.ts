import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endOfChunked, endOfLostChunked } from '../../../src/engine/delivery/chunking.ts';
import { ChunkingKnowledge } from '../../../src/engine/delivery/chunkingUse.ts';
import type { Reply } from '../../../src/shared/outcome.ts';
import type { Sending } from '../../../src/shared/transport.ts';
import { chunkingExtensions, type SmtpScript, type SmtpServer } from '../../support/smtpServer.ts';
import { brief, deferred, ends, letter, mustOpen, quick, withServer } from './harness.ts';

const say = (text: string): Reply => ({ code: Number(text.slice(0, 3)), enhanced: '', text: text.slice(4) });

/** A session that has sent one message by BDAT, so that what follows may leave in one piece. */
async function openChunking(server: SmtpServer, depth: number, timeouts = quick) {
  const knowledge = new ChunkingKnowledge(() => 0);
  knowledge.learn('mail.example.org', true);
  const chunking = { knowledge, depth };
  return { knowledge, session: await mustOpen(server, { chunking, timeouts, now: farClock() }) };
}

/** Every look at it costs 20 ms: all servers are far away, and no connection is ever quiet for long. */
function farClock(): () => number {
  let now = 0;
  return () => {
    now += 20;
    return now;
  };
}

async function sendAll(session: Awaited<ReturnType<typeof mustOpen>>, letters: readonly ReturnType<typeof letter>[]) {
  const sendings: Sending[] = [];
  for (const one of letters) {
    const sending = session.send(one);
    sendings.push(sending);
    await sending.ready;
  }
  return sendings;
}

for (const depth of [1, 4]) {
  test(`depth ${depth}: messages are sent whole with BDAT, their dots unchanged`, () =>
    withServer({ extensions: chunkingExtensions }, async (server) => {
      const { session } = await openChunking(server, depth);
      const letters = Array.from({ length: 12 }, (_, nth) =>
        letter({ to: `r${nth}@example.net`, bytes: Buffer.from(`Subject: ${nth}\r\n\r\n.dot\r\n.\r\n..two\r\n`) }),
      );
      const sendings = await sendAll(session, letters);
      assert.deepEqual(await ends(sendings), Array(12).fill('reply dot 250'));
      await session.quit();
      assert.deepEqual(
        server.messages.map(({ to, data }) => [to[0], data.toString()]),
        letters.map(({ to, bytes }) => [to, String(bytes)]),
      );
      assert.equal(server.commands.includes('DATA'), false);
      assert.equal(server.commands.filter((line) => line.startsWith('BDAT ')).length, 12);
    }));

  test(`depth ${depth}: as many messages as that are unanswered, and no more`, () =>
    withServer({ extensions: chunkingExtensions, steps: { BDAT: { hang: true } } }, async (server) => {
      const { session } = await openChunking(server, depth);
      const letters = Array.from({ length: depth + 1 }, () => letter());
      const sendings: Sending[] = [];
      for (const one of letters.slice(0, depth)) {
        const sending = session.send(one);
        sendings.push(sending);
        await sending.ready;
      }
      const last = session.send(letters[depth] as ReturnType<typeof letter>);
      sendings.push(last);
      await last.answered;
      session.destroy();
      assert.deepEqual(await ends(sendings), [...Array(depth).fill('fault dot closed'), 'fault mail aborted']);
      assert.deepEqual(
        letters.map(({ gates }) => gates),
        [...Array(depth).fill(1), 0],
        'nothing is on disk of the one that waits',
      );
    }));

  test(`depth ${depth}: nothing is written before the commit gate opens`, () =>
    withServer({ extensions: chunkingExtensions }, async (server) => {
      const { session } = await openChunking(server, depth);
      const gate = deferred();
      const asked = deferred();
      const commit = () => {
        asked.resolve();
        return gate.promise;
      };
      const sending = session.send(letter({ commit }));
      await asked.promise;
      assert.deepEqual(
        server.commands.filter((line) => !line.startsWith('EHLO')),
        [],
      );
      gate.resolve();
      assert.equal(brief(await sending.end), 'reply dot 250');
      await session.quit();
    }));

  test(`depth ${depth}: a gate that fails ends the message, and nothing of it was written`, () =>
    withServer({ extensions: chunkingExtensions }, async (server) => {
      const { session } = await openChunking(server, depth);
      const sending = session.send(letter({ commit: () => Promise.reject(new Error('disk full')) }));
      await sending.ready;
      assert.equal(brief(await sending.end), 'fault mail gateFailed');
      assert.equal(server.commands.length, 1);
    }));

  /** What the server does with the second of five messages, and how they ended then. */
  const refusals: readonly [string, SmtpScript['steps'], string][] = [
    ['its recipient', { RCPT: (_line, nth) => (nth === 1 ? '550 5.1.1 unknown' : undefined) }, 'reply rcpt 550'],
    ['its recipient for now', { RCPT: (_line, nth) => (nth === 1 ? '451 4.7.1 later' : undefined) }, 'reply rcpt 451'],
    ['its sender', { MAIL: (_line, nth) => (nth === 1 ? '550 5.7.1 not you' : undefined) }, 'reply mail 550'],
    ['its content', { BDAT: (_line, nth) => (nth === 1 ? '554 5.7.1 spam' : undefined) }, 'reply dot 554'],
    ['its content for now', { BDAT: (_line, nth) => (nth === 1 ? '452 4.3.1 full' : undefined) }, 'reply dot 452'],
  ];
  for (const [what, steps, expected] of refusals) {
    test(`depth ${depth}: of five messages the second is refused for ${what}, the others arrive`, () =>
      withServer({ extensions: chunkingExtensions, steps: steps ?? {} }, async (server) => {
        const { session } = await openChunking(server, depth);
        const letters = Array.from({ length: 5 }, (_, nth) => letter({ to: `r${nth}@example.net` }));
        const sendings = await sendAll(session, letters);
        const accepted = 'reply dot 250';
        assert.deepEqual(await ends(sendings), [accepted, expected, accepted, accepted, accepted]);
        await session.quit();
        assert.deepEqual(
          server.messages.map(({ to }) => to[0]),
          [0, 2, 3, 4].map((nth) => `r${nth}@example.net`),
        );
        assert.equal(server.connections, 1);
        assert.ok(server.commands.includes('RSET'), 'a failed BDAT leaves no known state (RFC 3030 2)');
      }));
  }

  test(`depth ${depth}: 421 to the recipient of the second: it and those behind it were not accepted`, () =>
    withServer(
      {
        extensions: chunkingExtensions,
        steps: { RCPT: (_line, nth) => (nth === 1 ? { close: true, say: '421 4.7.0 too many' } : undefined) },
      },
      async (server) => {
        const { session } = await openChunking(server, depth);
        const [first, second, ...others] = await ends(
          await sendAll(
            session,
            Array.from({ length: 4 }, () => letter()),
          ),
        );
        assert.equal(first, 'reply dot 250');
        assert.equal(second, 'reply rcpt 421');
        for (const other of others) assert.match(other, /^(reply mail 421|fault mail closed)$/);
        assert.equal(server.messages.length, 1);
      },
    ));

  test(`depth ${depth}: a connection closed instead of the second reply leaves in doubt what had been sent`, () =>
    withServer(
      { extensions: chunkingExtensions, steps: { BDAT: (_line, nth) => (nth === 1 ? { close: true } : undefined) } },
      async (server) => {
        const { session } = await openChunking(server, depth);
        const letters = Array.from({ length: 5 }, () => letter());
        const all = await ends(await sendAll(session, letters));
        assert.equal(all[0], 'reply dot 250');
        assert.equal(all[1], 'fault dot closed');
        const doubts = all.filter((end) => end === 'fault dot closed').length;
        assert.ok(doubts <= depth, `${doubts} in doubt`);
        for (const end of all.slice(1)) assert.match(end, /^fault (dot|mail) closed$/);
      },
    ));

  test(`depth ${depth}: a server that fails the BDAT it offers gets DATA from then on`, () =>
    withServer({ extensions: chunkingExtensions, steps: { BDAT: '502 5.5.1 not implemented' } }, async (server) => {
      const { session, knowledge } = await openChunking(server, depth);
      const first = session.send(letter());
      await first.ready;
      assert.equal(brief(await first.end), 'fault body protocol', 'nothing was said of the message');
      assert.equal(knowledge.of('mail.example.org'), 'broken');
      assert.equal(brief(await session.send(letter()).end), 'reply dot 250');
      assert.equal(server.commands.includes('DATA'), true);
      await session.quit();
    }));

  test(`depth ${depth}: a server that reads refused content as commands is detected before the next message`, () =>
    withServer(
      {
        extensions: chunkingExtensions,
        bdat: 'unread',
        steps: { RCPT: (_line, nth) => (nth === 0 ? '550 5.1.1 unknown' : undefined) },
      },
      async (server) => {
        const { session, knowledge } = await openChunking(server, depth);
        const sendings = await sendAll(session, [letter(), letter()]);
        const [first, second] = await ends(sendings);
        assert.equal(first, 'reply rcpt 550');
        assert.match(second ?? '', /^fault (mail|dot) (protocol|closed)$/);
        assert.equal(knowledge.of('mail.example.org'), 'broken');
        assert.equal(session.usable, false);
      },
    ));
}

test('the first messages to an unknown server use DATA, the second with a probe for BDAT', () =>
  withServer({ extensions: chunkingExtensions }, async (server) => {
    const knowledge = new ChunkingKnowledge(() => 0);
    const session = await mustOpen(server, { chunking: { knowledge, depth: 2 } });
    const sendings = await sendAll(session, [letter(), letter(), letter(), letter()]);
    assert.deepEqual(await ends(sendings), Array(4).fill('reply dot 250'));
    assert.equal(knowledge.of('mail.example.org'), 'works');
    await session.quit();
    assert.deepEqual(
      server.commands.filter((line) => /^(BDAT|DATA)/.test(line)),
      ['DATA', 'BDAT 0 LAST', 'DATA', 'BDAT 24 LAST', 'BDAT 24 LAST'],
    );
  }));

test('a server that offers CHUNKING and does not know BDAT never reads content as commands', () =>
  withServer({ extensions: chunkingExtensions, bdat: 'unknown' }, async (server) => {
    const knowledge = new ChunkingKnowledge(() => 0);
    const session = await mustOpen(server, { chunking: { knowledge, depth: 4 } });
    const bytes = Buffer.from('Subject: x\r\n\r\nMAIL FROM:<eve@example.org>\r\nRCPT TO:<victim@example.net>\r\n');
    const sendings = await sendAll(session, [letter({ bytes }), letter({ bytes }), letter({ bytes })]);
    assert.deepEqual(await ends(sendings), Array(3).fill('reply dot 250'));
    assert.equal(knowledge.of('mail.example.org'), 'broken');
    await session.quit();
    assert.deepEqual(
      server.messages.map(({ to }) => to),
      Array(3).fill(['reader@example.net']),
    );
    assert.equal(server.commands.filter((line) => line.includes('eve@')).length, 0);
  }));

test('a nearby server gets DATA, at depth 1', () =>
  withServer({ extensions: chunkingExtensions }, async (server) => {
    const knowledge = new ChunkingKnowledge(() => 0);
    knowledge.learn('mail.example.org', true);
    const session = await mustOpen(server, { chunking: { knowledge, depth: 1 }, now: () => 0 });
    assert.equal(brief(await session.send(letter()).end), 'reply dot 250');
    await session.quit();
    assert.equal(server.commands.includes('DATA'), true);
  }));

test('an idle connection gets DATA, so that one closed meanwhile leaves nobody in doubt', () =>
  withServer({ extensions: chunkingExtensions }, async (server) => {
    let now = 0;
    const knowledge = new ChunkingKnowledge(() => 0);
    knowledge.learn('mail.example.org', true);
    const session = await mustOpen(server, { chunking: { knowledge, depth: 2 }, now: () => now });
    now = 60_000;
    assert.equal(brief(await session.send(letter()).end), 'reply dot 250');
    assert.equal(brief(await session.send(letter()).end), 'reply dot 250');
    await session.quit();
    assert.deepEqual(
      server.commands.filter((line) => /^(BDAT|DATA)/.test(line)),
      ['DATA', 'BDAT 24 LAST'],
    );
  }));

test('bare line ends become CRLF in a chunk too, and no other octet is changed', () =>
  withServer({ extensions: chunkingExtensions }, async (server) => {
    const { session } = await openChunking(server, 2);
    const bytes = Buffer.from('Subject: x\r\n\r\na\n.\nb\r.\rc\r\n.\r\nMAIL FROM:<eve@example.org>\r\n.\r\n\r\nend');
    const sendings = await sendAll(session, [letter({ bytes }), letter()]);
    assert.deepEqual(await ends(sendings), Array(2).fill('reply dot 250'));
    await session.quit();
    assert.equal(
      server.messages[0]?.data.toString(),
      'Subject: x\r\n\r\na\r\n.\r\nb\r\n.\r\nc\r\n.\r\nMAIL FROM:<eve@example.org>\r\n.\r\n\r\nend\r\n',
    );
    assert.equal(server.messages.length, 2);
    assert.equal(server.commands.filter((line) => line.includes('eve@')).length, 0);
  }));

test('knowledge of a host lasts a day', () => {
  let now = 0;
  const knowledge = new ChunkingKnowledge(() => now);
  assert.equal(knowledge.of('a.example'), 'unknown');
  knowledge.learn('a.example', false);
  assert.equal(knowledge.of('a.example'), 'broken');
  now = 86_400_000;
  assert.equal(knowledge.of('a.example'), 'unknown');
});

const table: readonly [mail: string, rcpt: string, last: string, expected: string][] = [
  ['250 ok', '250 ok', '250 taken', 'reply dot 250'],
  ['250 ok', '250 ok', '554 spam', 'reply dot 554'],
  ['250 ok', '250 ok', '503 order', 'fault body protocol'],
  ['250 ok', '550 gone', '503 no recipients', 'reply rcpt 550'],
  ['250 ok', '550 gone', '554 no recipients', 'reply rcpt 550'],
  // It claims to have taken a message for nobody.
  ['250 ok', '550 gone', '250 taken', 'reply rcpt 550'],
  ['550 no', '503 no', '503 no', 'reply mail 550'],
  ['550 no', '503 no', '250 taken', 'reply mail 550'],
  // It claims to have taken a message for somebody: he may have it.
  ['550 no', '250 ok', '250 taken', 'reply dot 250'],
  ['550 no', '250 ok', '554 no', 'reply mail 550'],
];
for (const [mail, rcpt, last, expected] of table)
  test(`${mail}, ${rcpt}, ${last}: ${expected}`, () =>
    assert.equal(brief(endOfChunked({ mail: say(mail), rcpt: say(rcpt) }, say(last))), expected));

const closed = { code: 'closed', detail: '' } as const;
const goodbye = { ...closed, reply: say('421 closing') };
const lost: readonly [string, Parameters<typeof endOfLostChunked>, string][] = [
  ['nothing was answered', [{}, closed], 'fault dot closed'],
  ['the sender was accepted', [{ mail: say('250 ok') }, closed], 'fault dot closed'],
  ['the recipient was accepted', [{ mail: say('250 ok'), rcpt: say('250 ok') }, closed], 'fault dot closed'],
  ['the recipient was refused', [{ mail: say('250 ok'), rcpt: say('550 no') }, closed], 'reply rcpt 550'],
  ['the sender was refused', [{ mail: say('550 no') }, closed], 'reply mail 550'],
  [
    'the sender was refused, the recipient not',
    [{ mail: say('550 no'), rcpt: say('250 ok') }, closed],
    'fault dot closed',
  ],
  ['we closed it', [{}, { code: 'aborted', detail: '' }], 'fault dot closed'],
  ['421 came before it', [{}, goodbye], 'reply mail 421'],
];
for (const [what, given, expected] of lost)
  test(`lost when ${what}: ${expected}`, () => assert.equal(brief(endOfLostChunked(...given)), expected));
