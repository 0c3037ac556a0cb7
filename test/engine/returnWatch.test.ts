import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ReturnSource, ReturnWatch } from '../../src/engine/returnWatch.ts';
import { reconnectAfter } from '../../src/mailbox/reconnect.ts';
import { msg, UserError } from '../../src/shared/errors.ts';
import { silentLog } from '../../src/shared/log.ts';
import { FakeClock, settled } from '../support/fakeClock.ts';

const MINUTE = 60_000;

test('after trouble a source is retried at growing intervals, and in the end only when asked', () => {
  const waits = Array.from({ length: 15 }, (_, index) => reconnectAfter(index + 1, false));
  assert.deepEqual(
    waits.slice(0, 7).map((ms) => ms && ms / MINUTE),
    [1, 2, 4, 8, 16, 30, 30],
  );
  assert.deepEqual(waits.slice(-3), [30 * MINUTE, null, null]);
  assert.equal(reconnectAfter(1, true), null, 'a sign-in that was refused locks accounts when it is repeated');
});

function setUp(read: () => Promise<void>) {
  const clock = new FakeClock();
  const watch = new ReturnWatch(clock, silentLog, () => {});
  let arrive = () => {};
  let waits = 0;
  const source: ReturnSource = {
    id: 'ada@imap.example:993/INBOX',
    secret: 'one',
    read,
    more: (signal) =>
      new Promise((resolve) => {
        waits++;
        arrive = () => {
          signal.removeEventListener('abort', arrive);
          waits--;
          resolve();
        };
        signal.addEventListener('abort', arrive);
      }),
  };
  return { clock, watch, source, arrive: () => arrive(), waits: () => waits };
}

test('it is read at once and whenever something arrives, and no longer watched when nobody wants it', async () => {
  let reads = 0;
  const { clock, watch, source, arrive, waits } = setUp(async () => void reads++);
  watch.watch([source]);
  watch.watch([source]);
  await clock.advance(3_000);
  assert.equal(reads, 1);
  assert.deepEqual(watch.standings()[0]?.state, 'waiting');
  arrive();
  await clock.advance(3_000);
  assert.equal(reads, 2);
  watch.watch([]);
  await settled();
  assert.deepEqual(watch.standings(), []);
  assert.equal(waits(), 0, 'nothing waits any more');
  await watch.close();
});

test('failures are retried by the table; a refused sign-in waits for another secret', async () => {
  let reads = 0;
  let fails: Error | null = new UserError('mailboxUnreachable', msg('gone'), msg('wait'));
  const { clock, watch, source } = setUp(async () => {
    reads++;
    if (fails) throw fails;
  });
  watch.watch([source]);
  await settled();
  assert.deepEqual(
    [reads, watch.standings()[0]?.state, watch.standings()[0]?.failure?.template],
    [1, 'failed', 'gone'],
  );
  await clock.advance(MINUTE);
  assert.equal(reads, 2);
  await clock.advance(MINUTE);
  assert.equal(reads, 2, 'the second wait is longer');
  fails = null;
  await clock.advance(MINUTE);
  assert.deepEqual([reads, watch.standings()[0]?.state, watch.standings()[0]?.failure], [3, 'waiting', null]);
  watch.watch([]);

  fails = new UserError('mailboxSignIn', msg('no'), msg('mend'));
  watch.watch([source]);
  await clock.advance(10 * 60 * MINUTE);
  assert.equal(reads, 4, 'never by itself');
  fails = null;
  watch.watch([{ ...source, secret: 'two' }]);
  await settled();
  assert.equal(reads, 5);
  await watch.close();
});
