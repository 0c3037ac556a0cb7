import assert from 'node:assert/strict';
import fs from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import { closeDatabase, inWords, openDatabase } from '../../../src/engine/queue/store/database.ts';
import type { Delivery } from '../../../src/engine/queue/store/delivery.ts';
import { DeliveryStore } from '../../../src/engine/queue/store/deliveryStore.ts';
import { Ledger } from '../../../src/engine/queue/store/ledger.ts';
import { readMark } from '../../../src/engine/queue/store/storeMark.ts';
import { SuppressionStore } from '../../../src/engine/queue/store/suppressionStore.ts';
import { settled } from '../../support/fakeClock.ts';
import { pin } from './pinned.ts';

/*
 * When what was written is on the disk: the system's calls stand between the store and the disk here, so that a test decides
 * when they succeed, and whether.
 */
const attempt = { transport: 'office', accountKey: 'office', host: 'mx', startedAt: 5, messageId: '<a@b>' };
const addresses = ['a@x.example', 'b@x.example', 'c@y.example', 'd@y.example', 'e@z.example'];

let folder = '';
let nth = 0;
let stateDir = '';
let database: DatabaseSync;
let deliveries: Delivery[] = [];
let troubles: unknown[] = [];
let ledger: Ledger;
/** What waits for the disk; each is answered with an error, or null when the disk has it. */
let waiting: ((error: NodeJS.ErrnoException | null) => void)[] = [];
/** The files that the pool was to sync. */
let files: number[] = [];
/** Syncs that were waited for. */
let waitedFor = 0;
/** Of the store, in milliseconds. */
let clock = 0;
/** What a sync takes on it. */
let syncMs = 0;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'envoi-sync-'));
});
after(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  stateDir = join(folder, String(nth++));
  [clock, syncMs] = [0, 0];
  database = await openDatabase(stateDir, undefined, () => clock);
  const key = pin(database, addresses);
  const store = new DeliveryStore(database);
  deliveries = store.window(key, 'c', await store.order(key), 0, 100).deliveries;
  troubles = [];
  ledger = new Ledger(
    database,
    () => {},
    (error) => troubles.push(error),
  );
  waiting = [];
  waitedFor = 0;
  files = [];
  const sync = fs.fdatasyncSync;
  mock.method(fs, 'fdatasync', (file: number, done: (error: NodeJS.ErrnoException | null) => void) => {
    files.push(file);
    waiting.push(done);
  });
  mock.method(fs, 'fdatasyncSync', (file: number) => {
    waitedFor++;
    clock += syncMs;
    sync(file);
  });
  syncBuiltinESMExports();
});
afterEach(() => {
  mock.restoreAll();
  syncBuiltinESMExports();
});

/** Intents for so many deliveries, and those of them that are known to be on disk, by place. */
function intend(count: number): { onDisk: number[]; all: Promise<PromiseSettledResult<unknown>[]> } {
  const onDisk: number[] = [];
  const all = deliveries.slice(0, count).map((delivery, n) =>
    ledger.intend(delivery, attempt, n).then((intent) => {
      onDisk.push(n);
      return intent;
    }),
  );
  return { onDisk, all: Promise.allSettled(all) };
}

const commitsIn = (dir: string) => {
  const mark = readMark(dir);
  assert.ok(mark && mark !== 'torn');
  return mark.commits;
};

