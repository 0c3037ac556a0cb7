import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type AttemptHistory, decide } from '../../../src/engine/queue/policy/decide.ts';
import { commonReplies } from '../../../src/engine/verdict/commonReplies.ts';
import { judge } from '../../../src/engine/verdict/judge.ts';
import { allProviders } from '../../../src/providers/all.ts';
import type { AttemptEnd, FaultCode, Outcome, Stage } from '../../../src/shared/outcome.ts';
import { reply } from '../../support/fakeTransport.ts';
import { addresses, Harness, HOUR, MINUTE } from './harness.ts';

const stages: Stage[] = ['greeting', 'ehlo', 'tls', 'auth', 'mail', 'rcpt', 'data', 'body', 'dot'];
const faults: FaultCode[] = ['dnsTemporary', 'dnsOffline', 'refused', 'timeout', 'closed', 'protocol', 'aborted'];

/** Whatever a rule can ask for, and what stages and faults come to without one. */
function* outcomes(): Iterable<Outcome> {
  for (const { act } of [...commonReplies, ...allProviders.flatMap(({ replies }) => replies)])
    if (act.do === 'later') yield { kind: 'later', ...act };
  for (const transport of ['relay', 'direct'] as const) {
    const where = { transport, host: 'mx.example' };
    for (const stage of stages) {
      for (const code of [421, 450, 451, 452, 503, 550, 554])
        yield judge({ kind: 'reply', stage, reply: { code, enhanced: '', text: 'try again in 1 second' } }, where)
          .outcome;
      for (const code of faults) yield judge({ kind: 'fault', stage, code, detail: '' } as AttemptEnd, where).outcome;
    }
  }
  yield { kind: 'later', afterMs: 0, free: true };
}

describe('between two attempts of one delivery', () => {
  it('there are 30 seconds at least, and twice as many each time, whatever a rule says', () => {
    let seen = 0;
    for (const outcome of outcomes())
      for (const hops of [1, 2, 4]) {
        let standing: AttemptHistory = {
          id: 7,
          tries: 0,
          asked: 0,
          hop: 0,
          hops,
          now: 0,
          firstAt: 0,
          forMs: 48 * HOUR,
          notBefore: 0,
        };
        for (let nth = 0; nth < 12; nth++) {
          const { state, nextAt, hop, tries } = decide(standing, outcome);
          // Another transport may be asked at once, but each only once.
          if (state === 'queued') assert.ok(hop > standing.hop, JSON.stringify(outcome));
          else if (state !== 'deferred') break;
          else {
            seen++;
            const least = Math.min(30_000 * 2 ** nth, HOUR);
            assert.ok(
              nextAt - standing.now >= least,
              `${JSON.stringify(outcome)}: ${nextAt - standing.now} < ${least}`,
            );
          }
          standing = { ...standing, tries, hop, asked: standing.asked + 1, now: Math.max(standing.now, nextAt) };
        }
      }
    assert.ok(seen > 500, String(seen));
  });

  it('also at the end of the retry time', () => {
    const late = {
      id: 1,
      tries: 3,
      asked: 3,
      hop: 0,
      hops: 1,
      now: 48 * HOUR - 1000,
      firstAt: 0,
      forMs: 48 * HOUR,
      notBefore: 0,
    };
    const { state, nextAt } = decide(late, { kind: 'later' });
    assert.equal(state, 'deferred');
    assert.ok(nextAt >= late.now + 4 * MINUTE);
  });
});

let h: Harness | null = null;
afterEach(async () => {
  await h?.close();
  h = null;
});

it('a server that defers everybody because of its rate is tried a few times, not thousands', async () => {
  h = await Harness.start({
    office: {
      answer: (_to, nth) => (nth < 3 ? reply('450 4.7.1 Too many messages from 192.0.2.1', 'rcpt') : undefined),
    },
  });
  const list = addresses(20);
  await h.send('c', list, { settings: { route: ['office'] } });
  await h.clock.advance(20_000);
  assert.ok(h.transport('office').asked.length <= 2 * list.length, String(h.transport('office').asked.length));
  await h.until('c');
  const { asked, askedAt } = h.transport('office');
  for (const to of list) {
    const times = askedAt.filter((_, nth) => asked[nth] === to);
    assert.ok(times.length <= 4, `${to} was asked ${times.length} times`);
    times.slice(1).forEach((at, nth) => void assert.ok(at - (times[nth] ?? 0) >= 30_000));
  }
});

it('each message is dated when it is first sent, and is the same when it is retried', async () => {
  const seen: string[] = [];
  h = await Harness.start({
    direct: {
      limits: { windows: [{ count: 1, perMs: 24 * HOUR }] },
      answer: (to, nth) => (to === 'r1@d0.example' && nth === 0 ? reply('451 4.3.0 later', 'dot') : undefined),
      bytes: (to, text) => void (to === 'r1@d0.example' && seen.push(text)),
    },
  });
  const started = h.clock.now();
  await h.send('c', addresses(3), { settings: { retry: { forMs: 240 * HOUR } } });
  await h.until('c');
  const dates = h.transport('direct').accepted.map(({ to, at, text }) => ({
    to,
    at,
    date: Date.parse(/^Date: (.*)$/m.exec(text)?.[1] ?? ''),
  }));
  const late = dates.find(({ at }) => at > started + 20 * HOUR && dates.length === 3);
  assert.ok(late, JSON.stringify(dates));
  for (const { to, at, date } of dates.filter(({ to }) => to !== 'r1@d0.example'))
    assert.ok(at - date < 2000, `${to}: sent ${at - date} ms after its Date`);
  assert.equal(seen.length, 2);
  assert.equal(seen[0], seen[1]);
});
