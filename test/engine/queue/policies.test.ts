import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConnectionGate } from '../../../src/engine/queue/limits/connectionGate.ts';
import { Account, Blocks, RollingWindow } from '../../../src/engine/queue/limits/limits.ts';
import {
  expectedOpeningMs,
  type OpeningTime,
  openedAfter,
  startOpening,
} from '../../../src/engine/queue/limits/openingTime.ts';
import { RateMeter } from '../../../src/engine/queue/limits/rateMeter.ts';
import { capped, startConcurrency, succeeded, troubled } from '../../../src/engine/queue/policy/concurrency.ts';
import { type AttemptHistory, decide } from '../../../src/engine/queue/policy/decide.ts';
import { hoursOpenAt } from '../../../src/engine/queue/policy/hours.ts';
import { nextTry, probeDelay, spread } from '../../../src/engine/queue/policy/schedule.ts';
import { LaneQueue } from '../../../src/engine/queue/run/laneQueue.ts';
import { Transports } from '../../../src/engine/queue/run/transports.ts';
import type { Delivery } from '../../../src/engine/queue/store/delivery.ts';
import type { Outcome } from '../../../src/shared/outcome.ts';
import { FakeClock, settled } from '../../support/fakeClock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('the schedule of retries', () => {
  const at = (tries: number, random = 0) => nextTry({ tries, asked: 1, now: 0, firstAt: 0, forMs: 48 * HOUR, random });
  for (const [tries, minutes] of [
    [1, 5],
    [2, 15],
    [3, 30],
    [4, 60],
    [5, 120],
    [6, 240],
    [7, 240],
    [40, 240],
  ] as const) {
    it(`waits ${minutes} minutes after attempt ${tries}`, () => assert.equal(at(tries), minutes * MINUTE));
  }
  it('spreads retries by a tenth at most', () => assert.equal(at(1, 1), 5.5 * MINUTE));
  it('puts the last attempt on the deadline, and expires there', () => {
    const late = { tries: 9, asked: 1, firstAt: 0, forMs: 10 * HOUR, random: 0 };
    assert.equal(nextTry({ ...late, now: 9 * HOUR }), 10 * HOUR);
    assert.equal(nextTry({ ...late, now: 10 * HOUR }), 'expired');
  });
  it('respects what the server asked for', () =>
    assert.equal(
      nextTry({ tries: 1, asked: 1, now: 0, firstAt: 0, forMs: HOUR, afterMs: 7 * MINUTE, random: 0 }),
      7 * MINUTE,
    ));
  it('probes after 1, 2, 5, 10 and then every 30 minutes', () =>
    assert.deepEqual(
      [1, 2, 3, 4, 5, 50].map((n) => probeDelay(n) / MINUTE),
      [1, 2, 5, 10, 30, 30],
    ));
  it('spreads deliveries evenly and reproducibly', () => {
    const values = Array.from({ length: 10_000 }, (_, id) => spread(id, 1));
    assert.ok(values.every((value) => value >= 0 && value < 1));
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    assert.ok(Math.abs(mean - 0.5) < 0.02, String(mean));
    assert.equal(spread(7, 2), spread(7, 2));
  });
});

describe('a decision', () => {
  const standing: AttemptHistory = {
    id: 1,
    tries: 0,
    asked: 0,
    hop: 0,
    hops: 2,
    now: 0,
    firstAt: 0,
    forMs: 48 * HOUR,
    notBefore: 0,
  };
  const cases: [string, Partial<AttemptHistory>, Outcome, string][] = [
    ['sent is sent', {}, { kind: 'delivered' }, 'sent hop 0 tries 1'],
    ['a refused recipient is final, backup or not', {}, { kind: 'rejected', suppress: true }, 'rejected hop 0 tries 1'],
    ['in doubt is never sent again', {}, { kind: 'inDoubt' }, 'inDoubt hop 0 tries 1'],
    ['a fault of the path moves to the backup, uncounted', {}, { kind: 'nextTransport' }, 'queued hop 1 tries 0'],
    ['and on to the next of four', { hop: 2, hops: 4 }, { kind: 'nextTransport' }, 'queued hop 3 tries 0'],
    ['each once a round', { hop: 3, hops: 4 }, { kind: 'nextTransport' }, 'deferred hop 0 tries 1'],
    ['what passes stays where it was', { hop: 3, hops: 4 }, { kind: 'later' }, 'deferred hop 3 tries 1'],
    ['without a backup it waits', { hops: 1 }, { kind: 'nextTransport' }, 'deferred hop 0 tries 1'],
    ['or is refused', { hops: 1 }, { kind: 'nextTransport', otherwise: 'rejected' }, 'rejected hop 0 tries 1'],
    ['a free one counts nothing', { tries: 2 }, { kind: 'later', free: true }, 'deferred hop 0 tries 2'],
    ['a full mailbox is asked so many times', { tries: 2 }, { kind: 'later', maxTries: 3 }, 'rejected hop 0 tries 3'],
    ['a passing one stays', { tries: 1 }, { kind: 'later', nextTransportAfterTries: 3 }, 'deferred hop 0 tries 2'],
    ['until it has had enough', { tries: 2 }, { kind: 'later', nextTransportAfterTries: 3 }, 'queued hop 1 tries 3'],
    ['too late is expired', { now: 49 * HOUR }, { kind: 'later' }, 'expired hop 0 tries 1'],
  ];
  for (const [name, change, outcome, expected] of cases) {
    it(name, () => {
      const { state, hop, tries } = decide({ ...standing, ...change }, outcome);
      assert.equal(`${state} hop ${hop} tries ${tries}`, expected);
    });
  }
  it('does not come back before its transport is open again', () =>
    assert.equal(decide({ ...standing, notBefore: 3 * HOUR }, { kind: 'later' }).nextAt, 3 * HOUR));
});

