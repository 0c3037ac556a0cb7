import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { ProbeCall, ProbeRequest } from '../../src/protocol/engineApi.ts';
import { UserError } from '../../src/shared/errors.ts';
import { PROBE_BUDGET, type ServerProbe } from '../../src/shared/serverProbe.ts';
import type { Settings } from '../../src/shared/settings.ts';
import { type FakeScript, fault, reply } from '../support/fakeTransport.ts';
import { addresses, DAY, Harness, HOUR } from './queue/harness.ts';

let h: Harness | null = null;
afterEach(async () => {
  await h?.close();
  h = null;
});

const TESTERS = ['Ada <ada@post.example>', 'grace@mail.example'];
const BARE = ['ada@post.example', 'grace@mail.example'];
const account = 'office';

async function start(script: FakeScript): Promise<Harness> {
  h = await Harness.start({ office: { takesMs: 50, connectMs: 100, ...script } });
  return h;
}

function request(harness: Harness, wish: Partial<Settings> = {}, changes: Partial<ProbeRequest & ProbeCall> = {}) {
  return {
    settings: harness.settings({ from: 'News <news@sender.example>', testRecipients: TESTERS, ...wish }),
    server: 'office',
    budget: PROBE_BUDGET,
    again: false,
    probe: 'p',
    secret: '',
    letter: { subject: 'Envoi tests office, message', text: 'Nothing to do.' },
    mailboxes: [],
    ...changes,
  };
}

/** Lets time go on until the test is over. */
async function over<T>(harness: Harness, running: Promise<T>): Promise<T> {
  let ended = false;
  const end = () => {
    ended = true;
  };
  running.then(end, end);
  await harness.clock.until(() => ended);
  return running;
}

const probe = (harness: Harness, ...how: [Partial<Settings>?, Partial<ProbeRequest & ProbeCall>?]) =>
  over(harness, harness.engine.probeServer(request(harness, ...how)));

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => assert.fail('it was not refused'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw error;
  return error.code;
}

test('a server of three connections, twenty messages per connection and sixty a minute is measured correctly, and the result is stored', async () => {
  let from = 0;
  let count = 0;
  const harness = await start({
    closesAfter: 20,
    open: () =>
      harness.transport('office').standing >= 3 ? reply('421 4.7.0 too many connections', 'greeting') : undefined,
    answer: () => {
      const now = harness.clock.now();
      if (now >= from + 60_000) [from, count] = [now, 0];
      if (count >= 60) return reply('450 4.7.1 too much mail from you', 'mail');
      count++;
      return undefined;
    },
  });
  const { transports, engine } = harness;
  const office = transports.office ?? assert.fail();
  assert.deepEqual(await engine.planProbe(request(harness)), { recipients: BARE, messages: 100, last: null });
  const found = await probe(harness);
  assert.deepEqual(found.connections, { limit: 3, seen: 3 });
  assert.deepEqual(found.perConnection, { limit: 20, seen: 20 });
  assert.deepEqual(found.rate, { shape: 'window', count: 60, perMs: 60_000 });
  assert.equal(found.messages, office.accepted.length);
  assert.ok(office.asked.length <= 100, `${office.asked.length} messages`);
  assert.ok(
    office.asked.every((to) => BARE.includes(to)),
    office.asked.join(),
  );
  assert.ok(office.accepted.every(({ text }) => /^Subject: \[Test\] Envoi tests office, message \d+\r$/m.test(text)));
  assert.equal(new Set(office.accepted.map(({ messageId }) => messageId)).size, office.accepted.length);
  assert.equal(office.peak, 3);
  assert.equal(office.standing, 0, 'no connection is left');
  await harness.restart();
  assert.deepEqual(await harness.engine.knownLimits({ accounts: [account, 'x'] }), [
    { account, learned: null, probe: found },
    { account: 'x', learned: null, probe: null },
  ]);
});

