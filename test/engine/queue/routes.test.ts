import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type Chooser, chooseWay, type WayState } from '../../../src/engine/queue/policy/chooseWay.ts';
import { fault, reply } from '../../support/fakeTransport.ts';
import { addresses, Harness, HOUR, MINUTE } from './harness.ts';

const FOUR = ['a', 'b', 'c', 'd'];
const open: WayState = { kind: 'open' };
const shut = (until: number, since = 0): WayState => ({ kind: 'shut', until, since });
const quota = (until: number): WayState => ({ kind: 'quota', until });
const busy = (until = 0): WayState => ({ kind: 'busy', until });

describe('the route of a delivery', () => {
  const chooser: Chooser = { hop: 0, now: HOUR, since: 0, forMs: 48 * HOUR, spills: true };
  const cases: [string, readonly WayState[], Partial<Chooser>, string][] = [
    ['is the first transport', [], {}, 'go a'],
    ['is the fourth when three are shut', [shut(1), shut(2), shut(3), open], {}, 'go d'],
    ['passes over one in the middle', [shut(1), open, shut(3)], {}, 'go b'],
    ['never goes back in a round', [open, shut(2), open], { hop: 1 }, 'go c'],
    ['waits for one that is only busy', [busy(), open], {}, 'wait a 0'],
    [
      'and for the second that is busy when the first is shut',
      [shut(9 * HOUR), busy(2 * HOUR)],
      {},
      `wait b ${2 * HOUR}`,
    ],
    ['leaves a used-up quota when that is so set', [quota(2 * HOUR), open], {}, 'go b'],
    ['or waits for it', [quota(2 * HOUR), open], { spills: false }, `wait a ${2 * HOUR}`],
    ['goes on over two used-up quotas', [quota(2 * HOUR), quota(3 * HOUR), open], {}, 'go c'],
    [
      'waits for the first to open where all are shut',
      [shut(5 * HOUR), shut(3 * HOUR), quota(4 * HOUR), shut(9 * HOUR)],
      {},
      `wait ? ${3 * HOUR}`,
    ],
    ['goes on where only the name servers are out of reach', [{ kind: 'offline', until: 2 * HOUR }, open], {}, 'go b'],
    ['leaves a probed one to the one that probes', [{ kind: 'probed', until: 2 * HOUR }, open], {}, 'go b'],
    [
      'but goes there where there is nothing else',
      [{ kind: 'probed', until: 2 * HOUR }, shut(3 * HOUR), shut(3 * HOUR), shut(3 * HOUR)],
      {},
      'go a',
    ],
    [
      'expires when all have been shut for its whole time',
      FOUR.map(() => shut(50 * HOUR, 0)),
      { now: 48 * HOUR },
      'expire',
    ],
    [
      'not while one of them was open since',
      [...FOUR.slice(1).map(() => shut(50 * HOUR)), shut(50 * HOUR, HOUR)],
      { now: 48 * HOUR },
      `wait ? ${50 * HOUR}`,
    ],
    [
      'nor before it has had its own time',
      FOUR.map(() => shut(50 * HOUR)),
      { now: 48 * HOUR, since: HOUR },
      `wait ? ${50 * HOUR}`,
    ],
    [
      'nor for a quota',
      [shut(50 * HOUR), quota(50 * HOUR), shut(51 * HOUR), shut(51 * HOUR)],
      { now: 99 * HOUR },
      `wait ? ${50 * HOUR}`,
    ],
    [
      'nor offline',
      FOUR.map(() => ({ kind: 'offline', until: 100 * HOUR })),
      { now: 99 * HOUR },
      `wait ? ${100 * HOUR}`,
    ],
    ['is the last when the route has become shorter', [shut(1), shut(1), shut(1), open], { hop: 9 }, 'go d'],
  ];
  for (const [name, states, change, expected] of cases)
    it(name, () => {
      const way = chooseWay(FOUR, states, { ...chooser, ...change });
      const said =
        way.kind === 'go'
          ? `go ${FOUR[way.hop]}`
          : way.kind === 'wait'
            ? `wait ${way.hop === null ? '?' : FOUR[way.hop]} ${way.until}`
            : way.kind;
      assert.equal(said, expected);
    });
});

let h: Harness;

function assertOneEach(list: readonly string[]): void {
  const all = Object.values(h.transports).flatMap((transport) => transport.accepted.map(({ to }) => to));
  assert.deepEqual(all.toSorted(), list.toSorted());
}

const taken = () => FOUR.map((name) => h.transport(name).accepted.length);