describe('a rolling window', () => {
  it('never lets more than its count into any span, whatever the order of requests', () => {
    const random = generator(20261123);
    for (let round = 0; round < 200; round++) {
      const window = { count: 1 + Math.floor(random() * 8), perMs: 1 + Math.floor(random() * 1000) };
      let account = new Account(() => []);
      const commits: number[] = [];
      const held: { at: number; place: { commit(at: number): void; release(): void } }[] = [];
      let now = 1_000_000;
      for (let step = 0; step < 300; step++) {
        now += Math.floor(random() * 60);
        const reservation = account.take([window], now);
        if ('commit' in reservation) held.push({ at: now, place: reservation });
        if (held.length > 0 && random() < 0.7) {
          const next = held.shift();
          if (random() < 0.2) next?.place.release();
          else {
            next?.place.commit(now);
            commits.push(now);
          }
        }
        if (random() < 0.02) {
          // A restart: what was on its way is not sent, what was committed is remembered.
          held.length = 0;
          account = new Account((since, count) => commits.filter((at) => at > since).slice(-count));
        }
      }
      for (const from of commits) {
        const within = commits.filter((at) => at >= from && at < from + window.perMs).length;
        assert.ok(within <= window.count, `${within} of ${window.count} in ${window.perMs} ms`);
      }
    }
  });
  it('frees a place the moment the oldest leaves the window', () => {
    const window = new RollingWindow({ count: 2, perMs: 100 }, [10, 50]);
    assert.equal(window.freeAt(60), 110);
    assert.equal(window.freeAt(109), 110);
    assert.equal(window.freeAt(110), 0);
  });
  it('frees nothing early when the clock is set back', () => {
    const window = new RollingWindow({ count: 1, perMs: 100 }, [1000]);
    window.hold();
    window.commit(500);
    assert.equal(window.freeAt(700), 1100);
  });
  it('tells a full window from one that may have room again at once', () => {
    const account = new Account(() => []);
    const wanted = [{ count: 1, perMs: HOUR }];
    const first = account.take(wanted, 0);
    const second = account.take(wanted, 0);
    assert.ok('commit' in first && 'until' in second);
    assert.equal(second.usedUp, false);
    first.commit(0);
    const third = account.take(wanted, 1);
    assert.ok('until' in third && third.usedUp);
    assert.equal(third.until, HOUR);
  });
  it('counts messages in progress in windows added later', () => {
    const account = new Account(() => []);
    const first = account.take([], 0);
    assert.ok('commit' in first);
    assert.ok('until' in account.take([{ count: 1, perMs: 100 }], 0));
    first.release();
    assert.ok('commit' in account.take([{ count: 1, perMs: 100 }], 0));
  });
  it('pauses after every block', () => {
    const blocks = new Blocks();
    const pause = { every: 2, forMs: 50 };
    blocks.started(pause, 0);
    assert.equal(blocks.freeAt(0), 0);
    blocks.started(pause, 1);
    assert.equal(blocks.freeAt(2), 51);
    assert.equal(blocks.freeAt(51), 0);
  });
});