test('once per server and day, unless a person repeats it; an unreachable server does not count as tested', async () => {
  let down = true;
  const harness = await start({ open: () => (down ? fault('connect', 'refused') : undefined) });
  const few = { budget: { messages: 3, forMs: 60_000 } };
  assert.equal((await probe(harness, {}, few)).ended, 'unreachable');
  down = false;
  assert.equal((await probe(harness, {}, few)).messages, 3);
  assert.equal(await refusal(harness.engine.planProbe(request(harness))), 'probedToday');
  assert.equal(await refusal(harness.engine.probeServer(request(harness))), 'probedToday');
  assert.equal(harness.transport('office').accepted.length, 3);
  await probe(harness, {}, { ...few, again: true });
  await harness.clock.advance(DAY);
  await probe(harness, {}, few);
  assert.equal(harness.transport('office').accepted.length, 9);
});

const ends: readonly [string, string][] = [
  ['a 5xx', '550 5.7.1 your message was refused'],
  ['words about reputation', '451 4.7.1 poor reputation of your domain'],
  ['a complaint', '421 4.7.0 too many complaints about your mail'],
  ['a limit for a day', '452 4.3.1 you have exceeded your limit of 300 messages per day'],
  ['what is about the reader', '450 4.2.2 mailbox full'],
];
for (const [name, line] of ends) {
  test(`${name} ends it at once`, async () => {
    const harness = await start({
      answer: () => (harness.transport('office').asked.length > 5 ? reply(line, 'rcpt') : undefined),
    });
    const found = await probe(harness);
    assert.equal(found.ended, 'refused');
    assert.equal(harness.transport('office').asked.length, 6);
    assert.equal(found.messages, 5);
    assert.equal(found.text, line);
    assert.equal(found.rate, null);
  });
}

test('a reported limit per day is learned, as in a campaign', async () => {
  const harness = await start({
    answer: () =>
      harness.transport('office').asked.length > 2
        ? reply('452 4.3.1 you have exceeded your limit of 300 messages per day', 'mail')
        : undefined,
  });
  await probe(harness);
  const [known] = await harness.engine.knownLimits({ accounts: [account] });
  assert.deepEqual([known?.learned?.count, known?.learned?.perMs], [300, DAY]);
});

test('it ends when a person stops it: no message and no connection after that, and the results are stored', async () => {
  const harness = await start({});
  const running = harness.engine.probeServer(request(harness));
  const office = harness.transport('office');
  await harness.clock.until(() => office.accepted.length >= 7);
  assert.equal((await harness.engine.probeProgress({ probe: 'p' }))?.phase, 'messages');
  await harness.engine.stopProbe({ probe: 'p' });
  const found = await over(harness, running);
  assert.equal(found.ended, 'cancelled');
  assert.ok(found.messages <= 8);
  assert.equal(office.standing, 0);
  const { length } = office.asked;
  await harness.clock.advance(HOUR);
  assert.equal(office.asked.length, length);
  assert.equal(await harness.engine.probeProgress({ probe: 'p' }), null);
  const [known] = await harness.engine.knownLimits({ accounts: [account] });
  assert.deepEqual(known?.probe, found);
});

test('closing the engine ends it; after a kill its date is known', async () => {
  const harness = await start({});
  const running = harness.engine.probeServer(request(harness)).then(({ ended }: ServerProbe) => ended);
  await harness.clock.until(() => harness.transport('office').accepted.length >= 3);
  assert.equal(harness.engine.idle, false);
  const [during] = await harness.engine.knownLimits({ accounts: [account] });
  assert.equal(during?.probe?.ended, 'interrupted');
  await harness.restart();
  assert.equal(await running, 'cancelled');
  assert.equal(await refusal(harness.engine.planProbe(request(harness))), 'probedToday');
});

test('its messages count in the quotas of campaigns, and it uses half of what is left of a quota', async () => {
  const windows = [{ count: 30, perMs: DAY }];
  const harness = await start({ limits: { windows } });
  const server = { ...harness.settings().servers.office, windows };
  const servers = { office: server } as Settings['servers'];
  const plan = await harness.engine.planProbe(request(harness, { servers }));
  assert.equal(plan.messages, 15);
  const found = await probe(harness, { servers });
  assert.equal(found.messages, 15);
  await harness.send('c', addresses(20), { settings: { servers } });
  await harness.clock.advance(HOUR);
  assert.equal((await harness.counts('c')).sent, 15, '15 of the 30 were used by the test');
  await harness.restart();
  await harness.clock.advance(HOUR);
  assert.equal((await harness.counts('c')).sent, 15, 'nor does a restart forget it');
});

