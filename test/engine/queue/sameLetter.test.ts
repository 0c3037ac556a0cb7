import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { reply } from '../../support/fakeTransport.ts';
import { turnsOf } from '../../support/turns.ts';
import { addresses, DAY, Harness } from './harness.ts';

const ROWS = 20_000;
const SLICES = ROWS / 4000;

async function harness(t: TestContext): Promise<Harness> {
  const h = await Harness.start({ office: {} });
  t.after(() => h.close());
  return h;
}

const of = (h: Harness) => ({
  letter: { key: 'letter.md', once: '', again: false },
  startAt: h.clock.now() + DAY,
});
const start = (h: Harness, draft: string) => h.engine.start({ draft, startAt: h.clock.now() + DAY, secrets: {} });

it('leaves out who has the letter slice by slice, while others have their turn', async (t) => {
  const h = await harness(t);
  await h.send('first', addresses(ROWS), of(h));
  await h.prepare(
    'second',
    ['new@d0.example', ...addresses(ROWS)].map((a) => a.toUpperCase()),
    of(h),
  );
  // Its readers, the draft, and what is left out of it.
  assert.ok((await turnsOf(start(h, 'second'))) >= 3 * SLICES - 1);
  const { total, counts, leftOut } = await h.engine.get({ campaign: 'second' });
  assert.deepEqual([total, counts.queued, leftOut?.alreadySent], [1, 1, ROWS]);
  const rows = await h.engine.leftOut({ campaign: 'second', after: 0, limit: 2 });
  assert.deepEqual(
    rows.map(({ line, address, detail }) => [line, address, detail.args]),
    [3, 4].map((line) => [line, `R${line - 3}@D0.EXAMPLE`, ['first']]),
  );
});

it('of two started while both look at a third, one finds the other: nobody gets the letter twice', async (t) => {
  const h = await harness(t);
  await h.send('first', addresses(ROWS / 2), of(h));
  for (const id of ['second', 'third']) await h.prepare(id, addresses(ROWS), of(h));
  await Promise.all([start(h, 'second'), start(h, 'third')]);
  const totals = (await h.engine.list()).map(({ total, counts }) => [total, counts.queued]);
  assert.deepEqual(
    totals.sort(([a = 0], [b = 0]) => a - b),
    [
      [0, 0],
      [ROWS / 2, ROWS / 2],
      [ROWS / 2, ROWS / 2],
    ],
  );
});

it('with the same --once, the second of two does not begin, however long both took', async (t) => {
  const h = await harness(t);
  await h.send('first', addresses(ROWS), of(h));
  const once = { ...of(h), letter: { key: 'letter.md', once: 'job', again: false } };
  for (const id of ['second', 'third']) await h.prepare(id, addresses(ROWS), once);
  const [second, third] = await Promise.allSettled([start(h, 'second'), start(h, 'third')]);
  assert.equal(second.status, 'fulfilled');
  assert.equal(third.status === 'rejected' && third.reason.code, 'onceBegun');
  await h.engine.discard({ draft: 'third' });
  assert.equal((await h.engine.list()).length, 2);
});

it('a draft that is starting has begun for everybody else', async (t) => {
  const h = await harness(t);
  await h.send('first', addresses(ROWS), of(h));
  await h.prepare('second', addresses(ROWS + 1), of(h));
  const starting = start(h, 'second');
  await setImmediate();
  const rows = [{ line: 2, address: 'r0@d0.example', fields: {} }];
  await assert.rejects(h.engine.addRows({ draft: 'second', sequence: 1, rows, refused: [] }), { code: 'started' });
  await h.prepare('second', addresses(ROWS), of(h));
  const discarding = h.engine.discard({ draft: 'second' });
  const [one, other] = await Promise.all([starting, start(h, 'second')]);
  await discarding;
  assert.deepEqual([one.total, other.total], [1, 1]);
  assert.equal((await h.engine.list()).length, 2);
});

it('a start that the end of the engine interrupts sends nothing, and leaves nothing behind', async (t) => {
  const h = await harness(t);
  await h.send('first', addresses(ROWS), of(h));
  await h.prepare('second', addresses(ROWS), of(h));
  const starting = assert.rejects(start(h, 'second'));
  await h.restart();
  await starting;
  assert.deepEqual(
    (await h.engine.list()).map(({ id }) => id),
    ['first'],
  );
});

const letter = { letter: { key: 'letter.md', once: '', again: false } };

it('who was refused and has it from another campaign since does not get it again by resending', async (t) => {
  const refused = (to: string, nth: number) => nth === 0 && /^r[12]@/.test(to);
  const h = await Harness.start({
    office: { answer: (to, nth) => (refused(to, nth) ? reply('554 not today', 'dot') : undefined) },
  });
  t.after(() => h.close());
  const [, r1 = ''] = addresses(3);
  await h.send('first', addresses(3), letter);
  await h.until('first');
  assert.deepEqual(await h.counts('first'), { sent: 1, rejected: 2 });
  await h.send('second', [r1.toUpperCase()], letter);
  await h.until('second');
  for (const ids of [undefined, (await h.rows('first')).map(({ id }) => id)]) {
    await h.engine.resendFailed({ campaign: 'first', ...(ids ? { ids } : {}) });
    await h.until('first');
  }
  assert.deepEqual(await h.counts('first'), { sent: 2, rejected: 1 });
  const receivers = h.transport('office').accepted.map(({ to }) => to.toLowerCase());
  assert.deepEqual(receivers.toSorted(), addresses(3));
});

it('nor by resuming a campaign that a refusal of the sender had stopped', async (t) => {
  let refuses = true;
  const h = await Harness.start({
    office: { answer: () => (refuses ? reply('554 computer says no', 'dot') : undefined) },
  });
  t.after(() => h.close());
  await h.send('first', addresses(30), letter);
  await h.until('first', 'needsAction');
  refuses = false;
  const row = (await h.rows('first')).find(({ state }) => state === 'rejected') ?? assert.fail('none was refused');
  await h.send('second', [row.address], letter);
  await h.until('second');
  await h.engine.resume({ campaign: 'first', secrets: {} });
  await h.until('first');
  assert.equal(h.transport('office').acceptedBy(row.address), 1);
  assert.deepEqual(await h.counts('first'), { sent: 29, rejected: 1 });
});

it('who was refused and is forgotten since does not count as one to resend to', async (t) => {
  const h = await Harness.start({ office: { answer: () => reply('554 not today', 'dot') } });
  t.after(() => h.close());
  await h.send('first', addresses(2), letter);
  await h.until('first');
  await h.engine.forget({ address: 'r1@d0.example' });
  assert.equal((await h.engine.get({ campaign: 'first' })).resendable, 1);
  await h.engine.resendFailed({ campaign: 'first' });
  await h.until('first');
  assert.deepEqual(await h.counts('first'), { rejected: 2 });
  assert.deepEqual(h.transport('office').asked, ['r0@d0.example', 'r1@d0.example', 'r0@d0.example']);
});