describe('hours', () => {
  const paris = { days: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 18 * 60, zone: 'Europe/Paris' };
  const night = { days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 150, toMinute: 180, zone: 'Europe/Paris' };
  const cases: [string, typeof paris, string, string][] = [
    ['open within', paris, '2026-11-23T08:30:00Z', 'open'],
    ['closed a minute before', paris, '2026-11-23T07:59:00Z', '2026-11-23T08:00:00Z'],
    ['closed at the end', paris, '2026-11-23T17:00:00Z', '2026-11-24T08:00:00Z'],
    ['over the weekend', paris, '2026-11-27T18:00:00Z', '2026-11-30T08:00:00Z'],
    ['the day the clocks go back', paris, '2026-10-25T12:00:00Z', '2026-10-26T08:00:00Z'],
    ['the day before they do', paris, '2026-10-23T17:00:00Z', '2026-10-26T08:00:00Z'],
    ['the day after they go forward', paris, '2026-03-29T12:00:00Z', '2026-03-30T07:00:00Z'],
    ['an hour that does not exist in spring is passed over', night, '2026-03-29T00:00:00Z', '2026-03-30T00:30:00Z'],
    ['an hour that comes twice in autumn is open both times', night, '2026-10-25T01:30:00Z', 'open'],
  ];
  for (const [name, hours, now, expected] of cases) {
    it(name, () => {
      const at = hoursOpenAt(hours, Date.parse(now));
      assert.equal(
        at === 0 ? 'open' : new Date(at).toISOString(),
        expected === 'open' ? 'open' : new Date(expected).toISOString(),
      );
    });
  }
  it('none means always', () => assert.equal(hoursOpenAt(null, 0), 0));
});

describe('concurrency', () => {
  it('grows by one over a whole cohort and shrinks at once', () => {
    let state = startConcurrency(4);
    assert.equal(state.limit, 2);
    state = succeeded(succeeded(state));
    assert.equal(state.limit, 3);
    for (let n = 0; n < 50; n++) state = succeeded(state);
    assert.equal(state.limit, 4);
    for (let n = 0; n < 50; n++) state = troubled(state);
    assert.equal(state.limit, 1);
  });
  it('stays under a cap', () => {
    let state = capped(startConcurrency(8, 8), 1);
    for (let n = 0; n < 50; n++) state = succeeded(state);
    assert.equal(state.limit, 1);
  });
});

describe('the connection gate', () => {
  it('never exceeds its limit, and admits waiting ones in order', async () => {
    const gate = new ConnectionGate(new FakeClock(), 2, 10, 5_000);
    const { signal } = new AbortController();
    const order: number[] = [];
    const permits = Array.from({ length: 4 }, (_, n) =>
      gate.enter(signal).then(async (permit) => {
        order.push(n);
        await permit.establish(signal);
        return permit;
      }),
    );
    await settled();
    assert.deepEqual(order, [0, 1]);
    (await permits[0])?.leave();
    (await permits[1])?.leave();
    await settled();
    assert.deepEqual(order, [0, 1, 2, 3]);
    assert.equal(gate.established, 2);
  });
  it('gives the place of one that never answers to another, and lets it in later', async () => {
    const clock = new FakeClock();
    const gate = new ConnectionGate(clock, 1, 10, 5_000);
    const { signal } = new AbortController();
    const slow = await gate.enter(signal);
    const quick = gate.enter(signal);
    await clock.advance(5_000);
    const second = await quick;
    await second.establish(signal);
    let stands = false;
    const late = slow.establish(signal).then(() => {
      stands = true;
    });
    await settled();
    assert.equal(stands, false);
    second.leave();
    await late;
    assert.equal(gate.established, 1);
  });
  it('admits those that were answered, though others fill all opening places and wait behind them', async () => {
    const clock = new FakeClock();
    const gate = new ConnectionGate(clock, 1, 2, 5_000);
    const { signal } = new AbortController();
    const slow = await gate.enter(signal);
    const second = gate.enter(signal);
    await clock.advance(5_000);
    const third = gate.enter(signal);
    await second;
    await clock.advance(5_000);
    // Two are being opened, which is all there may be; one more waits for its turn.
    await slow.establish(signal);
    assert.equal(gate.established, 1);
    slow.leave();
    assert.ok(await third);
  });
  it('gives up the place of one that takes several times as long as others did', async () => {
    const clock = new FakeClock();
    const gate = new ConnectionGate(clock, 1, 10, 5_000);
    const { signal } = new AbortController();
    const usual = await gate.enter(signal);
    await clock.advance(100);
    await usual.establish(signal);
    usual.leave();
    await gate.enter(signal);
    let entered = false;
    const next = gate.enter(signal).then(() => {
      entered = true;
    });
    await clock.advance(399);
    assert.equal(entered, false);
    await clock.advance(1);
    await next;
  });
  it('forgets those that gave up waiting', async () => {
    const gate = new ConnectionGate(new FakeClock(), 1, 1, 5_000);
    const abort = new AbortController();
    const first = await gate.enter(abort.signal);
    const second = gate.enter(abort.signal);
    abort.abort(new Error('closed'));
    await assert.rejects(second, /closed/);
    first.leave();
    assert.ok(await gate.enter(new AbortController().signal));
  });
});

