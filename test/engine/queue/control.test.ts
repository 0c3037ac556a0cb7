import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, it } from 'node:test';
import { settled } from '../../support/fakeClock.ts';
import { type FakeScript, FakeTransport, fault, reply } from '../../support/fakeTransport.ts';
import { addresses, DAY, Harness, HOUR, MINUTE } from './harness.ts';

let h: Harness;
afterEach(() => h.close());

function assertOneEach(list: readonly string[]): void {
  const all = Object.values(h.transports).flatMap((transport) => transport.accepted.map(({ to }) => to));
  assert.deepEqual(all.toSorted(), list.toSorted());
}

describe('quotas', () => {
  const quota = { limits: { windows: [{ count: 10, perMs: HOUR }] }, takesMs: 50 };

  /** The most messages in any span of an hour, both ends counted to the millisecond. */
  function busiestHour(): number {
    const times = h.transport('office').accepted.map(({ at }) => at);
    return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + HOUR).length));
  }

  it('hold over restarts and over campaigns: never more in any window', async () => {
    h = await Harness.start({ office: quota });
    await h.send('a', addresses(25, 3), { settings: { whenQuotaReached: 'wait' } });
    await h.send('b', addresses(25, 3), { settings: { whenQuotaReached: 'wait', listId: 'other' } });
    for (const minutes of [20, 7, 41, 90, 13]) {
      await h.clock.advance(minutes * MINUTE);
      await h.restart();
    }
    await h.until('a');
    await h.until('b');
    assert.equal(h.transport('office').accepted.length, 50);
    assert.equal(busiestHour(), 10);
    assert.ok(h.clock.now() < Date.UTC(2026, 10, 23, 9) + 6 * HOUR, 'and the quota is made use of');
  });

  it('count what another campaign sent under other settings of the same account', async () => {
    h = await Harness.start({ office: quota, wide: { takesMs: 50 } });
    const same = h.transport('wide');
    Object.assign(same, { accountKey: 'office' });
    await h.send('a', addresses(8), { settings: { route: ['wide'] } });
    await h.until('a');
    await h.send('b', addresses(8), { settings: { route: ['office'], whenQuotaReached: 'wait' } });
    await h.clock.advance(MINUTE);
    assert.equal(h.transport('office').accepted.length, 2);
    await h.until('b');
  });

  it('send the next one elsewhere at once if configured', async () => {
    h = await Harness.start({ office: quota, direct: {} });
    await h.send('c', addresses(30, 3), { settings: { whenQuotaReached: 'next' } });
    await h.clock.advance(MINUTE);
    assert.equal(h.transport('office').accepted.length, 10);
    assert.equal(h.transport('direct').accepted.length, 20);
    assertOneEach(addresses(30, 3));
  });

  it('are not used up by refused recipients', async () => {
    h = await Harness.start({
      office: {
        ...quota,
        answer: (to) => (Number(to.slice(1, to.indexOf('@'))) % 2 ? reply('550 5.1.1 no') : undefined),
      },
      direct: {},
    });
    await h.send('c', addresses(20), { settings: { whenQuotaReached: 'next' } });
    await h.clock.advance(MINUTE);
    assert.equal(h.transport('office').accepted.length, 10);
    assert.ok(h.transport('direct').asked.length <= 1, 'only what came after the tenth');
  });

  it('say until when, and pauses between blocks send nothing elsewhere', async () => {
    h = await Harness.start({ office: { limits: { pause: { every: 5, forMs: 30_000 } }, takesMs: 10 }, direct: {} });
    await h.send('c', addresses(20));
    await h.clock.advance(20_000);
    assert.equal(h.transport('office').accepted.length, 5);
    const { attention } = await h.engine.get({ campaign: 'c' });
    assert.equal(attention[0]?.kind, 'quota');
    await h.until('c');
    assert.equal(h.transport('office').accepted.length, 20);
  });
});

