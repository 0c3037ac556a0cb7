import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type FakeScript, fault, reply } from '../../support/fakeTransport.ts';
import { addresses, DAY, Harness, HOUR, MINUTE } from './harness.ts';

let h: Harness;
afterEach(() => h.close());

/** Everybody was accepted exactly once by one of the transports. */
function assertOneEach(list: readonly string[]): void {
  const all = Object.values(h.transports).flatMap((transport) => transport.accepted.map(({ to }) => to));
  assert.deepEqual(all.toSorted(), list.toSorted());
}

describe('a campaign', () => {
  it('delivers one message to everybody', async () => {
    h = await Harness.start({ office: {} });
    const list = addresses(500, 7);
    await h.send('c', list);
    await h.until('c');
    assertOneEach(list);
    assert.deepEqual(await h.counts('c'), { sent: 500 });
    assert.ok(h.transport('office').peak <= 2);
  });

  it('is retried after greylisting, with the same Message-ID, and never sooner than asked', async () => {
    h = await Harness.start({
      direct: { answer: (_to, nth) => (nth === 0 ? reply('451 4.7.1 greylisted, try again later') : undefined) },
    });
    await h.send('c', ['a@x.example']);
    const start = h.clock.now();
    await h.until('c');
    const [row] = await h.rows('c');
    assert.equal(h.transport('direct').accepted[0]?.messageId, row?.messageId);
    assert.ok(h.clock.now() - start >= 5 * MINUTE);
    assert.ok(h.clock.now() - start < 6 * MINUTE);
  });

  it('gives up when the retry time has passed, counted from the first attempt', async () => {
    h = await Harness.start({ direct: { answer: () => reply('450 4.2.0 not now') } });
    await h.send('c', ['a@x.example'], { settings: { retry: { forMs: 2 * DAY } } });
    await h.engine.pause({ campaign: 'c' });
    await h.clock.advance(3 * DAY);
    await h.engine.resume({ campaign: 'c', secrets: {} });
    const resumed = h.clock.now();
    await h.until('c');
    assert.deepEqual(await h.counts('c'), { expired: 1 });
    assert.ok(h.clock.now() - resumed >= 2 * DAY);
    assert.ok(h.transport('direct').asked.length > 10);
  });

  it('tries an unknown address once, never via the backup, and never again in the next campaign', async () => {
    h = await Harness.start({
      direct: { answer: (to) => (to === 'gone@x.example' ? reply('550 5.1.1 no such user') : undefined) },
      office: {},
    });
    await h.send('c', ['gone@x.example', 'here@x.example']);
    await h.until('c');
    assert.deepEqual(await h.counts('c'), { sent: 1, rejected: 1 });
    assert.equal(h.transport('direct').tries('gone@x.example'), 1);
    assert.equal(h.transport('office').asked.length, 0);
    await h.send('d', ['Gone@x.example', 'here@x.example']);
    await h.until('d');
    assert.deepEqual(await h.counts('d'), { sent: 1, suppressed: 1 });
  });

  it('leaves in doubt a message without a reply after the dot, and resends it only when told to', async () => {
    h = await Harness.start({
      office: { answer: (to, nth) => (to.startsWith('r3@') && nth === 0 ? fault('dot', 'timeout') : undefined) },
      direct: {},
    });
    await h.send('c', addresses(10));
    await h.until('c');
    assert.deepEqual(await h.counts('c'), { sent: 9, inDoubt: 1 });
    assert.equal(h.transport('direct').asked.length, 0);
    await h.clock.advance(3 * DAY);
    assert.equal(h.transport('office').tries('r3@d0.example'), 1);
    await h.engine.decideInDoubt({ campaign: 'c', decision: 'resend' });
    await h.until('c');
    assert.deepEqual(await h.counts('c'), { sent: 10 });
  });

  it('retries at once, uncounted, when a reused connection had been closed', async () => {
    h = await Harness.start({
      direct: {
        answer: (to, nth) => (to === 'r1@d0.example' && nth === 0 ? fault('mail', 'closed') : undefined),
        limits: { maxConnections: 1 },
      },
    });
    const start = h.clock.now();
    await h.send('c', addresses(3));
    await h.until('c');
    assert.ok(h.clock.now() - start < MINUTE);
    const row = (await h.rows('c')).find((each) => each.address === 'r1@d0.example');
    assert.equal(row?.attempts, 1);
  });

  it('stops when a message is refused for its sender, before the list is burned', async () => {
    h = await Harness.start({
      office: { answer: () => reply('550 5.7.26 this mail is unauthenticated, SPF and DKIM did not pass', 'dot') },
    });
    await h.send('c', addresses(50));
    await h.until('c', 'needsAction');
    assert.ok(h.transport('office').asked.length <= 4);
    const { attention } = await h.engine.get({ campaign: 'c' });
    assert.equal(attention[0]?.kind, 'refused');
    assert.equal((await h.counts('c')).rejected, undefined);
  });

  it('is stopped by a relay that refuses one after the other for an unrecognized reason', async () => {
    h = await Harness.start({ office: { answer: () => reply('554 computer says no', 'dot') } });
    await h.send('c', addresses(100));
    await h.until('c', 'needsAction');
    assert.ok(h.transport('office').asked.length <= 12, `${h.transport('office').asked.length} were refused`);
  });

  it('is not stopped by refused recipients', async () => {
    h = await Harness.start({ office: { answer: () => reply('550 5.1.1 user unknown') } });
    await h.send('c', addresses(40));
    await h.until('c');
    assert.deepEqual(await h.counts('c'), { rejected: 40 });
  });
});