describe('how long a connection being opened holds a place', () => {
  const rows: [name: string, times: readonly number[], hope: number][] = [
    ['as long as may be, while nothing is known', [], 5_000],
    ['several times as long as others took', [200, 200], 800],
    ['not for less than a quarter of a second', [1], 250],
    ['never longer than may be, on a slow line', [3_000, 3_000], 5_000],
    ['one slow among quick ones changes little', [...Array(20).fill(100), 900], 600],
  ];
  for (const [name, times, hope] of rows)
    it(name, () => assert.equal(expectedOpeningMs(times.reduce<OpeningTime>(openedAfter, startOpening), 5_000), hope));
});

describe('the queue of a lane', () => {
  const delivery = (id: number, campaign: string) => ({ id, campaign }) as Delivery;
  it('serves campaigns in turn, and tests first', () => {
    const queue = new LaneQueue();
    for (const id of [1, 2, 3]) queue.push(delivery(id, 'a'), false);
    for (const id of [4, 5]) queue.push(delivery(id, 'b'), false);
    queue.push(delivery(9, 't'), true);
    const ids = [];
    for (let next = queue.shift(); next; next = queue.shift()) ids.push(next.id);
    assert.deepEqual(ids, [9, 1, 4, 2, 5, 3]);
    assert.equal(queue.size, 0);
  });
  it('keeps count when some are removed', () => {
    const queue = new LaneQueue();
    for (const id of [1, 2, 3]) queue.push(delivery(id, 'a'), false);
    assert.deepEqual(
      queue.remove(({ id }) => id === 2).map(({ id }) => id),
      [2],
    );
    assert.equal(queue.size, 2);
    assert.equal(queue.sizeOf('a'), 2);
  });
});

describe('the health of a transport', () => {
  const closing = { cause: 'connect', text: 'refused', offline: false, needsAction: false } as const;
  const [a, b] = [{ id: 1 } as Delivery, { id: 2 } as Delivery];
  it('closes for longer from probe to probe, but not because of results that arrive while it is closed', () => {
    const transports = new Transports(() => assert.fail());
    const waits = [];
    let now = 0;
    for (let n = 0; n < 6; n++) {
      const { until } = transports.close('x', now, MINUTE, closing);
      assert.equal(transports.close('x', now + 1, MINUTE, closing).since, 0);
      waits.push(Math.floor((until - now) / MINUTE));
      now = until + 1;
    }
    assert.deepEqual(waits, [1, 2, 5, 10, 30, 30]);
  });
  it('lets one delivery test whether it works again, and all continue when it does', () => {
    const transports = new Transports(() => assert.fail());
    const { until } = transports.close('x', 0, MINUTE, closing);
    const kind = (delivery: Delivery, now = until) => transports.stateFor('x', now, delivery).kind;
    assert.deepEqual([kind(a, until - 1), kind(a), kind(b)], ['shut', 'open', 'open']);
    transports.claim('x', a, until);
    assert.deepEqual([kind(a), kind(b)], ['open', 'probed']);
    transports.claim('x', b, until);
    assert.equal(kind(a), 'open', 'who has no other way goes there too, and is not the one that probes');
    transports.withdraw(a);
    assert.equal(kind(b), 'open');
    transports.reopen('x');
    assert.equal(kind(a), 'open');
    assert.equal(transports.doubtful('x'), false);
  });
});

describe('the rate', () => {
  it('is of the last ten seconds, or since the first event', () => {
    const meter = new RateMeter();
    const start = 1_000_000;
    for (let ms = 0; ms < 2000; ms += 10) meter.count(start + ms);
    assert.equal(Math.round(meter.rate(start + 2000)), 100);
    for (let ms = 2000; ms < 60_000; ms += 20) meter.count(start + ms);
    assert.ok(Math.abs(meter.rate(start + 60_000) - 50) < 2);
    assert.equal(meter.rate(start + 80_000), 0);
  });
});

function generator(seed: number): () => number {
  let a = seed;
  return () => {
    a = (Math.imul(a, 1_664_525) + 1_013_904_223) >>> 0;
    return a / 2 ** 32;
  };
}
