import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NOWHERE, OrderBuilder, type SendingOrder } from '../../../src/engine/queue/store/sendingOrder.ts';
import { seededRandom } from '../../../src/shared/seededRandom.ts';

function orderOf(domains: readonly string[], firstId = 1): Promise<SendingOrder> {
  const builder = new OrderBuilder();
  for (const [n, domain] of domains.entries()) builder.add(firstId + n, domain);
  return builder.build();
}

const read = (order: SendingOrder, domains: readonly string[]) =>
  Array.from({ length: order.size }, (_, place) => domains[order.idAt(place) - 1] ?? assert.fail());

/** The longest run of one domain. */
function longestRun(list: readonly string[]): number {
  let longest = 0;
  let run = 0;
  for (const [at, domain] of list.entries()) {
    run = domain === list[at - 1] ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

const lists: Record<string, string[]> = {
  'sorted by domain': [...Array(600).fill('big'), ...Array(300).fill('middle'), ...Array(100).fill('small')],
  'one provider first, then everybody else': [
    ...Array(500).fill('big'),
    ...Array.from({ length: 500 }, (_, n) => `own${n}`),
  ],
  'pairs behind a provider': [
    ...Array(500).fill('big'),
    ...Array.from({ length: 500 }, (_, n) => `two${Math.floor(n / 2)}`),
  ],
  'everybody else first': [...Array.from({ length: 500 }, (_, n) => `own${n}`), ...Array(500).fill('big')],
};

describe('the order in which a list is sent', () => {
  it('has no place for rows that were removed, and one for those that were added again', async () => {
    const builder = new OrderBuilder();
    builder.add(1, 'a');
    builder.add(2, 'b');
    builder.add(3, 'c');
    builder.cutTo(1);
    builder.add(2, 'd');
    const order = await builder.build();
    assert.deepEqual(Array.from({ length: order.size }, (_, place) => order.idAt(place)).sort(), [1, 2]);
  });

  for (const [what, domains] of Object.entries(lists))
    it(`hits no provider in bursts: ${what}`, async () => {
      const sent = read(await orderOf(domains), domains);
      assert.ok(longestRun(sent) <= 4, `a run of ${longestRun(sent)}`);
      // And each tenth of it holds about a tenth of the largest.
      const largest = domains.filter((domain) => domain === domains.find((one) => one === 'big')).length;
      for (let tenth = 0; tenth < 10; tenth++) {
        const part = sent.slice(tenth * 100, tenth * 100 + 100).filter((domain) => domain === 'big').length;
        assert.ok(Math.abs(part - largest / 10) <= 8, `${part} in tenth ${tenth}`);
      }
    });

  it('leaves a mixed list as it is', async () => {
    const domains = Array.from({ length: 1000 }, (_, n) => `d${n % 50}`);
    assert.deepEqual(read(await orderOf(domains), domains), domains);
    const own = Array.from({ length: 100 }, (_, n) => `own${n}`);
    assert.deepEqual(read(await orderOf(own), own), own);
  });

  it('holds each row once, and follows each domain to its end', async () => {
    const random = seededRandom(11);
    for (let round = 0; round < 30; round++) {
      const size = Math.floor(random() * 400);
      const kinds = 1 + Math.floor(random() * 40);
      const domains = Array.from({ length: size }, () => `d${Math.floor(random() ** 2 * kinds)}`);
      const order = await orderOf(domains, 1000);
      const ids = Array.from({ length: size }, (_, place) => order.idAt(place));
      assert.deepEqual(
        ids.toSorted((a, b) => a - b),
        Array.from({ length: size }, (_, n) => 1000 + n),
      );
      const met = new Set<number>();
      for (let start = 0; start < size; start++) {
        if (met.has(start)) continue;
        const domain = domains[order.idAt(start) - 1000];
        let before = -1;
        for (let place = start; place !== NOWHERE; place = order.nextOfDomain(place)) {
          assert.equal(domains[order.idAt(place) - 1000], domain);
          assert.ok(place > before && !met.has(place));
          assert.equal(order.placeOf(order.idAt(place)), place);
          met.add(place);
          before = place;
        }
      }
      assert.equal(met.size, size);
    }
  });

  it('skips rows that no longer wait, until they wait again', async () => {
    const order = await orderOf(Array.from({ length: 40 }, (_, n) => `d${n % 2}`));
    for (let place = 0; place < 40; place++) if (place !== 21) order.pass(place);
    assert.equal(order.waitingFrom(0), 21);
    assert.equal(order.nextOfDomain(1), 21);
    assert.equal(order.waitingFrom(22), NOWHERE);
    order.wait(30);
    assert.equal(order.waitingFrom(22), 30);
    order.forget();
    assert.equal(order.waitingFrom(0), 0);
  });
});