describe('a route with a backup', () => {
  it('uses the backup for all when the relay is dead, and probes the dead one with one message only', async () => {
    h = await Harness.start({ office: { open: () => fault('connect', 'refused') }, direct: {} });
    const list = addresses(300, 20);
    await h.send('c', list);
    await h.until('c');
    assertOneEach(list);
    assert.equal(h.transport('direct').accepted.length, 300);
    assert.ok(h.transport('office').opened <= 2);
  });

  it('continues via the backup while a slow primary is being probed', async () => {
    h = await Harness.start({
      office: { open: async () => h.clock.sleep(MINUTE).then(() => fault('greeting', 'timeout')) },
      direct: { takesMs: 1000, limits: { maxConnections: 1 } },
    });
    await h.send('c', addresses(1000), {});
    await h.clock.advance(2 * MINUTE + 1000);
    const before = h.transport('direct').accepted.length;
    await h.clock.advance(2 * MINUTE);
    assert.ok(h.transport('direct').accepted.length - before > 100, 'the backup did not wait for the probe');
    await h.until('c');
    assertOneEach(addresses(1000));
  });

  it('moves to the backup when the relay accepts no more, comes back to it, and nobody gets two', async () => {
    let open = true;
    const office: { taken: number } = { taken: 0 };
    h = await Harness.start({
      office: {
        takesMs: 10,
        answer: () =>
          open && office.taken++ < 100 ? undefined : reply('550 5.4.5 daily sending quota exceeded', 'dot'),
      },
      direct: { takesMs: 5000, limits: { maxConnections: 1 } },
    });
    open = true;
    const list = addresses(400, 5);
    await h.send('c', list);
    await h.until('c');
    assertOneEach(list);
    assert.equal(h.transport('office').accepted.length, 100);
    assert.equal(h.transport('direct').accepted.length, 300);
  });

  it('uses the relay where the recipient’s server cannot be reached', async () => {
    h = await Harness.start({
      direct: { open: (key) => (key === 'd1.example' ? fault('connect', 'timeout') : undefined) },
      office: {},
    });
    const list = addresses(90, 3);
    await h.send('c', list);
    await h.until('c');
    assertOneEach(list);
    assert.equal(h.transport('office').accepted.length, 30);
    assert.equal(h.transport('direct').opened < 30, true);
  });

  it('counts nothing while this machine is offline, and continues when it is back', async () => {
    let offline = true;
    h = await Harness.start({ direct: { locate: () => (offline ? fault('resolve', 'dnsOffline') : undefined) } });
    await h.send('c', addresses(20, 4), { settings: { retry: { forMs: 5 * MINUTE } } });
    await h.clock.advance(10 * MINUTE);
    const { attention } = await h.engine.get({ campaign: 'c' });
    assert.equal(attention[0]?.kind, 'offline');
    offline = false;
    await h.until('c');
    assert.equal(h.transport('direct').accepted.length, 20);
    assert.ok((await h.rows('c')).every((row) => row.attempts === 1));
  });

  it('uses the backup where only the name servers cannot be reached', async () => {
    h = await Harness.start({ direct: { locate: () => fault('resolve', 'dnsOffline') }, office: {} });
    await h.send('c', addresses(20, 4));
    await h.clock.until(() => h.transport('office').accepted.length === 20, 1000);
    await h.until('c');
    assert.ok((await h.rows('c')).every((row) => row.attempts === 1));
  });

  it('stops for a person when the only relay refuses the sign-in, and continues when that has been fixed', async () => {
    let refused = true;
    h = await Harness.start({
      office: { open: () => (refused ? reply('535 5.7.8 bad password', 'auth') : undefined) },
    });
    await h.send('c', addresses(10));
    await h.until('c', 'needsAction');
    assert.equal((await h.engine.get({ campaign: 'c' })).attention[0]?.kind, 'transportClosed');
    refused = false;
    const start = h.clock.now();
    await h.engine.resume({ campaign: 'c', secrets: {} });
    await h.until('c');
    assert.deepEqual(await h.counts('c'), { sent: 10 });
    assert.ok(h.clock.now() - start < MINUTE);
  });

  it('waits for a dead relay without a backup, then sends all, uncounted except for the probes', async () => {
    let dead = true;
    h = await Harness.start({ office: { open: () => (dead ? fault('connect', 'refused') : undefined) } });
    await h.send('c', addresses(1000, 30));
    await h.clock.advance(HOUR);
    const opened = h.transport('office').opened;
    assert.ok(opened >= 4 && opened <= 12, `${opened} probes in an hour`);
    const tried = (await h.rows('c')).filter((row) => row.attempts > 0);
    assert.ok(tried.length <= opened, `${tried.length} were tried`);
    dead = false;
    await h.until('c');
    assert.deepEqual(await h.counts('c'), { sent: 1000 });
  });

  it('expires what a dead relay kept waiting for too long', async () => {
    h = await Harness.start({ office: { open: () => fault('connect', 'refused') } });
    await h.send('c', addresses(100, 3), { settings: { retry: { forMs: DAY } } });
    await h.until('c');
    assert.deepEqual(await h.counts('c'), { expired: 100 });
  });
});

