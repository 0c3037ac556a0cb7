import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  exceededReturnLimit,
  type ReturnCounts,
  tooManyBouncesNow,
} from '../../src/engine/queue/policy/returnLimits.ts';
import { Sandbox } from '../cli/sandbox.ts';
import { SmtpServer } from '../support/smtpServer.ts';

const atOnce: readonly [answered: number, bounced: number, total: number, stops: boolean][] = [
  [11, 11, 1000, true],
  [100, 11, 1000, true],
  [100, 10, 1000, false],
  [100, 12, 1000, false],
  [101, 11, 1000, false],
  [40, 11, 99, false],
];
for (const [answered, bounced, total, stops] of atOnce)
  test(`${bounced} dead mailboxes among the first ${answered} of ${total}: ${stops ? 'it stops' : 'it goes on'}`, () => {
    assert.equal(tooManyBouncesNow({ answered, bounced, total }), stops);
  });

const later: readonly [
  before: ReturnCounts,
  after: ReturnCounts,
  sent: number,
  stops: ReturnType<typeof exceededReturnLimit>,
][] = [
  [{ bounced: 0, complained: 0 }, { bounced: 0, complained: 2 }, 10, null],
  [{ bounced: 0, complained: 2 }, { bounced: 0, complained: 3 }, 10, 'complaints'],
  [{ bounced: 0, complained: 3 }, { bounced: 0, complained: 4 }, 10, null],
  [{ bounced: 0, complained: 0 }, { bounced: 0, complained: 6 }, 2000, null],
  [{ bounced: 0, complained: 6 }, { bounced: 0, complained: 7 }, 2000, 'complaints'],
  [{ bounced: 8, complained: 0 }, { bounced: 10, complained: 0 }, 50, null],
  [{ bounced: 8, complained: 0 }, { bounced: 11, complained: 0 }, 50, 'bounces'],
  [{ bounced: 90, complained: 0 }, { bounced: 100, complained: 0 }, 1000, null],
  [{ bounced: 90, complained: 0 }, { bounced: 101, complained: 0 }, 1000, 'bounces'],
];
for (const [before, after, sent, stops] of later)
  test(`of ${sent}, ${after.bounced} bounced and ${after.complained} complained, after ${before.bounced} and ${before.complained}: ${stops ?? 'it goes on'}`, () => {
    assert.equal(exceededReturnLimit(before, after, sent), stops);
  });

test('a list whose first hundred bounce above a tenth stops and says so, and continues when a person says so', async (t) => {
  const relay = await SmtpServer.start({
    steps: { RCPT: (line) => (/reader\d*[05]@/.test(line) ? '550 5.1.1 No such user here' : undefined) },
  });
  t.after(() => relay.close());
  const sandbox = await Sandbox.make();
  t.after(() => sandbox.remove());
  // At several domains: one whose server says it of too many is not believed.
  const rows = Array.from({ length: 150 }, (_, n) => `reader${n + 1}@d${n % 7}.example.org,Reader`);
  await sandbox.write('list.csv', `email,name\n${rows.join('\n')}\n`);
  await sandbox.writeSettings(relay.port, { maxConnections: 1 });
  const stopped = await sandbox.run('send letter.md --yes --config envoi.json');
  assert.equal(stopped.code, 3, stopped.stdout + stopped.stderr);
  assert.match(stopped.stdout + stopped.stderr, /11 of the first \d+ mailboxes no longer exist/);
  assert.ok(relay.messages.length < 100);
  const resumed = await sandbox.run('resume --config envoi.json');
  assert.equal(resumed.code, 1, resumed.stdout + resumed.stderr);
  assert.equal(relay.messages.length, 120);
});
