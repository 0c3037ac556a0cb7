import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { isDoubtful, type MarkTally } from '../../../src/engine/queue/policy/markDoubt.ts';
import { fault, reply } from '../../support/fakeTransport.ts';
import { Harness, HOUR } from './harness.ts';

const rows: readonly [MarkTally, boolean][] = [
  [{ answered: 1, marked: 1 }, false],
  [{ answered: 10, marked: 10 }, false],
  [{ answered: 11, marked: 11 }, true],
  [{ answered: 100, marked: 10 }, false],
  [{ answered: 100, marked: 11 }, true],
  [{ answered: 1000, marked: 99 }, false],
  [{ answered: 1000, marked: 101 }, true],
  [{ answered: 0, marked: 0 }, false],
];
for (const [tally, expected] of rows) {
  test(`${tally.marked} of ${tally.answered} reported missing are ${expected ? 'not believed' : 'believed'}`, () => {
    assert.equal(isDoubtful(tally), expected);
  });
}

let h: Harness | null = null;
afterEach(async () => {
  await h?.close();
  h = null;
});

const readers = (count: number, domain: string) => Array.from({ length: count }, (_, n) => `r${n}@${domain}`);
const noUser = (to: string, gone: (to: string) => boolean) =>
  gone(to) ? reply('550 5.1.1 no such user', 'rcpt') : undefined;

test('200 of 200 reported missing at one domain: all refused, nobody suppressed', async () => {
  h = await Harness.start({ direct: { answer: (to) => noUser(to, (address) => address.endsWith('@lost.example')) } });
  await h.send('c', [...readers(200, 'lost.example'), ...readers(5, 'fine.example')]);
  await h.until('c');
  assert.deepEqual(await h.counts('c'), { sent: 5, rejected: 200 });
  assert.deepEqual(await h.engine.suppressions({ after: '', limit: 10 }), []);
});

test('a few missing ones among many are suppressed', async () => {
  const gone = new Set(readers(8, 'well.example'));
  h = await Harness.start({ direct: { answer: (to) => noUser(to, (address) => gone.has(address)) } });
  await h.send('c', readers(120, 'well.example'));
  await h.until('c');
  assert.deepEqual(await h.counts('c'), { sent: 112, rejected: 8 });
  const suppressed = await h.engine.suppressions({ after: '', limit: 100 });
  assert.deepEqual(suppressed.map(({ entry }) => entry).sort(), [...gone].sort());
});

test('what a campaign has suppressed is undone by one call, and nothing else', async () => {
  h = await Harness.start({ direct: { answer: (to) => noUser(to, (address) => address.startsWith('r1@')) } });
  await h.engine.suppress({
    entries: [{ entry: 'left@b.example', reason: 'unsubscribed', note: '', at: h.clock.now() }],
  });
  await h.send('c', [...readers(3, 'a.example'), ...readers(3, 'b.example'), 'left@b.example']);
  await h.until('c');
  assert.equal((await h.engine.suppressions({ after: '', limit: 100 })).length, 3);
  assert.deepEqual(await h.engine.undoSuppressions({ campaign: 'c' }), ['r1@a.example', 'r1@b.example']);
  const left = await h.engine.suppressions({ after: '', limit: 100 });
  assert.deepEqual(
    left.map(({ entry }) => entry),
    ['left@b.example'],
  );
  assert.deepEqual(await h.engine.undoSuppressions({ campaign: 'c' }), []);
});

const provider = { key: 'p', label: 'P', maxConnections: 4, windows: [] };
const gone = (to: string) => to.endsWith('@lost.example');
const suppressed = async () => (await h?.engine.suppressions({ after: '', limit: 1000 }))?.length;
const askedTwice = (first: string, other: string) =>
  new Set(h?.transport(other).asked.filter((to) => h?.transport(first).asked.includes(to))).size;

