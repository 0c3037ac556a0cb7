import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DnsClient } from '../../../src/engine/delivery/dnsClient.ts';
import { QuestionSlots } from '../../../src/engine/delivery/questionSlots.ts';
import { DnsServer } from '../../support/dnsServer.ts';
import { FakeClock, settled } from '../../support/fakeClock.ts';

/** Asks so many questions; `ends` are those that may be asked, in their order. */
function asking(slots: QuestionSlots, count: number) {
  const ends: (() => void)[] = [];
  for (let nth = 0; nth < count; nth++) void slots.take().then((end) => ends.push(end));
  return ends;
}

test('64 questions are asked at once, the next one when one has ended', async () => {
  const ends = asking(new QuestionSlots(new FakeClock()), 70);
  await settled();
  assert.equal(ends.length, 64);
  ends[0]?.();
  await settled();
  assert.equal(ends.length, 65);
});

test('unanswered questions take up the places of others for half a second', async () => {
  const clock = new FakeClock();
  const slots = new QuestionSlots(clock);
  const ends = asking(slots, 64);
  await settled();
  const others = asking(slots, 64);
  await clock.advance(499);
  assert.equal(others.length, 0);
  await clock.advance(1);
  assert.equal(others.length, 64);
  // What has aged counts no more against the young: its end lets nobody in besides.
  const more = asking(slots, 1);
  ends[0]?.();
  await settled();
  assert.equal(more.length, 0);
});

test('no more than 512 are ever open', async () => {
  const clock = new FakeClock();
  const ends = asking(new QuestionSlots(clock), 600);
  await clock.advance(60_000);
  assert.equal(ends.length, 512);
  for (const end of [...ends]) end();
  await settled();
  assert.equal(ends.length, 576, '64 more, each just asked');
});

test('domains whose name servers never answer do not keep another domain from being found', async () => {
  const dead = Array.from({ length: 80 }, (_, n) => `dead${n}.example`);
  const server = await DnsServer.start({
    ...Object.fromEntries(dead.map((name) => [name, { fail: 'hang' as const }])),
    'good.example': { MX: [{ preference: 10, exchange: 'mx.good.example' }] },
  });
  const client = new DnsClient([server.name], [10_000]);
  let ended = 0;
  const hanging = dead.map((name) => client.query(name, 'MX').then(() => ended++));
  const found = await client.query('good.example', 'MX');
  assert.equal(found.kind, 'found');
  assert.equal(ended, 0, 'it was found while all the others were still waited for');
  await server.close();
  void Promise.allSettled(hanging);
});
