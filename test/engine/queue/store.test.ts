import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { after, before, beforeEach, describe, it } from 'node:test';
import { isDiskTrouble, openDatabase } from '../../../src/engine/queue/store/database.ts';
import type { Delivery, SettledDelivery } from '../../../src/engine/queue/store/delivery.ts';
import { DeliveryStore } from '../../../src/engine/queue/store/deliveryStore.ts';
import { Ledger, type Move } from '../../../src/engine/queue/store/ledger.ts';
import { ReportStore } from '../../../src/engine/queue/store/reportStore.ts';
import { SuppressionStore } from '../../../src/engine/queue/store/suppressionStore.ts';
import { settled } from '../../support/fakeClock.ts';
import { fault, reply } from '../../support/fakeTransport.ts';
import { pin } from './pinned.ts';

const attempt = { transport: 'office', accountKey: 'office', host: 'mx', startedAt: 5, messageId: '<a@b>' };

let folder = '';
let nth = 0;
let database: DatabaseSync;
let key = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'envoi-store-'));
});
after(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  database = await openDatabase(join(folder, String(nth++)));
  key = pin(database, ['a@x.example', 'b@x.example', 'c@y.example']);
});

async function queuedDeliveries(from = database, campaign = key): Promise<Delivery[]> {
  const store = new DeliveryStore(from);
  return store.window(campaign, 'c', await store.order(campaign), 0, 100).deliveries;
}

function ledger(moves: Move[] = [], troubles: unknown[] = []): Ledger {
  return new Ledger(
    database,
    (_item, move) => moves.push(move),
    (error) => troubles.push(error),
  );
}

function settlement(delivery: Delivery, change: Partial<SettledDelivery> = {}): SettledDelivery {
  const record = { ...attempt, end: reply('250 2.0.0 taken'), cause: 'delivered' as const };
  return { delivery, state: 'sent', tries: 1, hop: 0, nextAt: 0, firstAt: 5, attempt: record, suppress: '', ...change };
}

const states = () =>
  new ReportStore(database, () => '')
    .rows({ key, recipientsPath: '', moreLists: [] }, { campaign: 'c', after: 0, limit: 100 })
    .map(({ state }) => state);
const first = async (): Promise<Delivery> => (await queuedDeliveries())[0] ?? assert.fail('nobody is queued');

describe('a page of the report', () => {
  it('is one row of the store, whatever the texts hold', () => {
    const text = `"quoted" \\ \u0001 \t \n \u2028 é 日本 \u{1f600} '' [,] {"a": null}`;
    database.prepare("UPDATE deliveries SET text = ?, code = 550, cause = 'unknownUser' WHERE line = 3").run(text);
    const prepare = database.prepare.bind(database);
    let many = 0;
    database.prepare = (sql: string) => {
      const statement = prepare(sql);
      const all = statement.all.bind(statement);
      statement.all = (...values: never[]) => {
        many++;
        return all(...values);
      };
      return statement;
    };
    const rows = new ReportStore(database, (campaign, address) => `${campaign}/${address}`).rows(
      { key, recipientsPath: 'list.csv', moreLists: [] },
      { campaign: 'c', after: 0, limit: 100 },
    );
    assert.equal(many, 0);
    assert.equal(rows.length, 3);
    const { text: read, code, cause, address, token, list, attempts, line } = rows[1] ?? assert.fail('no second row');
    assert.deepEqual(
      { text: read, code, cause, address, token, list, attempts, line },
      {
        text,
        code: 550,
        cause: 'unknownUser',
        address: 'b@x.example',
        token: 'c/b@x.example',
        list: 'list.csv',
        attempts: 0,
        line: 3,
      },
    );
  });
});