describe('destinations', () => {
  const never = new Promise<never>(() => {});
  const isDead = (domain: string) => Number(/\d+/.exec(domain)?.[0]) % 10 > 0;
  const silences: [who: string, script: FakeScript][] = [
    ['servers', { open: (key) => (isDead(key) ? never : undefined) }],
    ['name servers', { locate: (domain) => (isDead(domain) ? never : undefined) }],
    ['servers that know the route', {}],
  ];
  for (const [who, script] of silences) {
    it(`do not hold each other up, however many ${who} never answer`, async () => {
      h = await Harness.start({ direct: { ...script, limits: { maxConnections: 2 } } });
      if (who === 'servers that know the route')
        h.routeFor = (settings, domain) => (isDead(domain) ? never : Promise.resolve(settings.route));
      // Those that never answer would fill the memory, of 4,000 rows, if they were let in.
      const list = addresses(4_800, 100);
      const answered = list.filter((to) => !isDead(to.slice(to.indexOf('@'))));
      await h.send('c', list);
      await h.clock.until(() => h.transport('direct').accepted.length >= answered.length, 10 * MINUTE);
      assertOneEach(answered);
    });
  }

  it('keep direct connections under their limit', async () => {
    h = await Harness.start({ direct: { takesMs: 100, limits: { maxConnections: 4 } } });
    const { direct } = h.settings();
    await h.send('c', addresses(600, 60), { settings: { direct: { ...direct, maxConnections: 9 } } });
    await h.until('c');
    assert.ok(h.transport('direct').peak <= 9, `${h.transport('direct').peak} at once`);
  });

  it('give up idle connections to those that wait for one', async () => {
    h = await Harness.start({ direct: { takesMs: 10 } });
    const { direct } = h.settings();
    const start = h.clock.now();
    await h.send('c', addresses(60, 60), { settings: { direct: { ...direct, maxConnections: 2 } } });
    await h.until('c');
    assert.ok(h.clock.now() - start < 2000, `${h.clock.now() - start} ms`);
  });

  it('of one provider share its connections and its limits', async () => {
    const operator = { key: 'big', label: 'Big', maxConnections: 3, windows: [{ count: 30, perMs: HOUR }] };
    h = await Harness.start({
      direct: { takesMs: 100, destination: () => ({ operator }), limits: { windows: operator.windows } },
    });
    await h.send('c', addresses(60, 20));
    await h.clock.advance(30 * MINUTE);
    assert.equal(h.transport('direct').accepted.length, 30);
    assert.ok(h.transport('direct').peak <= 3);
    await h.until('c');
    assert.equal(h.transport('direct').accepted.length, 60);
  });

  it('pause after repeated equal refusals, while others continue', async () => {
    h = await Harness.start({
      direct: {
        answer: (to) =>
          to.endsWith('@d0.example')
            ? reply('550 5.7.1 blocked using a list: listed at bl.example', 'rcpt')
            : undefined,
      },
    });
    await h.send('c', addresses(200, 2));
    await h.clock.until(() => h.transport('direct').accepted.length === 100, MINUTE);
    const refused = h.transport('direct').asked.filter((to) => to.endsWith('@d0.example')).length;
    assert.ok(refused >= 4 && refused <= 6, `${refused} refused`);
    assert.equal(await h.state('c'), 'running');
  });

  it('that are down wait longer from probe to probe, and no message is sent twice', async () => {
    let down = true;
    h = await Harness.start({ direct: { open: () => (down ? fault('connect', 'refused') : undefined) } });
    await h.send('c', addresses(40));
    await h.clock.advance(3 * HOUR);
    assert.ok(h.transport('direct').opened <= 25, `${h.transport('direct').opened} probes`);
    down = false;
    await h.until('c');
    assertOneEach(addresses(40));
  });

  it('whose name servers are down are looked up for a few only, then all are sent', async () => {
    let down = true;
    h = await Harness.start({ direct: { locate: () => (down ? fault('resolve', 'dnsTemporary') : undefined) } });
    await h.send('c', addresses(1000));
    await h.clock.advance(HOUR);
    const tried = (await h.rows('c')).filter((row) => row.attempts > 0).length;
    // Fifty a round, and about nine rounds in the first hour.
    assert.ok(tried > 0 && tried <= 500, `${tried} were tried`);
    down = false;
    await h.until('c');
    assertOneEach(addresses(1000));
  });
});
