import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { closeDatabase, inTransaction, openDatabase } from '../../../src/engine/queue/store/database.ts';
import { DeliveryStore } from '../../../src/engine/queue/store/deliveryStore.ts';
import { migrations } from '../../../src/engine/queue/store/migrations.ts';
import { ReportStore } from '../../../src/engine/queue/store/reportStore.ts';

const folder = mkdtempSync(join(tmpdir(), 'envoi-upgrade-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const lists = { key: 1, recipientsPath: '', moreLists: [] };

/** Of the last version that wrote each attempt before it had ended. */
const BEFORE = 9;

/** A store as that version leaves it when it is killed: one sent at the second try, one on its way, one not begun, one given up. */
function oldStore(stateDir: string): void {
  mkdirSync(stateDir, { mode: 0o700 });
  const old = new DatabaseSync(join(stateDir, 'envoi.db'));
  old.exec('PRAGMA journal_mode = WAL');
  for (const step of migrations.slice(0, BEFORE)) old.exec(step);
  old.exec(`PRAGMA user_version = ${BEFORE};
    INSERT INTO campaigns (key, id, kind, state, subject, newsletter, newsletter_sha256, settings, settings_sha256, document_path,
      document_text, document_sha256, document_commit, recipients_path, recipients_sha256, created_at, total)
      VALUES (1, 'c', 'send', 'running', '', '{}', '', '{}', '', '', '', '', '', '', '', 1, 4);
    INSERT INTO deliveries (id, campaign, line, address, domain, fields, state, position, message_id, transport) VALUES
      (1, 1, 2, 'a@x.example', 'x.example', '{}', 'sent', 0.1, '<a>', 'office'),
      (2, 1, 3, 'b@x.example', 'x.example', '{}', 'sending', 0.2, '<b>', 'office'),
      (3, 1, 4, 'c@x.example', 'x.example', '{}', 'queued', 0.3, '', ''),
      (4, 1, 5, 'd@x.example', 'x.example', '{}', 'sending', 0.4, '', '');
    INSERT INTO attempts (id, delivery, transport, quota_key, host, started_at, committed_at, ended_at, ended, cause) VALUES
      (1, 1, 'office', 'k', 'h', 1, 0, 2, '{"n":1}', 'greylisted'),
      (2, 2, 'office', 'k', 'h', 3, 4, 0, NULL, ''),
      (3, 1, 'office', 'k', 'h', 5, 6, 7, '{"n":2}', 'delivered');`);
  old.close();
}

test('a store of the previous version, killed while sending, continues: nothing is lost or sent twice', async () => {
  const stateDir = join(folder, 'killed');
  oldStore(stateDir);
  const database = await openDatabase(stateDir);
  const deliveries = new DeliveryStore(database);
  const reports = new ReportStore(database, () => '');
  assert.deepEqual(
    reports.rows(lists, { campaign: 'c', after: 0, limit: 10 }).map(({ state, attempts }) => [state, attempts]),
    [
      ['sent', 2],
      ['sending', 1],
      ['queued', 0],
      ['queued', 0],
    ],
  );
  assert.deepEqual(deliveries.commits('k', 0, 10), [4, 6]);
  assert.equal(deliveries.recover(9), 1);
  assert.deepEqual(
    reports.rows(lists, { campaign: 'c', after: 0, limit: 10 }).map(({ state, messageId }) => [state, messageId]),
    [
      ['sent', '<a>'],
      ['inDoubt', '<b>'],
      ['queued', ''],
      ['queued', ''],
    ],
  );
  assert.deepEqual(
    reports.attempts(1, 1).map(({ cause, endedAt }) => [cause, endedAt]),
    [
      ['greylisted', 2],
      ['delivered', 7],
    ],
  );
  assert.deepEqual(
    reports.attempts(1, 2).map(({ cause, committedAt, endedAt }) => [cause, committedAt, endedAt]),
    [['noReply', 4, 9]],
  );
  const waiting = deliveries.window(1, 'c', await deliveries.order(1), 0, 10).deliveries;
  assert.deepEqual(
    waiting.map(({ id }) => id),
    [3, 4],
  );
  assert.deepEqual((await deliveries.standing(1)).counts.inDoubt, 1);
  closeDatabase(database);
});

test('quotas find their commits among very many attempts, also after the clock was set back', async () => {
  const stateDir = join(folder, 'many');
  oldStore(stateDir);
  const database = await openDatabase(stateDir);
  const insert = database.prepare(
    `INSERT INTO attempts (delivery, before, nth, transport, quota_key, host, started_at, committed_at, ended_at, ended, cause)
     VALUES (1, 0, 1, 'office', ?, 'h', 1, ?, ?, NULL, '')`,
  );
  // An hour ahead for a while, then set right.
  const times = Array.from({ length: 3000 }, (_, n) => 10_000 + n * 10 + (n > 1000 && n < 1500 ? 3_600_000 : 0));
  inTransaction(database, () => {
    for (const [n, at] of times.entries()) insert.run(n % 2 ? 'odd' : 'even', at, at + 5);
  });
  const deliveries = new DeliveryStore(database);
  for (const since of [0, 9_999, 12_345, 39_000, 39_985, 40_000, 4_000_000]) {
    const right = times.filter((at, n) => n % 2 === 1 && at > since).toSorted((a, b) => a - b);
    assert.deepEqual(deliveries.commits('odd', since, 100_000), right, `since ${since}`);
    assert.deepEqual(deliveries.commits('odd', since, 7), right.slice(-7));
  }
  closeDatabase(database);
});
