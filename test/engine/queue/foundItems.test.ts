import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { Stage } from '../../../src/shared/outcome.ts';
import { type FakeScript, fault, reply } from '../../support/fakeTransport.ts';
import { addresses, Harness, HOUR, MINUTE } from './harness.ts';

/**
 * What was found wrong with judgement, one row each: how the servers behave, who gets the letter by which way, how often a
 * reader is asked at most, and how soon the first message goes over the backup. Sixty readers, one of them odd where the row
 * says so; the clock is a fake one.
 */
interface Row {
  item: number;
  what: string;
  first: 'office' | 'direct';
  script: FakeScript;
  backup?: FakeScript;
  /** Default: one domain. */
  domains?: number;
  /** How many get it by the first way, at least and at most, where it is not nobody. */
  byFirst?: readonly [number, number];
  rejected?: number;
  suppressed?: number;
  /** Default: twice, once over each way. */
  asked?: number;
  /** The first message over the backup has this long; absent = at any time. */
  withinMs?: number;
}

const AT_ONCE_MS = 12_000;
const READERS = 60;
const one: FakeScript = { destination: () => ({ key: 'one' }) };
const odd = (to: string) => /^r7@/.test(to);
const says = (line: string, stage?: Stage): FakeScript => ({ answer: () => reply(line, stage) });
/** After so many were taken it says this. */
const after = (count: number, line: string, stage?: Stage): FakeScript => {
  let taken = 0;
  return { answer: () => (++taken > count ? reply(line, stage) : undefined) };
};
const toOdd = (line: string, stage?: Stage): FakeScript => ({
  answer: (to) => (odd(to) ? reply(line, stage) : undefined),
});

const limits: readonly [line: string, stage: Stage][] = [
  ['550 Domain example.org has exceeded the max emails per hour (5/5 (100%)) allowed', 'rcpt'],
  ['554 5.7.1 You have sent too many messages in the last hour', 'rcpt'],
  ["550 5.7.1 Quota d'envoi dépassé", 'rcpt'],
  ['450 4.7.1 ada@example.org: Sender address rejected: quota for user exceeded', 'rcpt'],
  ['452 4.3.1 quota exceeded', 'mail'],
  ['452 4.2.1 too many messages today', 'mail'],
  ['450 Mail send limit exceeded', 'mail'],
  ['550 5.4.6 Unusual sending activity detected', 'mail'],
  ['450 4.7.0 transmit rate limit exceeded', 'mail'],
];
const policies = [
  '550 5.5.0 Service refuse. Veuillez essayer plus tard. LPN007_510',
  '550 your IP is unwelcome',
  '550 The IP you are using to send mail is blocked',
  '550 poor sender reputation',
  '550 5.7.1 Denied [CSI]',
  '550 iCloud ESMTP not accepting connections',
];

