import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { defaultDirect } from '../../../src/shared/defaultSettings.ts';
import type { AttemptEnd } from '../../../src/shared/outcome.ts';
import { type FakeScript, fault } from '../../support/fakeTransport.ts';
import { Harness, MINUTE } from './harness.ts';

let h: Harness;
afterEach(() => h.close());

const DOMAINS = 240;
const ROWS = 3;
const CONNECTIONS = 10;
const isDead = (domain: number) => domain % 20 === 0;

/** A third of the dead refuses connections, a third never greets, and of a third the name servers never answer. */
function internet(): FakeScript {
  const wayOf = (domain: string) => {
    const number = Number(/\d+/.exec(domain)?.[0]);
    return isDead(number) ? (number / 20) % 3 : -1;
  };
  const after = (ms: number, end: AttemptEnd) => h.clock.sleep(ms).then(() => end);
  return {
    connectMs: 60,
    takesMs: 100,
    locate: (domain) => (wayOf(domain) === 2 ? after(20_000, fault('resolve', 'dnsTemporary')) : undefined),
    open: (domain) => {
      if (wayOf(domain) === 0) return fault('connect', 'refused');
      return wayOf(domain) === 1 ? after(5 * MINUTE, fault('greeting', 'timeout')) : undefined;
    },
    limits: { maxConnections: 4 },
  };
}

/** How long it takes until the last reader at a living domain has the message. */
async function goodServedAfter(dead: boolean): Promise<number> {
  h = await Harness.start({ direct: internet() });
  const all = Array.from({ length: DOMAINS * ROWS }, (_, n) => n);
  const good = all.filter((n) => !isDead(n % DOMAINS));
  const start = h.clock.now();
  await h.send(
    'c',
    (dead ? all : good).map((n) => `r${n}@d${n % DOMAINS}.example`),
    { settings: { route: ['direct'], direct: { ...defaultDirect, maxConnections: CONNECTIONS } } },
  );
  const { accepted } = h.transport('direct');
  await h.clock.until(() => accepted.length >= good.length, 10 * MINUTE);
  return h.clock.now() - start;
}

test('one dead domain in twenty hardly delays the others: no silent host keeps a place for long', async () => {
  const alone = await goodServedAfter(false);
  await h.close();
  const among = await goodServedAfter(true);
  assert.ok(among <= alone * 1.1, `${among} ms instead of ${alone}`);
});
