import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { ensurePackages, imapPackages } from '../../scripts/lib/debianPackages.ts';
import type { EngineApi, MailboxReading } from '../../src/protocol/engineApi.ts';
import type { MailboxSettings } from '../../src/shared/settings.ts';
import { is, relay, seen, WholeEngine } from '../engine/wholeEngine.ts';
import { abuseReport } from '../support/bounces.ts';
import { Dovecot } from '../support/dovecot.ts';

let dovecot: Dovecot;
before(async () => {
  await ensurePackages(imapPackages);
  dovecot = await Dovecot.start();
});
after(() => dovecot.stop());

const access = (): { mailbox: MailboxSettings; secret: string } => ({
  mailbox: {
    ...{ host: '127.0.0.1', port: dovecot.port, security: 'none', user: dovecot.user, auth: 'password' },
    ...{ folder: 'INBOX', authServer: 'mx.sender.example' },
  },
  secret: dovecot.password,
});

const leaves = (who: string) => `Authentication-Results: mx.sender.example; dkim=pass header.d=example.org
From: ${who}@example.org
Subject: Unsubscribe me

`;

/** When the engine next tells of news that fit. */
function heard(engine: EngineApi, fits: () => Promise<boolean>): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => void fits().then((fit) => fit && end(), reject);
    const listening = engine.onReturned(look);
    const end = () => {
      listening.dispose();
      resolve();
    };
    look();
  });
}

test('while the engine runs a mailbox is read at once and whenever mail arrives, and every window is told', async (t) => {
  const whole = await WholeEngine.open();
  t.after(() => whole.close());
  const window = await whole.attach();
  const suppressed = async () => (await window.api.suppressions({ after: '', limit: 10 })).map(({ entry }) => entry);
  await dovecot.deliver(leaves('early'));
  await window.api.watchReturns({ mailboxes: [access()], endpoint: null });
  await heard(window.api, async () => (await window.api.returnStandings())[0]?.state === 'waiting');
  assert.deepEqual(await suppressed(), ['early@example.org']);
  await dovecot.deliver(leaves('late'));
  await heard(window.api, async () => (await suppressed()).includes('late@example.org'));
  await window.api.watchReturns({ mailboxes: [], endpoint: null });
  assert.deepEqual(await window.api.returnStandings(), []);
});

test('testing a mailbox counts its messages, reads none of them, and says what is wrong', async (t) => {
  const whole = await WholeEngine.open();
  t.after(() => whole.close());
  const { messages } = await whole.engine.tryMailbox(access());
  await dovecot.deliver(leaves('somebody'));
  assert.deepEqual(await whole.engine.tryMailbox(access()), { messages: messages + 1 });
  assert.deepEqual(await whole.engine.suppressions({ after: '', limit: 10 }), []);
  const wrong = { ...access(), secret: 'wrong' };
  await assert.rejects(whole.engine.tryMailbox(wrong), (error: { code?: string }) => error.code === 'mailboxSignIn');
});

test('the same mailbox read twice at once is counted once', async (t) => {
  const whole = await WholeEngine.open();
  t.after(() => whole.close());
  await dovecot.deliver(leaves('twice'));
  const all = await Promise.all([whole.engine.readMailbox(access()), whole.engine.readMailbox(access())]);
  const read = ({ read }: MailboxReading) => read;
  assert.equal(Math.min(...all.map(read)), 0);
  assert.ok(Math.max(...all.map(read)) > 0);
});

test('a reading with a time limit does not wait longer than that behind another that hangs', async (t) => {
  const silent = createServer();
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const whole = await WholeEngine.open();
  t.after(async () => {
    await whole.close();
    silent.close();
  });
  const connected = once(silent, 'connection');
  const { mailbox, secret } = access();
  const hanging = { mailbox: { ...mailbox, port: (silent.address() as AddressInfo).port }, secret };
  const first = whole.engine.readMailbox(hanging).then(
    () => assert.fail('it was never answered'),
    () => 'first',
  );
  const [socket] = (await connected) as [Socket];
  const second = whole.engine.readMailbox({ ...hanging, withinMs: 50 }).then(
    () => assert.fail('it was never read'),
    () => 'second',
  );
  assert.equal(await Promise.race([first, second]), 'second');
  socket.destroy();
  assert.equal(await first, 'first');
});

test('three complaints stop a running campaign, with the reason; resumed, it continues', async (t) => {
  const whole = await WholeEngine.open();
  t.after(() => whole.close());
  const server = await whole.serve();
  const { engine } = whole;
  const office = relay(server.port, { windows: [{ count: 4, perMs: 86_400_000 }] });
  const readers = Array.from({ length: 6 }, (_, n) => `r${n}@list.example`);
  const id = await whole.send(engine, readers, { servers: { office }, route: ['office'], whenQuotaReached: 'wait' });
  await seen(engine, id, ({ counts }) => counts.sent === 4);
  for (const { data } of server.messages.slice(0, 3))
    await dovecot.deliver(abuseReport(/^Message-ID: (<[^>]+>)/im.exec(data.toString())?.[1] ?? assert.fail()));
  const { complained } = await engine.readMailbox(access());
  assert.equal(complained, 3);
  const stopped = await seen(engine, id, is('needsAction'));
  assert.deepEqual(stopped.attention, [{ kind: 'burning', by: 'complaints', count: 3, of: 4 }]);
  assert.equal((await engine.resume({ campaign: id, secrets: {} })).state, 'running');
});