describe('what waits for the disk', () => {
  it('of many connections waits without holding up the others, and no intent is told of before it is on disk', async () => {
    const before = commitsIn(stateDir);
    const { onDisk, all } = intend(5);
    await settled();
    assert.deepEqual([onDisk, waiting.length, waitedFor], [[], 1, 0]);
    assert.equal(commitsIn(stateDir), before, 'the mark tells of what is not on disk');
    waiting.shift()?.(null);
    await all;
    assert.deepEqual(onDisk, [0, 1, 2, 3, 4]);
    assert.equal(commitsIn(stateDir), before + 1);
  });

  it('what comes meanwhile is written together after it', async () => {
    intend(4);
    await settled();
    const late = ledger.place(deliveries[4] as Delivery, 'deferred', 9, 0);
    await settled();
    assert.equal(waiting.length, 1);
    waiting.shift()?.(null);
    await late;
    assert.equal(waitedFor, 1);
  });

  it('of one connection is synced at once', async () => {
    const { onDisk, all } = intend(1);
    await all;
    assert.deepEqual([onDisk, waiting.length, waitedFor], [[0], 0, 1]);
  });

  it('of one connection waits in the same way when the disk is slow, and is timed again now and then', async () => {
    syncMs = 1.25;
    const ends: string[] = [];
    for (let nth = 0; nth < 200; nth++) {
      const intent = ledger.place(deliveries[0] as Delivery, 'deferred', nth, 0);
      await settled();
      ends.push(waiting.length > 0 ? 'later' : 'waited');
      waiting.shift()?.(null);
      await intent;
    }
    const waited = ends.filter((end) => end === 'waited').length;
    assert.ok(waited > 3 && waited < 20, `${waited} of 200 held up the others`);
    syncMs = 0.05;
    for (let nth = 0; nth < 100; nth++) {
      const intent = ledger.place(deliveries[0] as Delivery, 'deferred', nth, 0);
      await settled();
      waiting.shift()?.(null);
      await intent;
    }
    waitedFor = 0;
    await intend(1).all;
    assert.equal(waitedFor, 1, 'the disk is fast again');
  });

  it('a flush takes along what is on its way, once', async () => {
    const { onDisk, all } = intend(4);
    await settled();
    assert.equal(ledger.flush(), true);
    await all;
    assert.deepEqual([onDisk, waitedFor], [[0, 1, 2, 3], 1]);
    waiting.shift()?.(null);
    await settled();
    assert.deepEqual([onDisk, troubles], [[0, 1, 2, 3], []]);
  });

  it('whatever else is written is on disk when the call returns', () => {
    new SuppressionStore(database).add([{ entry: 'z@x.example', reason: 'unsubscribed', note: '', at: 1 }]);
    assert.equal(waitedFor, 1);
  });

  it('what a campaign had suppressed is undone on disk when the call resolves', async () => {
    const store = new SuppressionStore(database);
    await store.undo(1);
    // For its bounces, and for the one slice of its refusals.
    assert.equal(waitedFor, 2);
  });

  it('and the store may be closed before the disk has answered: no file of another is touched', async () => {
    const closed: number[] = [];
    const written: string[] = [];
    const { closeSync, writeSync } = fs;
    mock.method(fs, 'closeSync', (file: number) => {
      closed.push(file);
      closeSync(file);
    });
    const { all } = intend(4);
    await settled();
    const [pools] = files;
    assert.equal(ledger.flush(), true);
    await all;
    syncBuiltinESMExports();
    closeDatabase(database);
    assert.ok(pools !== undefined && !closed.includes(pools), 'the pool is at work on it');
    mock.method(fs, 'writeSync', (...asked: Parameters<typeof writeSync>) => {
      written.push(String(asked[1]));
      return writeSync(...asked);
    });
    syncBuiltinESMExports();
    waiting.shift()?.(null);
    await settled();
    assert.ok(closed.includes(pools));
    assert.deepEqual([written, troubles], [[], []]);
    const mark = readMark(stateDir);
    assert.ok(mark && mark !== 'torn' && mark.closed);
  });

  it('the mark tells of no restart of the log that is not on disk, where a reader is in its way', async () => {
    const checkpoints = () => Number(reader.prepare('SELECT count FROM store_checkpoints').get()?.count);
    const reader = new DatabaseSync(join(stateDir, 'envoi.db'), { readOnly: true });
    const sync = fs.fdatasyncSync;
    let onDisk = checkpoints();
    const looker = new DatabaseSync(join(stateDir, 'envoi.db'), { readOnly: true });
    mock.method(fs, 'fdatasyncSync', (file: number) => {
      sync(file);
      onDisk = Number(looker.prepare('SELECT count FROM store_checkpoints').get()?.count);
    });
    syncBuiltinESMExports();
    reader.exec('BEGIN');
    const before = checkpoints();
    new SuppressionStore(database).add(
      Array.from({ length: 10_000 }, (_, n) => ({
        entry: `${n}@x.example`,
        reason: 'unsubscribed' as const,
        note: 'x'.repeat(500),
        at: 1,
      })),
    );
    const mark = readMark(stateDir);
    assert.ok(mark && mark !== 'torn');
    assert.deepEqual([mark.checkpoints, onDisk], [before + 1, before + 1]);
    reader.close();
    looker.close();
  });
});

describe('a disk that does not confirm', () => {
  it('fails every intent it was asked about, takes nothing more, and leaves them in doubt', async () => {
    const before = commitsIn(stateDir);
    const { onDisk, all } = intend(4);
    await settled();
    waiting.shift()?.(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }));
    const ends = await all;
    assert.deepEqual(ends.map(({ status }) => status).join(), 'rejected,rejected,rejected,rejected');
    assert.equal(onDisk.length, 0);
    assert.equal(troubles.length, 1);
    const { code, message } = inWords(troubles[0]) as Error & { code: string };
    assert.equal(code, 'storeNotSynced');
    assert.match(message, /did not confirm a write to the campaign store: EIO/);
    // What the system dropped it does not report twice: a later success would say nothing of it.
    await assert.rejects(ledger.intend(deliveries[4] as Delivery, attempt, 9), /EIO/);
    assert.equal(commitsIn(stateDir), before);
    closeDatabase(database);
    mock.restoreAll();
    syncBuiltinESMExports();
    const again = await openDatabase(stateDir);
    assert.equal(new DeliveryStore(again).recover(9), 4);
    closeDatabase(again);
  });

  const lost = () => Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });

  it('and says so to whoever waits for it, is not believed by the pool any more', async () => {
    const { onDisk, all } = intend(4);
    await settled();
    mock.method(fs, 'fdatasyncSync', () => {
      throw lost();
    });
    syncBuiltinESMExports();
    assert.equal(ledger.flush(), false);
    waiting.shift()?.(null);
    const ends = await all;
    assert.deepEqual([onDisk, ends.map(({ status }) => status).join()], [[], 'rejected,rejected,rejected,rejected']);
  });

  it('and says so only once to each opened file: the thread hears of it although the pool did', async () => {
    const { onDisk } = intend(4);
    await settled();
    // The system told the pool, whose answer has not come in yet.
    const told = new Set(files);
    mock.method(fs, 'fdatasyncSync', (file: number) => {
      if (!told.has(file)) throw lost();
    });
    syncBuiltinESMExports();
    assert.equal(ledger.flush(), false);
    waiting.shift()?.(lost());
    await settled();
    assert.deepEqual(onDisk, []);
  });

  it('is asked by the pool one thing at a time, after a flush too', async () => {
    intend(4);
    await settled();
    ledger.flush();
    const moved = Promise.all(deliveries.slice(0, 4).map((delivery) => ledger.place(delivery, 'deferred', 9, 0)));
    await settled();
    assert.equal(waiting.length, 1);
    waiting.shift()?.(null);
    await settled();
    assert.equal(waiting.length, 1);
    waiting.shift()?.(null);
    assert.deepEqual(await moved, [true, true, true, true]);
  });
});