test('it is refused for direct delivery, for others’ mail servers, without a test recipient, and during a campaign', async () => {
  const harness = await start({ takesMs: 60_000 });
  const plan = (settings: Partial<Settings>, changes: Partial<ProbeRequest> = {}) =>
    refusal(harness.engine.planProbe({ ...request(harness, settings), ...changes }));
  const at = (host: string) => ({ office: { ...harness.settings().servers.office, host } }) as Settings['servers'];
  assert.equal(await plan({}, { server: 'direct' }), 'probeDirect');
  assert.equal(await plan({ servers: at('gmail-smtp-in.l.google.com') }), 'probeDirect');
  assert.equal(await plan({}, { server: '__proto__' }), 'unknownServer');
  assert.equal(await plan({ testRecipients: [] }), 'noRecipient');
  await harness.engine.suppress({ entries: [{ entry: 'ada@post.example', reason: 'unsubscribed', note: '', at: 1 }] });
  assert.deepEqual((await harness.engine.planProbe(request(harness))).recipients, ['grace@mail.example']);
  await harness.send('c', addresses(3));
  assert.equal(await plan({}), 'probeBusy');
  assert.deepEqual(
    harness.transport('office').asked.filter((to) => BARE.includes(to)),
    [],
  );
});

const beginnings: readonly [string, (harness: Harness) => Promise<unknown>, (harness: Harness) => Promise<unknown>][] =
  [
    ['a campaign that starts', async () => {}, (harness) => harness.send('c', addresses(3))],
    ['a test message', async () => {}, (harness) => harness.send('c', addresses(3), { kind: 'test' })],
    [
      'a campaign that becomes due',
      (harness) => harness.send('c', addresses(3), { startAt: harness.clock.now() + 3_000 }),
      async () => {},
    ],
    [
      'a campaign that is resumed',
      async (harness) => {
        await harness.send('c', addresses(3), { startAt: harness.clock.now() + HOUR });
        await harness.engine.pause({ campaign: 'c' });
        await harness.clock.advance(2 * HOUR);
      },
      (harness) => harness.engine.resume({ campaign: 'c', secrets: {} }),
    ],
  ];
for (const [name, before, begin] of beginnings) {
  test(`${name} ends a test over its account: it keeps what it found, and no campaign waits for it`, async () => {
    const harness = await start({});
    const office = harness.transport('office');
    const tests = () => office.accepted.filter(({ to }) => BARE.includes(to)).length;
    await before(harness);
    const begunAt = harness.clock.now();
    const running = harness.engine.probeServer(request(harness));
    await harness.clock.until(() => tests() >= 7);
    const from = name.includes('due') ? begunAt + 3_000 : harness.clock.now();
    await begin(harness);
    const found = await over(harness, running);
    await harness.until('c', 'done');
    assert.equal(found.ended, 'campaign');
    assert.equal(found.messages, tests());
    assert.ok(found.messages >= 7 && found.messages < 60, `${found.messages} messages`);
    assert.deepEqual(found.connections, { limit: null, seen: 20 });
    const campaign = office.accepted.filter(({ to }) => !BARE.includes(to));
    assert.equal(campaign.length, 3);
    assert.ok((campaign[0]?.at ?? 0) <= from + 500, `${(campaign[0]?.at ?? 0) - from} ms`);
    const [known] = await harness.engine.knownLimits({ accounts: [account] });
    assert.deepEqual(known?.probe, found);
  });
}

test('a campaign over another account does not end it', async () => {
  h = await Harness.start({ office: { takesMs: 50 }, other: { takesMs: 50 } });
  const running = h.engine.probeServer(request(h));
  await h.send('c', addresses(3), { settings: { route: ['other'] } });
  assert.notEqual((await over(h, running)).ended, 'campaign');
  assert.equal(h.transport('other').accepted.length, 3);
});