describe('a person', () => {
  it('pauses within one message per connection and resumes where it was', async () => {
    h = await Harness.start({ office: { takesMs: 100 } });
    await h.send('c', addresses(200, 3));
    await h.clock.advance(2000);
    const before = h.transport('office').accepted.length;
    const paused = h.engine.pause({ campaign: 'c' });
    await h.clock.advance(DAY);
    await paused;
    assert.ok(h.transport('office').accepted.length <= before + 4);
    const counts = await h.counts('c');
    assert.equal(counts.sending, undefined);
    await h.engine.resume({ campaign: 'c', secrets: {} });
    await h.until('c');
    assertOneEach(addresses(200, 3));
  });

  it('resumes before the pause has taken effect, and nobody gets two', async () => {
    h = await Harness.start({ office: { takesMs: 1000 } });
    await h.send('c', addresses(20));
    await h.clock.advance(1500);
    const paused = h.engine.pause({ campaign: 'c' });
    await h.engine.resume({ campaign: 'c', secrets: {} });
    await h.until('c');
    await paused;
    assertOneEach(addresses(20));
  });

  it('cancels a paused campaign; deliveries being looked up meanwhile stay cancelled', async () => {
    let found = () => {};
    const looking = new Promise<void>((resolve) => {
      found = resolve;
    });
    h = await Harness.start({ direct: { locate: async () => looking.then(() => fault('resolve', 'dnsTemporary')) } });
    await h.send('c', addresses(20, 5));
    await settled();
    await h.engine.pause({ campaign: 'c' });
    await h.engine.cancel({ campaign: 'c' });
    found();
    await settled();
    assert.deepEqual(await h.counts('c'), { cancelled: 20 });
    assert.equal(await h.state('c'), 'cancelled');
    await h.clock.advance(DAY);
    assert.deepEqual(await h.counts('c'), { cancelled: 20 });
  });

  it('has every row cancelled by the next start, where a crash left some of them waiting; they can be sent again', async () => {
    h = await Harness.start({ office: { takesMs: 10 } });
    await h.send('c', addresses(9000, 5), { startAt: h.clock.now() + DAY });
    await h.engine.cancel({ campaign: 'c' });
    await h.stop();
    const file = new DatabaseSync(join(h.stateDir, 'envoi.db'));
    file.exec(`UPDATE deliveries SET state = iif(id % 3 = 0, 'queued', iif(id % 3 = 1, 'deferred', 'cancelled'))`);
    file.close();
    h.autostart = false;
    await h.open();
    assert.deepEqual(await h.counts('c'), { cancelled: 9000 });
    const rows = await h.engine.report({ campaign: 'c', states: ['cancelled'], after: 0, limit: 5000 });
    assert.equal(rows.length, 5000, 'looked at only, the rows say the same');
    await h.stop();
    h.autostart = true;
    await h.open();
    await h.engine.resendFailed({ campaign: 'c', ids: rows.slice(0, 20).map(({ id }) => id) });
    await h.until('c');
    assert.deepEqual(await h.counts('c'), { sent: 20, cancelled: 8980 });
    assertOneEach(rows.slice(0, 20).map(({ address }) => address));
  });

  it('sends a test that does not wait behind a running campaign', async () => {
    h = await Harness.start({ office: { takesMs: 1000, limits: { maxConnections: 1 } } });
    await h.send('c', addresses(500, 5));
    await h.clock.advance(10_000);
    await h.send('t', ['me@mine.example'], { kind: 'test' });
    const start = h.clock.now();
    await h.until('t');
    assert.ok(h.clock.now() - start <= 5_000, `${h.clock.now() - start} ms`);
  });

  it('runs two campaigns over one relay, and both progress', async () => {
    h = await Harness.start({ office: { takesMs: 100, limits: { maxConnections: 1 } } });
    await h.send('a', addresses(1000, 5));
    await h.clock.advance(1000);
    await h.send('b', addresses(100, 5));
    await h.until('b');
    const { sent } = await h.counts('a');
    assert.ok((sent ?? 0) < 250, `${sent} of the first campaign went before the second was done`);
  });

  it('suppresses an address while its message waits', async () => {
    h = await Harness.start({ office: { takesMs: 100, limits: { maxConnections: 1 } } });
    await h.send('c', addresses(50));
    await h.clock.advance(500);
    await h.engine.suppress({
      entries: [{ entry: 'r40@d0.example', reason: 'unsubscribed', note: '', at: h.clock.now() }],
    });
    await h.until('c');
    assert.equal(h.transport('office').tries('r40@d0.example'), 0);
    assert.deepEqual(await h.counts('c'), { sent: 49, suppressed: 1 });
  });

  it('may ask for everything twice', async () => {
    h = await Harness.start({ office: {} });
    await h.prepare('c', addresses(10));
    const again = { draft: 'c', sequence: 0, rows: [{ line: 9, address: 'x@x.example', fields: {} }], refused: [] };
    await h.engine.addRows(again);
    const start = { draft: 'c', startAt: 0, secrets: {} };
    await Promise.all([h.engine.start(start), h.engine.start(start)]);
    await h.engine.addRows(again);
    await h.until('c');
    await h.engine.start(start);
    assertOneEach(addresses(10));
  });
});