describe('the ledger', () => {
  it('has the intent on disk before it says so, and the outcome with the suppression that follows', async () => {
    const delivery = await first();
    const own = ledger();
    const intent = await own.intend(delivery, attempt, 7);
    assert.deepEqual(states(), ['sending', 'queued', 'queued']);
    assert.deepEqual(new DeliveryStore(database).commits('office', 0, 10), [7]);
    const rejected = settlement(delivery, { state: 'rejected', suppress: '550 5.1.1 no such user' });
    assert.equal(await own.settle(rejected, intent, 9), true);
    assert.deepEqual(states(), ['rejected', 'queued', 'queued']);
    assert.equal(new SuppressionStore(database).has('A@x.example', 'x.example'), true);
  });

  it('on a full disk fails the intent, so that no dot is sent, and owes the outcome until there is room', async () => {
    const moves: Move[] = [];
    const troubles: unknown[] = [];
    const own = ledger(moves, troubles);
    const [one, two] = await queuedDeliveries();
    assert.ok(one && two);
    const intent = await own.intend(one, attempt, 7);
    const { page_count: pages } = database.prepare('PRAGMA page_count').get() as { page_count: number };
    database.exec(`PRAGMA max_page_count = ${pages}`);
    const long = reply(`250 2.0.0 ${'taken '.repeat(4000)}`);
    const big = settlement(one, { attempt: { ...attempt, end: long, cause: 'delivered' } });
    assert.equal(await own.settle(big, intent, 9), false);
    assert.ok(isDiskTrouble(troubles[0]));
    assert.equal(one.state, 'sending', 'nothing moves in memory that is not on disk');
    await assert.rejects(own.intend(two, { ...attempt, host: 'x'.repeat(20_000) }, 8), isDiskTrouble);
    assert.equal(two.state, 'queued');
    assert.deepEqual(states(), ['sending', 'queued', 'queued']);
    database.exec('PRAGMA max_page_count = 1000000');
    assert.equal(own.flush(), true);
    assert.deepEqual(states(), ['sent', 'queued', 'queued']);
    assert.deepEqual(
      moves.map(({ to }) => to),
      ['sending', 'sent'],
    );
  });

  it('never reads a delivery with an intent: one whose outcome is owed must not be sent again', async () => {
    const delivery = await first();
    await ledger().intend(delivery, attempt, 7);
    assert.equal(
      (await queuedDeliveries()).some(({ id }) => id === delivery.id),
      false,
    );
    database.exec(`UPDATE deliveries SET state = 'deferred', next_at = 1`);
    const due = new DeliveryStore(database).due(key, 'c', 9, { nextAt: -1, id: 0 }, 10);
    assert.equal(due.length, 2);
  });

  it('uses no CPU once it has been told to write at once', async () => {
    const delivery = await first();
    const own = ledger();
    const settling = own.settle(settlement(delivery), await own.intend(delivery, attempt, 7), 9);
    assert.equal(own.flush(), true);
    await settling;
    await settled();
    assert.equal(process.getActiveResourcesInfo().includes('Immediate'), false);
  });

  it('writes concurrent requests in one transaction, all or nothing', async () => {
    const troubles: unknown[] = [];
    const own = ledger([], troubles);
    const [one, two] = await queuedDeliveries();
    assert.ok(one && two);
    const missing = { ...two, id: 999_999 };
    const results = await Promise.allSettled([own.intend(one, attempt, 1), own.intend(missing, attempt, 1)]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.deepEqual(states(), ['queued', 'queued', 'queued']);
    assert.equal(troubles.length, 1);
    await settled();
  });
});

describe('the store', () => {
  it('spreads each domain evenly over the list, whatever its order was', async () => {
    const other = await openDatabase(join(folder, 'mixed'));
    const list = [...Array(8).fill('big.example'), 'one.example', 'one.example', 'small.example'];
    const campaign = pin(
      other,
      list.map((domain, n) => `r${n}@${domain}`),
    );
    const order = (await queuedDeliveries(other, campaign)).map(({ domain }) => domain[0]);
    assert.equal(order.join(''), 'bbbobsbbbob');
    other.close();
  });

  it('reads deferred deliveries once each when they are due', () => {
    database.exec(`UPDATE deliveries SET state = 'deferred', next_at = 50`);
    const store = new DeliveryStore(database);
    const page = store.due(key, 'c', 50, { nextAt: -1, id: 0 }, 2);
    assert.equal(page.length, 2);
    const rest = store.due(key, 'c', 50, page[1]?.at ?? assert.fail(), 2);
    assert.equal(rest.length, 1);
    assert.deepEqual(store.due(key, 'c', 49, { nextAt: -1, id: 0 }, 2), []);
    assert.equal(store.nextDue(key, 49), 50);
  });

  it('leaves alone what a server asked to retry later when a person brings retries forward', async () => {
    database.exec(
      `UPDATE deliveries SET state = 'deferred', next_at = 500, cause = iif(line = 2, 'greylisted', 'connect')`,
    );
    await new DeliveryStore(database).hasten(key, 10);
    const due = new DeliveryStore(database).due(key, 'c', 10, { nextAt: -1, id: 0 }, 10);
    assert.deepEqual(
      due.map(({ delivery }) => delivery.line),
      [3, 4],
    );
  });

  it('refuses a store written by a newer version, and leaves it as it is', async () => {
    const dir = join(folder, 'newer');
    const newer = await openDatabase(dir);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    await assert.rejects(openDatabase(dir), { code: 'newerStore' });
  });

  it('after SIGKILL has every intent, and only what had one without an end is in doubt', async () => {
    const dir = join(folder, 'killed');
    const script = `
      import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, '../../../src/engine/queue/store/database.ts'))};
      import { DeliveryStore } from ${JSON.stringify(join(import.meta.dirname, '../../../src/engine/queue/store/deliveryStore.ts'))};
      import { Ledger } from ${JSON.stringify(join(import.meta.dirname, '../../../src/engine/queue/store/ledger.ts'))};
      const database = await openDatabase(${JSON.stringify(dir)});
      const ledger = new Ledger(database, () => {}, () => {});
      const store = new DeliveryStore(database);
      const [one, two, three] = store.window(1, 'c', await store.order(1), 0, 3).deliveries;
      const attempt = ${JSON.stringify(attempt)};
      const intent = await ledger.intend(one, attempt, 1);
      await ledger.intend(two, attempt, 2);
      const end = ${JSON.stringify(fault('dot', 'closed'))};
      const record = { ...attempt, end, cause: 'noReply' };
      await ledger.settle({ delivery: one, state: 'sent', tries: 1, hop: 0, nextAt: 0, firstAt: 1, attempt: record, suppress: '' }, intent, 3);
      void ledger.intend(three, attempt, 4);
      process.kill(process.pid, 'SIGKILL');
    `;
    const fresh = await openDatabase(dir);
    pin(fresh, ['a@x.example', 'b@x.example', 'c@x.example']);
    fresh.close();
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    const [, signal] = await once(child, 'close');
    assert.equal(signal, 'SIGKILL', complaint);
    database = await openDatabase(dir);
    assert.equal(new DeliveryStore(database).recover(9), 1);
    assert.deepEqual(states(), ['sent', 'inDoubt', 'queued']);
    assert.equal(new DeliveryStore(database).recover(9), 0);
    assert.deepEqual(new DeliveryStore(database).commits('office', 0, 10), [1, 2]);
  });
});
