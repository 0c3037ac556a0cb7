import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SentTest } from '../../src/engine/probe/runProbe.ts';
import { lookForAll } from '../../src/engine/probeArrivals.ts';
import { silentLog } from '../../src/shared/log.ts';
import type { ProbeArrivals } from '../../src/shared/serverProbe.ts';
import type { MailboxSettings } from '../../src/shared/settings.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { reply } from '../support/fakeTransport.ts';

const ADA = 'ada@post.example';
const GRACE = 'grace@mail.example';

/** What a mailbox has of which message, and how long after the test's end it came there, s. */
type Box = Record<string, readonly ['inbox' | 'junk' | 'other', afterS: number]>;

interface Row {
  name: string;
  /** Messages m1, m2, … to these. */
  to: readonly string[];
  /** By their user; null = cannot be read. */
  boxes: Record<string, Box | null>;
  expected: ProbeArrivals | null;
  tookS: number;
}

const rows: readonly Row[] = [
  { name: 'no mailbox', to: [ADA], boxes: {}, expected: null, tookS: 0 },
  { name: 'no message', to: [], boxes: { [ADA]: {} }, expected: null, tookS: 0 },
  {
    name: 'all have arrived',
    to: [ADA, ADA],
    boxes: { [ADA]: { m1: ['inbox', 0], m2: ['other', 0] } },
    expected: { inbox: 2, junk: 0, missing: 0 },
    tookS: 0,
  },
  {
    name: 'the last arrives while it looks',
    to: [ADA, ADA],
    boxes: { [ADA]: { m1: ['inbox', 0], m2: ['junk', 10] } },
    expected: { inbox: 1, junk: 1, missing: 0 },
    tookS: 12,
  },
  {
    name: 'one never arrives',
    to: [ADA, ADA],
    boxes: { [ADA]: { m1: ['inbox', 0] } },
    expected: { inbox: 1, junk: 0, missing: 1 },
    tookS: 60,
  },
  {
    name: 'those to somebody else are not looked for',
    to: [ADA, GRACE],
    boxes: { [ADA]: { m1: ['inbox', 0] } },
    expected: { inbox: 1, junk: 0, missing: 0 },
    tookS: 0,
  },
  {
    name: 'each of two mailboxes has its own',
    to: [ADA, GRACE, ADA, GRACE],
    boxes: {
      [ADA]: { m1: ['inbox', 0], m3: ['inbox', 0] },
      [GRACE]: { m2: ['junk', 0] },
    },
    expected: { inbox: 2, junk: 1, missing: 1 },
    tookS: 60,
  },
  {
    name: 'one of two mailboxes cannot be read',
    to: [ADA, GRACE],
    boxes: { [ADA]: null, [GRACE]: { m2: ['inbox', 0] } },
    expected: { inbox: 1, junk: 0, missing: 0 },
    tookS: 0,
  },
  { name: 'none can be read', to: [ADA], boxes: { [ADA]: null }, expected: null, tookS: 60 },
  {
    name: 'a mailbox that has another name than the address',
    to: [ADA, ADA],
    boxes: { ada: { m2: ['inbox', 0] } },
    expected: { inbox: 1, junk: 0, missing: 1 },
    tookS: 60,
  },
  {
    name: 'a mailbox that has another name, and gets the mail of one of two addresses',
    to: [ADA, GRACE, ADA, GRACE],
    boxes: { ada: { m1: ['inbox', 0], m3: ['junk', 0] } },
    expected: { inbox: 1, junk: 1, missing: 0 },
    tookS: 0,
  },
];

async function look({ to, boxes }: Pick<Row, 'to' | 'boxes'>, clock: FakeClock, signal = new AbortController().signal) {
  const from = clock.now();
  const findArrivals: Parameters<typeof lookForAll>[2]['findArrivals'] = async ({ mailbox, messageIds }) => {
    const box = boxes[mailbox.user];
    if (!box) throw new Error('no sign-in');
    return messageIds.flatMap((messageId) => {
      const [placement, afterS] = box[messageId] ?? [];
      if (!placement || clock.now() < from + Number(afterS) * 1_000) return [];
      return [{ messageId, folder: placement, placement, delayMs: null, results: [], strangers: [] }];
    });
  };
  const mailboxes = Object.keys(boxes).map((user) => ({ mailbox: mailboxOf(user), secret: 'x' }));
  const sent = to.map((address, nth) => sentTest(address, `m${nth + 1}`));
  let over = false;
  const looking = lookForAll(mailboxes, sent, { clock, log: silentLog, findArrivals, signal });
  looking.finally(() => {
    over = true;
  });
  return { looking, ended: () => over };
}

for (const { name, expected, tookS, ...row } of rows) {
  test(`after an in-depth test: ${name}`, async () => {
    const clock = new FakeClock();
    const from = clock.now();
    const { looking, ended } = await look(row, clock);
    await clock.until(ended);
    assert.deepEqual(await looking, expected);
    assert.equal((clock.now() - from) / 1_000, tookS);
  });
}

test('a person who stops the test is told what has arrived so far', async () => {
  const clock = new FakeClock();
  const abort = new AbortController();
  const { looking } = await look({ to: [ADA, ADA], boxes: { [ADA]: { m1: ['inbox', 0] } } }, clock, abort.signal);
  await clock.advance(7_000);
  abort.abort();
  assert.deepEqual(await looking, { inbox: 1, junk: 0, missing: 1 });
});

function mailboxOf(user: string): MailboxSettings {
  return {
    host: 'imap.post.example',
    port: 993,
    security: 'tls',
    user,
    auth: 'password',
    folder: 'INBOX',
    authServer: '',
  };
}

function sentTest(to: string, messageId: string): SentTest {
  return {
    to,
    messageId,
    host: 'mail.office.example',
    startedAt: 0,
    committedAt: 1,
    endedAt: 2,
    end: reply('250 2.0.0 queued', 'dot'),
  };
}