const rows: readonly Row[] = [
  {
    item: 1,
    what: 'a name server that says of every name that there is none',
    first: 'direct',
    script: { locate: () => fault('resolve', 'resolverDown') },
    withinMs: AT_ONCE_MS,
  },
  {
    item: 1,
    what: '550 5.1.1 with too many recipients this hour',
    first: 'office',
    script: after(21, '550 5.1.1 <r@d.example> Recipient rejected, too many recipients this hour', 'rcpt'),
    byFirst: [21, 21],
    withinMs: AT_ONCE_MS,
  },
  {
    item: 1,
    what: '550 5.1.1 with the name of a block list',
    first: 'direct',
    script: { ...one, ...says('550 5.1.1 blocked using zen.spamhaus.org', 'rcpt') },
    withinMs: AT_ONCE_MS,
  },
  {
    item: 1,
    what: '550 5.1.1 for everybody at one provider',
    first: 'direct',
    script: { ...one, ...says('550 5.1.1 no such user', 'rcpt') },
    withinMs: AT_ONCE_MS,
  },
  {
    item: 1,
    what: 'one mailbox that does not exist',
    first: 'direct',
    script: { ...one, ...toOdd('550 5.1.1 no such user', 'rcpt') },
    byFirst: [READERS - 1, READERS - 1],
    rejected: 1,
    suppressed: 1,
    asked: 1,
  },
  {
    item: 2,
    what: '450 4.7.1 too many messages, at RCPT',
    first: 'office',
    script: says('450 4.7.1 Too many messages from ada@example.org', 'rcpt'),
    withinMs: AT_ONCE_MS,
  },
  ...['550 this account has been disabled', '550 recipient account is blocked', '550 not a local user'].map(
    (line): Row => ({
      item: 3,
      what: `“${line}” of one reader, by the relay`,
      first: 'office',
      script: toOdd(line, 'rcpt'),
      byFirst: [READERS - 1, READERS - 1],
      rejected: 1,
      asked: 1,
    }),
  ),
  ...['550 5.7.1 sender denied', '550 5.7.1 SPF check failed'].map(
    (line): Row => ({
      item: 3,
      what: `“${line}” by one of sixty domains`,
      first: 'direct',
      script: toOdd(line, 'rcpt'),
      domains: READERS,
      byFirst: [READERS - 1, READERS - 1],
    }),
  ),
  ...limits.map(
    ([line, stage]): Row => ({
      item: 4,
      what: `“${line}” at ${stage}, after five`,
      first: 'office',
      script: after(5, line, stage),
      byFirst: [5, 5],
      asked: 3,
      withinMs: AT_ONCE_MS,
    }),
  ),
  {
    item: 5,
    what: 'port 53 refused',
    first: 'direct',
    script: { locate: () => fault('resolve', 'dnsOffline') },
    withinMs: AT_ONCE_MS,
  },
  { item: 5, what: 'dead', first: 'office', script: { open: () => fault('connect', 'refused') }, withinMs: AT_ONCE_MS },
  {
    item: 5,
    what: 'a dead MX',
    first: 'direct',
    script: { ...one, open: () => fault('connect', 'refused') },
    withinMs: AT_ONCE_MS,
  },
  {
    item: 5,
    what: 'never greets',
    first: 'office',
    script: { open: async () => h?.clock.sleep(5 * MINUTE).then(() => fault('greeting', 'timeout')) },
    withinMs: AT_ONCE_MS,
  },
  {
    item: 5,
    what: 'hangs at MAIL',
    first: 'office',
    script: { hangs: () => ({ at: 'mail', forMs: 5 * MINUTE }) },
    asked: 4,
    withinMs: AT_ONCE_MS,
  },
  {
    item: 15,
    what: 'port 25 blocked',
    first: 'direct',
    script: { open: () => fault('connect', 'portBlocked') },
    withinMs: AT_ONCE_MS,
  },
  ...policies.map(
    (line): Row => ({
      item: 7,
      what: `“${line}” of one server, directly`,
      first: 'direct',
      script: toOdd(line, 'rcpt'),
      domains: READERS,
      byFirst: [READERS - 1, READERS - 1],
    }),
  ),
  {
    item: 8,
    what: 'a SIZE smaller than the letter',
    first: 'office',
    script: { answer: () => fault('mail', 'tooLarge') },
    withinMs: AT_ONCE_MS,
  },
  {
    item: 9,
    what: 'one 421',
    first: 'direct',
    script: { ...one, answer: (to, nth) => (odd(to) && nth === 0 ? reply('421 4.3.2 busy', 'rcpt') : undefined) },
    byFirst: [READERS, READERS],
  },
  {
    item: 19,
    what: 'no SMTPUTF8 for one reader',
    first: 'office',
    script: { answer: (to) => (odd(to) ? fault('mail', 'smtputf8') : undefined) },
    byFirst: [READERS - 1, READERS - 1],
  },
];

let h: Harness | null = null;
afterEach(async () => {
  await h?.close();
  h = null;
});

for (const row of rows) {
  const { item, what, first, script, backup: other = {}, domains = 1, byFirst = [0, 0] } = row;
  test(`${item}. ${first}: ${what}`, async () => {
    const backup = first === 'office' ? 'direct' : 'office';
    h = await Harness.start({ [first]: script, [backup]: other });
    const list = addresses(READERS, domains);
    const start = h.clock.now();
    await h.send('c', list, { settings: { route: [first, backup] } });
    await h.until('c', 'done', 20 * HOUR);
    const { rejected = 0, suppressed = 0, asked = 2, withinMs = Number.POSITIVE_INFINITY } = row;
    const counts = await h.counts('c');
    assert.deepEqual([counts.sent, counts.rejected ?? 0], [READERS - rejected, rejected], JSON.stringify(counts));
    const accepted = [first, backup].flatMap((way) => h?.transport(way).accepted.map(({ to }) => to) ?? []);
    assert.equal(new Set(accepted).size, accepted.length, 'nobody twice');
    const byTheFirst = h.transport(first).accepted.length;
    assert.ok(byTheFirst >= byFirst[0] && byTheFirst <= byFirst[1], `${byTheFirst} by the first way`);
    assert.equal((await h.engine.suppressions({ after: '', limit: 100 })).length, suppressed);
    const most = Math.max(
      ...list.map((to) => (h?.transport(first).tries(to) ?? 0) + (h?.transport(backup).tries(to) ?? 0)),
    );
    assert.ok(most <= asked, `one was asked ${most} times`);
    const [soonest] = h.transport(backup).accepted;
    if (withinMs !== Number.POSITIVE_INFINITY)
      assert.ok(
        soonest && soonest.at - start <= withinMs,
        `the first over the backup after ${(soonest?.at ?? 0) - start} ms`,
      );
  });
}
