import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { fault, reply } from '../../support/fakeTransport.ts';
import { addresses, Harness } from './harness.ts';

let h: Harness;
afterEach(() => h.close());

const busy = '421 4.3.2 Service busy';

describe('a destination that says 421 now and then', () => {
  for (const way of ['direct', 'office'])
    it(`is still used: with 3 % of the readers answered so, ${way} takes at most half as long again`, async () => {
      const span = async (refused: number) => {
        h = await Harness.start({
          [way]: {
            takesMs: 1500,
            destination: () => ({ key: 'one' }),
            limits: { maxConnections: 4 },
            answer: (to, nth) => (nth === 0 && Number(/\d+/.exec(to)?.[0]) % 33 < refused ? reply(busy) : undefined),
          },
        });
        const start = h.clock.now();
        await h.send('c', addresses(300));
        await h.until('c');
        assert.deepEqual(await h.counts('c'), { sent: 300 });
        return h.clock.now() - start;
      };
      const clean = await span(0);
      await h.close();
      const troubled = await span(1);
      assert.ok(troubled <= clean * 1.5, `${troubled} ms, and ${clean} without`);
    });

  it('gets one new connection a second at most, and no reader is retried within 30 seconds', async () => {
    const opened: number[] = [];
    h = await Harness.start({
      direct: {
        destination: () => ({ key: 'one' }),
        limits: { maxConnections: 8 },
        open: () => {
          opened.push(h.clock.now());
          return undefined;
        },
        answer: (_to, nth) => (nth < 2 ? reply('421 4.3.2 busy', 'rcpt') : undefined),
      },
    });
    await h.send('c', addresses(40));
    await h.clock.advance(25_000);
    const { asked, askedAt } = h.transport('direct');
    assert.equal(new Set(asked).size, asked.length, 'nobody was asked twice');
    assert.ok(opened.length > 5 && opened.length <= 28, `${opened.length} connections in 25 s`);
    await h.until('c');
    for (const to of new Set(asked)) {
      const times = askedAt.filter((_, nth) => asked[nth] === to);
      times.slice(1).forEach((at, nth) => void assert.ok(at - (times[nth] ?? 0) >= 30_000));
    }
  });

  it('has half as many connections after trouble, and grows back', async () => {
    let lost = 0;
    h = await Harness.start({
      direct: {
        destination: () => ({ key: 'one' }),
        takesMs: 500,
        limits: { maxConnections: 8 },
        answer: (to, nth) => (to === 'r60@d0.example' && nth === 0 && ++lost ? fault('body', 'closed') : undefined),
      },
    });
    await h.send('c', addresses(400));
    await h.until('c');
    assert.equal(lost, 1);
    assert.equal(h.transport('direct').peak, 8);
  });
});
