import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { readLabelled } from '../../../bench/replyGrades.ts';
import { learnedLimit, type SentBefore } from '../../../src/engine/queue/policy/learnedLimit.ts';
import type { HeardLimit } from '../../../src/shared/outcome.ts';
import { reply } from '../../support/fakeTransport.ts';
import { addresses, Harness, HOUR } from './harness.ts';

const DAY = 24 * HOUR;

let h: Harness | null = null;
afterEach(async () => {
  await h?.close();
  h = null;
});

const rows: readonly [string, HeardLimit, SentBefore, string | null][] = [
  ['both are heard', { count: 500, perMs: HOUR }, { minute: 1, hour: 2, day: 3 }, `500 in ${HOUR}`],
  ['the hour is heard', { perMs: HOUR }, { minute: 20, hour: 200, day: 900 }, `200 in ${HOUR}`],
  ['the day is heard', { perMs: DAY }, { minute: 20, hour: 200, day: 900 }, `900 in ${DAY}`],
  ['a month is heard', { perMs: 30 * DAY }, { minute: 20, hour: 200, day: 900 }, `900 in ${30 * DAY}`],
  ['a minute is heard', { perMs: 60_000 }, { minute: 20, hour: 200, day: 900 }, `20 in 60000`],
  ['a number is heard that an hour reached', { count: 200 }, { minute: 20, hour: 199, day: 900 }, `200 in ${HOUR}`],
  ['a number is heard that a day reached', { count: 500 }, { minute: 20, hour: 100, day: 500 }, `500 in ${DAY}`],
  ['nothing is heard, all was in an hour', {}, { minute: 20, hour: 60, day: 60 }, `60 in ${HOUR}`],
  ['nothing is heard, and the day was longer', {}, { minute: 20, hour: 60, day: 400 }, `400 in ${DAY}`],
  ['nothing is heard and nothing had gone out', {}, { minute: 0, hour: 0, day: 0 }, null],
];
for (const [name, heard, sent, expected] of rows) {
  test(`a limit is learned when ${name}: ${expected ?? 'nothing'}`, () => {
    const learned = learnedLimit(heard, sent);
    assert.equal(learned && `${learned.count} in ${learned.perMs}`, expected);
  });
}

const refusals = [
  'Domain example.org has exceeded the max emails per hour (5/5 (100%)) allowed. Message discarded.',
  '5.1.1 <reader@example.net> Recipient rejected, too many recipients this hour',
  "5.7.1 Quota d'envoi dépassé, 5 messages par heure",
];
for (const said of refusals) {
  test(`the relay refuses after five (“${said.slice(0, 40)}…”): the rest goes via the backup, the limit survives a restart`, async () => {
    let taken = 0;
    h = await Harness.start({
      office: { answer: () => (++taken > 5 ? reply(`550 ${said}`, 'rcpt') : undefined) },
      direct: {},
    });
    await h.send('c', addresses(20), { settings: { route: ['office', 'direct'] } });
    await h.until('c', 'done', 30 * 60_000);
    assert.deepEqual(await h.counts('c'), { sent: 20 });
    assert.equal(h.transport('office').accepted.length, 5);
    assert.equal(h.transport('direct').accepted.length, 15);
    assert.deepEqual(await h.engine.suppressions({ after: '', limit: 10 }), []);
    const learned = async () => {
      const snapshot = await h?.engine.get({ campaign: 'c' });
      return snapshot?.transports.find(({ name }) => name === 'office')?.learned;
    };
    const before = await learned();
    assert.deepEqual([before?.count, before?.perMs], [5, HOUR]);
    assert.match(before?.text ?? '', /^550/);
    await h.engine.close();
    await h.open();
    assert.deepEqual(await learned(), before);
  });
}

const folder = join(import.meta.dirname, '../../fixtures/labelled');
const heard = ['limit.tsv', 'unseen.tsv']
  .flatMap((name) => readLabelled(readFileSync(join(folder, name), 'utf8'), name))
  .filter(({ label, via, stage }) => label === 'limit' && via === 'relay' && stage !== 'auth');
for (const { reply: said, stage } of heard) {
  test(`after “${said.slice(0, 70)}” at ${stage} the rest goes via the backup, and nobody is refused`, async () => {
    let taken = 0;
    h = await Harness.start({ office: { answer: () => (++taken > 3 ? reply(said, stage) : undefined) }, direct: {} });
    await h.send('c', addresses(10), { settings: { route: ['office', 'direct'] } });
    await h.until('c', 'done', 20 * HOUR);
    assert.deepEqual(await h.counts('c'), { sent: 10 });
    assert.deepEqual(await h.engine.suppressions({ after: '', limit: 10 }), []);
    assert.ok(h.transport('direct').accepted.length >= 6);
  });
}