describe('time', () => {
  it('starts a planned campaign when it is due, and asks a person about one that was missed', async () => {
    h = await Harness.start({ office: {} });
    const at = h.clock.now() + 2 * HOUR;
    await h.send('c', addresses(3), { startAt: at });
    await h.clock.advance(2 * HOUR - 1000);
    assert.equal(await h.state('c'), 'scheduled');
    await h.until('c');
    await h.send('d', addresses(3), { startAt: h.clock.now() + HOUR });
    await h.engine.close();
    h.clock.set(h.clock.now() + 5 * HOUR);
    await h.open();
    await settled();
    assert.equal(await h.state('d'), 'needsAction');
    assert.equal((await h.engine.get({ campaign: 'd' })).attention[0]?.kind, 'missed');
    assert.equal(h.transport('office').accepted.length, 3);
    await h.engine.resume({ campaign: 'd', secrets: {} });
    await h.until('d');
  });

  const looks: [when: string, ms: number, state: string, kind: string][] = [
    ['is to come', -HOUR, 'scheduled', 'scheduled'],
    ['has just passed', MINUTE, 'scheduled', 'scheduled'],
    ['was missed', HOUR, 'needsAction', 'missed'],
  ];
  for (const [when, ms, state, kind] of looks) {
    it(`shows a planned campaign as it is to read-only clients, when its start ${when}, and changes nothing`, async () => {
      h = await Harness.start({ office: {} });
      const at = h.clock.now() + 2 * HOUR;
      await h.send('c', addresses(3), { startAt: at });
      await h.engine.close();
      h.clock.set(at + ms);
      for (const autostart of [false, false, true]) {
        h.autostart = autostart;
        await h.open();
        await settled();
        const { state: shown, attention } = await h.engine.get({ campaign: 'c' });
        if (!autostart) {
          assert.deepEqual([shown, attention[0]?.kind], [state, kind]);
          await h.engine.close();
        } else if (kind === 'missed') await h.engine.resume({ campaign: 'c', secrets: {} });
      }
      assert.equal(h.transport('office').accepted.length, kind === 'missed' || ms < 0 ? 0 : 3);
      await h.until('c');
      assertOneEach(addresses(3));
    });
  }

  it('stops when the hours end and continues with all the rest when they begin again', async () => {
    h = await Harness.start({ office: { takesMs: MINUTE, limits: { maxConnections: 1 } } });
    const hours = { days: [1, 2, 3, 4, 5], fromMinute: 8 * 60, toMinute: 9 * 60 + 30, zone: 'UTC' };
    await h.send('c', addresses(100, 9), { hours });
    await h.clock.advance(2 * HOUR);
    const sent = h.transport('office').accepted.length;
    assert.ok(sent >= 29 && sent <= 32, `${sent} in half an hour`);
    assert.equal((await h.engine.get({ campaign: 'c' })).attention[0]?.kind, 'outsideHours');
    await h.until('c');
    assertOneEach(addresses(100, 9));
  });
});

