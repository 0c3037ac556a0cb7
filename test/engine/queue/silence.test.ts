import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { AttemptEnd } from '../../../src/shared/outcome.ts';
import { type FakeScript, fault, reply } from '../../support/fakeTransport.ts';
import { addresses, Harness, HOUR, MINUTE } from './harness.ts';

let h: Harness;
afterEach(() => h.close());

const never = () => new Promise<AttemptEnd>(() => {});
/** So long after the start the first message must be on its way over the backup. */
const AT_ONCE_MS = 12_000;

/**
 * How the first way fails; how many deliveries it may keep in hand; over what the others go. Each row is run with a relay
 * and with direct delivery as the first way, where it can be.
 */
const rows: [name: string, script: FakeScript, inHand: number, ways: readonly string[], words: RegExp][] = [
  ['is dead', { open: () => fault('connect', 'refused') }, 0, ['office', 'direct'], /refused/],
  ['never answers', { open: never }, 1, ['office', 'direct'], /nothing was heard/],
  [
    'never greets',
    { open: async () => h.clock.sleep(5 * MINUTE).then(() => fault('greeting', 'timeout')) },
    1,
    ['office', 'direct'],
    /nothing was heard/,
  ],
  ['hangs at MAIL', { hangs: () => ({ at: 'mail', forMs: 5 * MINUTE }) }, 2, ['office', 'direct'], /nothing was heard/],
  [
    'hangs at the dot',
    { hangs: () => ({ at: 'dot', forMs: 10 * MINUTE }) },
    4,
    ['office', 'direct'],
    /nothing was heard/,
  ],
  [
    'says that its limit is reached',
    { answer: () => reply('550 5.4.5 Daily user sending limit exceeded', 'mail') },
    0,
    ['office'],
    /limit exceeded/,
  ],
  ['has no name server', { locate: () => fault('resolve', 'resolverDown') }, 0, ['direct'], /resolverDown/],
  ['cannot ask its name server', { locate: () => fault('resolve', 'dnsOffline') }, 0, ['direct'], /dnsOffline/],
  ['is blocked on port 25', { open: () => fault('connect', 'portBlocked') }, 0, ['direct'], /portBlocked/],
];

describe('the backup is used at once when the first way', () => {
  for (const [name, script, inHand, ways, words] of rows)
    for (const way of ways)
      it(`${name} (${way})`, async () => {
        const backup = way === 'office' ? 'direct' : 'office';
        h = await Harness.start({ [way]: { destination: () => ({ key: 'one' }), ...script }, [backup]: {} });
        const list = addresses(60);
        const start = h.clock.now();
        await h.send('c', list, { settings: { route: [way, backup] } });
        await h.clock.advance(AT_ONCE_MS);
        const { accepted } = h.transport(backup);
        assert.ok(accepted.length >= list.length - inHand, `${accepted.length} of ${list.length} within 12 s`);
        assert.ok((accepted[0]?.at ?? Number.POSITIVE_INFINITY) - start <= AT_ONCE_MS);
        const { transports } = await h.engine.get({ campaign: 'c' });
        assert.match(transports.find((each) => each.name === way)?.lastError ?? '', words);
      });
});

describe('a silent server', () => {
  it('keeps the delivery being tried, which moves only when its connection is closed before the dot', async () => {
    h = await Harness.start({
      office: {
        hangs: (_to, nth) => (nth === 0 ? { at: 'mail', forMs: 5 * MINUTE } : undefined),
        limits: { maxConnections: 1 },
      },
      direct: {},
    });
    const list = addresses(20);
    await h.send('c', list);
    await h.clock.advance(4 * MINUTE);
    const [held] = h.transport('office').asked;
    assert.ok(held);
    assert.equal(h.transport('direct').acceptedBy(held), 0, 'it may still be taken there');
    await h.until('c', 'done', 30 * MINUTE);
    const all = [...h.transport('office').accepted, ...h.transport('direct').accepted].map(({ to }) => to);
    assert.deepEqual(all.toSorted(), list.toSorted());
  });

  it('that is merely slow accepts the delivery that waited, loses nobody and sends nothing twice', async () => {
    h = await Harness.start({
      office: { connectMs: 40_000 },
      direct: { takesMs: 5000, limits: { maxConnections: 1 } },
    });
    const list = addresses(100);
    await h.send('c', list);
    await h.until('c');
    const { accepted } = h.transport('office');
    assert.ok(accepted.length > 0, 'it comes back');
    assert.deepEqual([...accepted, ...h.transport('direct').accepted].map(({ to }) => to).toSorted(), list.toSorted());
  });

  it('is probed by one delivery, and gets the mail back when it works', async () => {
    let hangs = true;
    h = await Harness.start({
      office: { open: () => (hangs ? never() : undefined), takesMs: 10 },
      direct: { takesMs: 3000, limits: { maxConnections: 1 } },
    });
    const list = addresses(300);
    await h.send('c', list);
    await h.clock.advance(30_000);
    hangs = false;
    await h.until('c', 'done', HOUR);
    const office = h.transport('office').accepted.length;
    assert.ok(office > 150, `${office} by the first`);
    assert.ok(h.transport('direct').accepted.length > 5);
  });

  it('has all its mail waiting where there is no other transport, and is reported as silent', async () => {
    h = await Harness.start({ office: { connectMs: 40_000 } });
    await h.send('c', addresses(50));
    await h.clock.advance(15_000);
    const { attention } = await h.engine.get({ campaign: 'c' });
    assert.match(attention[0]?.kind === 'transportClosed' ? attention[0].text : '', /nothing was heard from office/);
    await h.until('c', 'done', 10 * MINUTE);
    assert.deepEqual(await h.counts('c'), { sent: 50 });
  });

  it('is not one that merely answers slowly: hundreds of domains on a slow network are all served', async () => {
    h = await Harness.start({ direct: { connectMs: 6_000 } });
    const direct = { ...h.settings().direct, maxConnections: 4 };
    await h.send('c', addresses(300, 300), { settings: { direct } });
    await h.until('c', 'done', HOUR);
    assert.deepEqual(await h.counts('c'), { sent: 300 });
  });
});