test('too many reported missing: one, and only one, is tried via the backup; accepted there, all get it', async () => {
  h = await Harness.start({
    direct: { destination: () => ({ key: 'one', operator: provider }), answer: (to) => noUser(to, gone) },
    office: {},
  });
  const list = readers(150, 'lost.example');
  await h.send('c', list, { settings: { route: ['direct', 'office'] } });
  await h.until('c', 'done', HOUR);
  assert.deepEqual(await h.counts('c'), { sent: 150 });
  assert.deepEqual(
    h
      .transport('office')
      .accepted.map(({ to }) => to)
      .toSorted(),
    list.toSorted(),
  );
  assert.ok(h.transport('direct').asked.length <= 30, `${h.transport('direct').asked.length} were asked there`);
  assert.equal(await suppressed(), 0);
});

test('refused there too, the readers are missing: nobody else is tried twice, and they are suppressed', async () => {
  h = await Harness.start({
    direct: { destination: () => ({ key: 'one', operator: provider }), answer: (to) => noUser(to, gone) },
    office: { answer: (to) => noUser(to, gone) },
  });
  await h.send('c', [...readers(60, 'lost.example'), ...readers(40, 'fine.example')], {
    settings: { route: ['direct', 'office'] },
  });
  // So many dead ones, now that they are believed, stop the campaign; a person looks, and goes on.
  await h.until('c', 'needsAction', HOUR);
  await h.engine.resume({ campaign: 'c', secrets: {} });
  await h.until('c', 'done', HOUR);
  assert.deepEqual(await h.counts('c'), { sent: 40, rejected: 60 });
  assert.equal(askedTwice('direct', 'office'), 1);
  assert.ok(((await suppressed()) ?? 0) >= 40, `${await suppressed()} are suppressed`);
});

const manyDomains = Array.from({ length: 60 }, (_, n) => `r@d${n}.example`);
const missing = (domain: string) =>
  Number(/\d+/.exec(domain)?.[0]) % 3 === 0 ? fault('resolve', 'noSuchDomain') : undefined;

test('many domains reported missing at once: one row is tried via the backup; accepted there, the others go there too', async () => {
  h = await Harness.start({ direct: { locate: missing }, office: {} });
  await h.send('c', manyDomains, { settings: { route: ['direct', 'office'] } });
  await h.until('c', 'done', HOUR);
  assert.deepEqual(await h.counts('c'), { sent: 60 });
  assert.equal(h.transport('office').accepted.length, 20);
  assert.equal(await suppressed(), 0);
});

test('refused there too, they are dead: nobody else is tried there', async () => {
  h = await Harness.start({
    direct: { locate: missing },
    office: { answer: () => reply('550 5.1.2 there is no such domain', 'rcpt') },
  });
  await h.send('c', manyDomains, { settings: { route: ['direct', 'office'] } });
  await h.until('c', 'done', HOUR);
  assert.deepEqual(await h.counts('c'), { sent: 40, rejected: 20 });
  assert.equal(h.transport('office').asked.length, 1);
});

test('without a second opinion they are retried before they are given up, and get it where the name server was at fault', async () => {
  let filtered = true;
  h = await Harness.start({ direct: { locate: (domain) => (filtered ? missing(domain) : undefined) } });
  await h.send('c', manyDomains, { settings: { route: ['direct'] } });
  await h.clock.advance(60_000);
  assert.deepEqual(await h.counts('c'), { sent: 40, deferred: 20 });
  filtered = false;
  await h.until('c', 'done', 2 * HOUR);
  assert.deepEqual(await h.counts('c'), { sent: 60 });
});

test('and are given up in the end where they stay dead', async () => {
  h = await Harness.start({ direct: { locate: missing } });
  await h.send('c', manyDomains, { settings: { route: ['direct'] } });
  await h.until('c', 'done', 10 * HOUR);
  assert.deepEqual(await h.counts('c'), { sent: 40, rejected: 20 });
  assert.equal(await suppressed(), 0);
});

test('a few dead domains among many are believed at once', async () => {
  const few = (domain: string) => (domain.startsWith('d1') ? fault('resolve', 'noSuchDomain') : undefined);
  h = await Harness.start({ direct: { locate: few }, office: {} });
  await h.send('c', manyDomains.slice(0, 19), { settings: { route: ['direct', 'office'] } });
  await h.until('c', 'done', HOUR);
  assert.deepEqual(await h.counts('c'), { sent: 9, rejected: 10 });
  assert.equal(h.transport('office').asked.length, 0);
});