describe('a password or token that the server refuses', () => {
  const expired = reply('535 5.7.3 Authentication unsuccessful', 'auth');
  /** Starts a campaign that stops because of it. */
  async function stopped(script: FakeScript): Promise<{ give: (secret: string) => Promise<unknown> }> {
    h = await Harness.start({ office: {} });
    const key = 'ada@office.example:587';
    h.transports.office = new FakeTransport('office', h.clock, script, key);
    const { office } = h.settings().servers;
    assert.ok(office);
    const servers = { office: { ...office, auth: 'oauth2' as const, user: 'ada' } };
    await h.send('c', addresses(10), { settings: { servers }, secrets: { [key]: 'old' } });
    await h.until('c', 'needsAction');
    const [attention] = (await h.engine.get({ campaign: 'c' })).attention;
    assert.deepEqual(attention?.kind === 'transportClosed' && attention.cause, 'credentials');
    return { give: (secret) => h.engine.provideSecrets({ secrets: { [key]: secret } }) };
  }

  it('is replaced, and the campaign resumes, also if another connection has delivered since', async () => {
    let valid = false;
    const { give } = await stopped({
      takesMs: 5000,
      open: async (_, nth) => {
        if (nth === 0 || valid) return undefined;
        await h.clock.sleep(1000);
        return expired;
      },
    });
    await h.clock.advance(10_000);
    assert.ok(h.transport('office').accepted.length > 0, 'the first connection delivers what it had begun');
    await give('old');
    assert.equal(await h.state('c'), 'needsAction', 'the same one is not tried again');
    valid = true;
    await give('fresh');
    await h.until('c');
    assertOneEach(addresses(10));
  });

  it('is replaced days later, and the campaign resumes', async () => {
    let valid = false;
    const { give } = await stopped({ open: () => (valid ? undefined : expired) });
    await h.clock.advance(3 * 24 * HOUR);
    assert.equal(await h.state('c'), 'needsAction');
    valid = true;
    await give('fresh');
    await h.until('c');
    assertOneEach(addresses(10));
  });
});

describe('a restart', () => {
  it('waits for a missing password, and continues when it gets it', async () => {
    h = await Harness.start({ office: { takesMs: 1000 } });
    const settings = h.settings();
    const office = settings.servers.office;
    assert.ok(office);
    const servers = { office: { ...office, auth: 'password' as const, user: 'ada' } };
    const secrets = { 'ada@office.example:587': 'secret' };
    await h.send('c', addresses(30), { settings: { servers }, secrets });
    await h.clock.advance(5000);
    await h.restart();
    assert.equal(await h.state('c'), 'needsAction');
    assert.equal((await h.engine.get({ campaign: 'c' })).attention[0]?.kind, 'secretMissing');
    await h.engine.provideSecrets({ secrets });
    await h.until('c');
    assertOneEach(addresses(30));
  });

  it('loses nobody and repeats nobody, whatever their state', async () => {
    h = await Harness.start({
      direct: {
        takesMs: 500,
        answer: (to, nth) => (to.startsWith('r1') && nth === 0 ? reply('451 4.3.0 later') : undefined),
      },
    });
    await h.send('c', addresses(120, 11));
    for (let n = 0; n < 6; n++) {
      await h.clock.advance(1300);
      await h.restart();
    }
    await h.until('c');
    assertOneEach(addresses(120, 11));
  });
});

describe('resending to the failed', () => {
  it('leaves missing mailboxes as they are, and does not count them', async () => {
    let later = false;
    h = await Harness.start({
      office: {
        answer: (to) => {
          if (to.startsWith('r1@')) return reply('550 5.1.1 no such user');
          return to.startsWith('r2@') && !later ? reply('550 5.7.1 not for them') : undefined;
        },
      },
    });
    await h.send('c', ['r1@a.example', 'r2@b.example', 'r3@c.example']);
    await h.until('c');
    const { counts, resendable } = await h.engine.get({ campaign: 'c' });
    assert.deepEqual([counts.rejected, resendable], [2, 1]);
    later = true;
    const again = await h.engine.resendFailed({ campaign: 'c' });
    assert.deepEqual([again.state, again.counts.queued, again.counts.rejected], ['running', 1, 1]);
    assert.equal(again.resendable, undefined, 'nobody is told to resend while it goes on');
    await h.until('c');
    const end = await h.engine.get({ campaign: 'c' });
    assert.deepEqual([end.counts.sent, end.counts.rejected, end.resendable], [2, 1, 0]);
    const idle = await h.engine.resendFailed({ campaign: 'c' });
    assert.equal(idle.state, 'done');
  });
});
