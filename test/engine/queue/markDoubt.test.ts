import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { isDoubtful, type MarkTally } from '../../../src/engine/queue/policy/markDoubt.ts';
import { reply } from '../../support/fakeTransport.ts';
import { Harness } from './harness.ts';

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
  test(`${tally.marked} of ${tally.answered} said not to exist are ${expected ? 'not believed' : 'believed'}`, () => {
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

test('200 of 200 said not to exist at one domain: all refused, nobody suppressed', async () => {
  h = await Harness.start({ direct: { answer: (to) => noUser(to, (address) => address.endsWith('@lost.example')) } });
  await h.send('c', [...readers(200, 'lost.example'), ...readers(5, 'fine.example')]);
  await h.until('c');
  assert.deepEqual(await h.counts('c'), { sent: 5, rejected: 200 });
  assert.deepEqual(await h.engine.suppressions({ after: '', limit: 10 }), []);
});

test('the few that are gone among many are suppressed', async () => {
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
