import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { fault, reply } from '../../support/fakeTransport.ts';
import { addresses, Harness, HOUR, MINUTE } from './harness.ts';

let h: Harness;
afterEach(() => h.close());

const odd = '550 5.0.0 computer says no';
const gone = '550 5.1.1 no such user';
const one = { destination: () => ({ key: 'one', operator: { key: 'p', label: 'P', maxConnections: 2, windows: [] } }) };
const marked = async () => (await h.engine.suppressions({ after: '', limit: 1000 })).length;
const askedTwice = () => h.transport('office').asked.filter((to) => h.transport('direct').asked.includes(to));

describe('unrecognized refusals', () => {
  it('are the route’s fault when one row, and only one, is accepted elsewhere: all go there, also those refused before', async () => {
    h = await Harness.start({ direct: { ...one, answer: () => reply(odd) }, office: {} });
    const list = addresses(100);
    await h.send('c', list);
    await h.until('c', 'done', HOUR);
    assert.deepEqual(await h.counts('c'), { sent: 100 });
    assert.ok(h.transport('direct').asked.length <= 8, `${h.transport('direct').asked.length} were asked there`);
    assert.deepEqual(
      h
        .transport('office')
        .accepted.map(({ to }) => to)
        .toSorted(),
      list.toSorted(),
    );
    assert.equal(await marked(), 0);
  });

  it('are the readers’ fault when that one is refused elsewhere too: nobody else is tried twice, and nothing stops', async () => {
    const bad = (to: string) => Number(/\d+/.exec(to)?.[0]) < 20;
    const answer = (to: string) => (bad(to) ? reply(odd) : undefined);
    h = await Harness.start({ direct: { ...one, answer }, office: { answer } });
    await h.send('c', addresses(100));
    await h.until('c', 'done', HOUR);
    assert.deepEqual(await h.counts('c'), { rejected: 20, sent: 80 });
    assert.equal(askedTwice().length, 1);
    assert.equal(h.transport('office').accepted.length, 0);
  });

  it('of readers who certainly do not exist are believed, and not tried elsewhere', async () => {
    h = await Harness.start({
      direct: { ...one, answer: (to) => (to.startsWith('r1') ? reply(gone) : undefined) },
      office: {},
    });
    await h.send('c', addresses(19));
    await h.until('c', 'done', HOUR);
    assert.deepEqual(await h.counts('c'), { rejected: 10, sent: 9 });
    assert.equal(h.transport('office').asked.length, 0);
    assert.equal(await marked(), 10);
  });
});

describe('one odd reader', () => {
  it('is set aside and does not stop the campaign', async () => {
    for (const text of ['550 5.7.1 sender denied', '550 5.7.23 SPF check failed']) {
      h = await Harness.start({ direct: { answer: (to) => (to === 'r20@d20.example' ? reply(text) : undefined) } });
      await h.send('c', addresses(401, 40));
      await h.clock.advance(5 * MINUTE);
      const counts = await h.counts('c');
      assert.equal((await h.engine.get({ campaign: 'c' })).state, 'running', text);
      assert.ok((counts.sent ?? 0) >= 390, JSON.stringify(counts));
      await h.close();
    }
    h = await Harness.start({
      office: { answer: (to) => (to === 'r20@d0.example' ? reply('550 5.7.1 sender denied') : undefined) },
    });
    await h.send('c', addresses(101));
    await h.clock.advance(5 * MINUTE);
    assert.deepEqual(await h.counts('c'), { deferred: 1, sent: 100 });
  });

  it('refused now and then does not close the relay at MAIL, as long as others are accepted in between', async () => {
    const busy = (to: string) => Number(/\d+/.exec(to)?.[0]) % 3 === 1;
    const once = (to: string, nth: number) => (busy(to) && nth === 0 ? reply('451 4.3.0 not now', 'mail') : undefined);
    h = await Harness.start({ office: { answer: once, limits: { maxConnections: 1 } }, direct: {} });
    await h.send('c', addresses(51));
    await h.until('c', 'done', HOUR);
    assert.deepEqual(await h.counts('c'), { sent: 51 });
    assert.ok(h.transport('office').accepted.length >= 34, `${h.transport('office').accepted.length} by the relay`);
    const { transports } = await h.engine.get({ campaign: 'c' });
    assert.notEqual(transports.find(({ name }) => name === 'office')?.state, 'closed');
  });

  it('whose refusal sounds like one about an account does not close the relay, three in a row do', async () => {
    h = await Harness.start({ office: { answer: () => reply('451 4.3.0 not now', 'mail') }, direct: {} });
    await h.send('c', addresses(50));
    await h.until('c', 'done', HOUR);
    assert.deepEqual(await h.counts('c'), { sent: 50 });
    assert.ok(h.transport('office').asked.length <= 6, String(h.transport('office').asked.length));
  });
});

it('a message too large for one server goes via the next one that accepts it, and stops nothing', async () => {
  h = await Harness.start({ office: { answer: () => fault('mail', 'tooLarge') }, direct: {} });
  await h.send('c', addresses(60));
  await h.until('c', 'done', HOUR);
  assert.deepEqual(await h.counts('c'), { sent: 60 });
  assert.equal(h.transport('direct').accepted.length, 60);
});

it('also those already given up: after a letter treated as spam was corrected all get it, each once', async () => {
  let spam = true;
  h = await Harness.start({
    office: { answer: () => (spam ? reply('550 5.7.1 message looks like SPAM', 'dot') : undefined) },
  });
  const list = addresses(30);
  await h.send('c', list);
  await h.until('c', 'needsAction');
  assert.ok(((await h.counts('c')).rejected ?? 0) >= 3, JSON.stringify(await h.counts('c')));
  spam = false;
  await h.engine.resume({ campaign: 'c', secrets: {} });
  await h.until('c', 'done', 2 * HOUR);
  assert.deepEqual(await h.counts('c'), { sent: 30 });
  assert.deepEqual(
    h
      .transport('office')
      .accepted.map(({ to }) => to)
      .toSorted(),
    list.toSorted(),
  );
});

it('deliveries refused through our own fault are retried when the person has fixed it', async () => {
  let infected = true;
  h = await Harness.start({
    office: { answer: () => (infected ? reply('554 5.7.1 virus found in your message', 'dot') : undefined) },
  });
  await h.send('c', addresses(30));
  await h.until('c', 'needsAction');
  infected = false;
  await h.engine.resume({ campaign: 'c', secrets: {} });
  await h.until('c', 'done', 2 * HOUR);
  assert.deepEqual(await h.counts('c'), { sent: 30 });
});
