import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { AttemptEnd } from '../../../src/shared/outcome.ts';
import { fault, reply } from '../../support/fakeTransport.ts';
import { addresses, Harness, HOUR, MINUTE } from './harness.ts';

let h: Harness;
afterEach(() => h.close());

function assertOneEach(list: readonly string[]): void {
  const all = Object.values(h.transports).flatMap((transport) => transport.accepted.map(({ to }) => to));
  assert.deepEqual(all.toSorted(), list.toSorted());
}

describe('a transport that is skipped', () => {
  it('hands the rows that wait for it outside memory to the backup at once, too', async () => {
    h = await Harness.start({ direct: { connectMs: 20_000, open: () => fault('connect', 'timeout') }, office: {} });
    const list = addresses(300);
    await h.send('c', list);
    await h.clock.advance(9_000);
    assert.equal(h.transport('office').opened, 0, 'nobody has answered, and nobody has failed');
    await h.clock.until(() => h.transport('office').accepted.length === list.length - 1, 3_000);
    await h.clock.until(() => h.transport('office').accepted.length === list.length, 20_000);
    assertOneEach(list);
  });

  it('does not check them repeatedly while the backup is busy', async () => {
    h = await Harness.start({
      direct: { open: () => fault('connect', 'refused') },
      office: { takesMs: 1000 },
    });
    const list = addresses(400);
    await h.send('c', list);
    await h.until('c');
    assertOneEach(list);
    assert.ok(h.transport('office').located < 1.5 * list.length, `${h.transport('office').located} were placed`);
  });

  it('leads nowhere while the backup is closed too, counts as no attempt, and all are sent when that one is back', async () => {
    let closed = true;
    h = await Harness.start({
      direct: { open: () => fault('connect', 'refused') },
      office: { open: () => (closed ? fault('connect', 'refused') : undefined) },
    });
    const list = addresses(600, 3);
    await h.send('c', list);
    await h.clock.advance(20 * MINUTE);
    assert.ok(h.transport('office').located < list.length, `${h.transport('office').located} were placed`);
    closed = false;
    await h.until('c', 'done', HOUR);
    assertOneEach(list);
  });

  it('keeps the rows that have no other transport, and they are sent when it is open again', async () => {
    let down = true;
    h = await Harness.start({
      direct: { connectMs: 20_000, open: () => (down ? fault('connect', 'timeout') : undefined) },
      office: {},
    });
    const list = addresses(300, 2);
    await h.send('c', list, { settings: { domainRoutes: { 'd1.example': ['direct'] } } });
    await h.clock.advance(2 * MINUTE);
    assert.equal(h.transport('office').accepted.length, 150);
    down = false;
    await h.until('c');
    assert.equal(h.transport('direct').accepted.length, 150);
    assertOneEach(list);
  });

  it('is still skipped when its last delivery in progress meets temporary trouble there', async () => {
    let refused = 0;
    const blocked = reply('550 5.7.1 Service unavailable; client host [192.0.2.1] blocked using bl.example');
    h = await Harness.start({
      direct: { takesMs: 100, answer: () => (++refused <= 4 ? blocked : reply('421 4.3.2 shutting down')) },
      office: {},
    });
    await h.send('c', addresses(400));
    await h.clock.advance(MINUTE / 2);
    assert.ok(refused > 4 && refused <= 8, `${refused} were asked there`);
    assert.ok(h.transport('office').accepted.length >= 396);
  });

  const words = 'Service unavailable; client host [192.0.2.1] blocked using bl.example';
  const stages: [name: string, refusal: AttemptEnd, atMost: number][] = [
    ['in its greeting', reply(`554 5.7.1 ${words}`, 'greeting'), 2],
    ['in its answer to EHLO', reply(`550 5.7.1 ${words}`, 'ehlo'), 2],
    ['for each recipient', reply(`550 5.7.1 ${words}`, 'rcpt'), 6],
  ];
  for (const [name, refusal, atMost] of stages) {
    const early = refusal.stage === 'greeting' || refusal.stage === 'ehlo';
    const script = early ? { open: () => refusal } : { answer: () => refusal };
    const asked = () => (early ? h.transport('office').opened : h.transport('office').asked.length);

    it(`is a relay that refuses our address ${name}, when there is a backup`, async () => {
      h = await Harness.start({ office: script, direct: { takesMs: 1000, limits: { maxConnections: 2 } } });
      const list = addresses(200, 3);
      await h.send('c', list);
      await h.clock.advance(MINUTE / 4);
      assert.ok(asked() >= 1 && asked() <= atMost, `it was asked ${asked()} times`);
      assert.equal(await h.state('c'), 'running');
      await h.until('c', 'done', HOUR);
      assertOneEach(list);
      assert.equal(h.transport('direct').accepted.length, list.length);
      assert.ok((await h.rows('c')).every(({ attempts }) => attempts <= 2));
    });

    it(`stops for a person, or is retried at growing intervals, when it refuses our address ${name} and is alone`, async () => {
      h = await Harness.start({ office: script });
      await h.send('c', addresses(200, 3));
      await h.clock.advance(HOUR);
      assert.ok(asked() >= 1 && asked() <= 12, `it was asked ${asked()} times in an hour`);
      const { counts, attention } = await h.engine.get({ campaign: 'c' });
      assert.ok(counts.rejected <= (early ? 0 : atMost), `${counts.rejected} were given up`);
      assert.ok(attention.some(({ kind }) => kind === 'refused' || kind === 'transportClosed'));
    });
  }
});