describe('a route of four', () => {
  afterEach(() => h.close());
  const list = addresses(200, 9);
  const dead = { open: () => fault('connect', 'refused') };

  it('sends all mail via the fourth while the first three are down', async () => {
    h = await Harness.start({ a: dead, b: dead, c: dead, d: {} });
    await h.send('c', list);
    await h.until('c', 'done', MINUTE);
    assertOneEach(list);
    assert.deepEqual(taken(), [0, 0, 0, 200]);
    assert.ok(['a', 'b', 'c'].every((name) => h.transport(name).opened <= 2));
  });

  it('continues when the second goes down half-way', async () => {
    h = await Harness.start({
      a: dead,
      b: {
        takesMs: 100,
        answer: () => (h.transport('b').accepted.length >= 60 ? fault('mail', 'closed') : undefined),
        open: () => (h.transport('b').accepted.length >= 60 ? fault('connect', 'refused') : undefined),
      },
      c: {},
      d: {},
    });
    await h.send('c', list);
    await h.until('c', 'done', HOUR);
    assertOneEach(list);
    const [, b = 0, c = 0, d] = taken();
    assert.ok(b >= 60 && b <= 64 && c >= 130 && d === 0, String(taken()));
  });

  it('spills over two used-up quotas, and nothing else', async () => {
    h = await Harness.start({
      a: { limits: { windows: [{ count: 30, perMs: HOUR }] } },
      b: { limits: { windows: [{ count: 50, perMs: HOUR }] } },
      c: {},
      d: {},
    });
    await h.send('c', list);
    await h.until('c', 'done', MINUTE);
    assertOneEach(list);
    assert.deepEqual(taken(), [30, 50, 120, 0]);
  });

  it('waits for the first quota if configured', async () => {
    h = await Harness.start({
      a: { limits: { windows: [{ count: 100, perMs: HOUR }] } },
      b: {},
      c: {},
      d: {},
    });
    await h.send('c', list, { settings: { whenQuotaReached: 'wait' } });
    await h.until('c', 'done', 2 * HOUR);
    assert.deepEqual(taken(), [200, 0, 0, 0]);
  });

  it('tries each once a round, and starts again with the first', async () => {
    const order: string[] = [];
    const refusing = (name: string) => ({
      answer: () => {
        order.push(name);
        return order.length <= 4
          ? reply('554 5.7.1 Service unavailable; Client host blocked using list.example', 'mail')
          : undefined;
      },
    });
    h = await Harness.start({
      a: refusing('a'),
      b: refusing('b'),
      c: refusing('c'),
      d: { open: () => (order.length < 4 ? fault('greeting', 'closed') : undefined) },
    });
    await h.send('c', ['one@d0.example']);
    await h.until('c', 'done', HOUR);
    assert.deepEqual([order.slice(0, 3), order.length >= 4], [['a', 'b', 'c'], true]);
    assertOneEach(['one@d0.example']);
  });
});

describe('parallel relays', () => {
  afterEach(() => h.close());
  const farm = ['mta1', 'mta2', 'mta3'];

  it('share a list, each within its own limits, and a deferred reader is retried via the same one', async () => {
    const asked = new Map<string, string[]>();
    const script = (name: string, limits = {}) => ({
      takesMs: 50,
      limits,
      answer: (to: string, nth: number) => {
        asked.set(to, [...(asked.get(to) ?? []), name]);
        return nth === 0 && to.startsWith('r1') ? reply('451 4.7.1 greylisted, try again later') : undefined;
      },
    });
    h = await Harness.start({
      mta1: script('mta1'),
      mta2: script('mta2'),
      mta3: script('mta3', { maxConnections: 1 }),
    });
    const list = addresses(300, 2);
    await h.send('c', list, { settings: { route: [farm] } });
    await h.until('c');
    assertOneEach(list);
    for (const [to, names] of asked) assert.equal(new Set(names).size, 1, `${to}: ${names}`);
    for (const name of farm) assert.ok(h.transport(name).accepted.length > 60, name);
    assert.ok(h.transport('mta3').peak <= 1);
  });

  it('take over the share of one that dies, and use what follows them only when all are gone', async () => {
    let dead: readonly string[] = [];
    const script = (name: string) => ({
      takesMs: 200,
      open: () => (dead.includes(name) ? fault('connect', 'refused') : undefined),
      answer: () => (dead.includes(name) ? fault('mail', 'closed') : undefined),
    });
    h = await Harness.start({ mta1: script('mta1'), mta2: script('mta2'), mta3: script('mta3'), direct: {} });
    const list = addresses(600, 2);
    await h.send('c', list, { settings: { route: [farm, 'direct'] } });
    await h.clock.until(() => h.transport('mta2').accepted.length >= 30);
    dead = ['mta2'];
    await h.clock.until(() => h.transport('mta1').accepted.length + h.transport('mta3').accepted.length >= 350);
    assert.equal(h.transport('direct').accepted.length, 0);
    dead = farm;
    await h.until('c', 'done', HOUR);
    assertOneEach(list);
    assert.ok(h.transport('direct').accepted.length > 100);
  });

  it('do not stall when one of them has used up its quota and is waited for', async () => {
    h = await Harness.start({
      mta1: { limits: { windows: [{ count: 10, perMs: HOUR }] } },
      mta2: { takesMs: 20 },
      mta3: { takesMs: 20 },
    });
    const list = addresses(9000);
    await h.send('c', list, { settings: { route: [farm], whenQuotaReached: 'wait' } });
    await h.clock.advance(10 * MINUTE);
    const others = h.transport('mta2').accepted.length + h.transport('mta3').accepted.length;
    assert.ok(others > 5500, String(others));
    assert.equal(h.transport('mta1').accepted.length, 10);
  });
});
