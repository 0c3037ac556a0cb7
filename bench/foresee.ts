/**
 * The forecast and the rehearsal against what happens: campaigns through servers on loopback, with limits of short windows or
 * with the troubles of a scenario, three times each, and what the engine had foreseen just before.
 *
 *   node bench/foresee.ts [WORD]      only the cases whose name has the word
 */
import { once } from 'node:events';
import { defaultServer, defaultSettings } from '../src/shared/defaultSettings.ts';
import type { Behaviour } from '../src/shared/foresight.ts';
import { DIRECT, type Route, type ServerSettings } from '../src/shared/settings.ts';
import { addressesOf, WholeEngine } from '../test/engine/wholeEngine.ts';
import { closedPort } from '../test/support/deadPorts.ts';
import { behaving } from './behaving.ts';

const SECOND = 1000;
const ROUNDS = 3;
const WARM = 50;

interface Case {
  name: string;
  messages: number;
  route: Route;
  windows: readonly ServerSettings['windows'][];
  windowMs: number;
  /** Rehearsed: what the servers do of which the settings know nothing. */
  world?: Readonly<Record<string, Behaviour>>;
  /** Fewer than usual where a second try comes after minutes. */
  rounds?: number;
}

const cases: readonly Case[] = [
  { name: 'no limit', messages: 300, route: ['a'], windows: [[]], windowMs: SECOND },
  { name: '20 a second', messages: 200, route: ['a'], windows: [[{ count: 20, perMs: SECOND }]], windowMs: SECOND },
  {
    name: '50 in 5 s',
    messages: 200,
    route: ['a'],
    windows: [[{ count: 50, perMs: 5 * SECOND }]],
    windowMs: 5 * SECOND,
  },
  {
    name: 'a quota, and a backup at 20 a second',
    messages: 150,
    route: ['a', 'b'],
    windows: [[{ count: 50, perMs: 120 * SECOND }], [{ count: 20, perMs: SECOND }]],
    windowMs: SECOND,
  },
  {
    name: 'two side by side, 10 a second each',
    messages: 200,
    route: [['a', 'b']],
    windows: [[{ count: 10, perMs: SECOND }], [{ count: 10, perMs: SECOND }]],
    windowMs: SECOND,
  },
  {
    name: 'rehearsed: one reader in twenty unknown',
    messages: 300,
    route: ['a'],
    windows: [[{ count: 40, perMs: SECOND }]],
    windowMs: SECOND,
    world: { a: { unknown: 0.05, connectMs: 10, messageMs: 20 } },
  },
  {
    name: 'rehearsed: an unknown quota, and a backup',
    messages: 200,
    route: ['a', 'b'],
    windows: [[], [{ count: 20, perMs: SECOND }]],
    windowMs: SECOND,
    world: {
      a: {
        connectMs: 10,
        messageMs: 20,
        windows: [{ count: 60, perMs: 3_600 * SECOND, reply: '452 4.3.1 you have exceeded your hourly limit' }],
      },
    },
  },
  {
    name: 'rehearsed: the first is down, a backup',
    messages: 200,
    route: ['a', 'b'],
    windows: [[], [{ count: 20, perMs: SECOND }]],
    windowMs: SECOND,
    world: { a: { down: { how: 'refused', fromMs: 0 } } },
  },
  {
    name: 'rehearsed: one message in twenty lost',
    messages: 200,
    route: ['a'],
    windows: [[{ count: 20, perMs: SECOND }]],
    windowMs: SECOND,
    world: { a: { connectMs: 10, messageMs: 20, drops: { share: 0.05, at: 'before' } } },
    rounds: 1,
  },
  {
    name: 'rehearsed: one reader in ten greylisted',
    messages: 200,
    route: ['a'],
    windows: [[{ count: 20, perMs: SECOND }]],
    windowMs: SECOND,
    world: { a: { connectMs: 10, messageMs: 20, greylists: { share: 0.1, forMs: 60 * SECOND } } },
    rounds: 1,
  },
];

const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const shares = (by: readonly { sent: number }[]) => by.map(({ sent }) => sent).join('/');

/** How the deliveries ended, those that were not sent. */
const failures = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .filter(([state, count]) => count > 0 && state !== 'sent')
    .map(([state, count]) => `${count} ${state}`)
    .join(', ') || 'all sent';

const [wanted = ''] = process.argv.slice(2);
console.log('case                                       foreseen s   took s   off    by (foreseen, real)');
for (const { name, messages, route, windows, windowMs, world, rounds = ROUNDS } of cases.filter((each) =>
  each.name.includes(wanted),
)) {
  const foreseen: number[] = [];
  const took: number[] = [];
  let told = '';
  for (let round = 0; round < rounds; round++) {
    const whole = await WholeEngine.open();
    try {
      const servers: Record<string, ServerSettings> = {};
      for (const [at, each] of windows.entries()) {
        const server = 'ab'[at] ?? '';
        const behaviour = world?.[server] ?? {};
        const port = behaviour.down ? await closedPort() : (await whole.serve(behaving(behaviour))).port;
        const own = { ...defaultServer, host: '127.0.0.1', port, security: 'none', auth: 'none' } as const;
        servers[server] = { ...own, windows: each };
      }
      const settings = { ...defaultSettings, servers, route };
      const { engine } = whole;
      // Some messages first, so that it is known how long one takes; they are not in the windows of the others.
      for (const [name, server] of Object.entries(servers).filter(([each]) => !world?.[each]))
        await finished(
          whole,
          await whole.send(engine, addressesOf(WARM), {
            servers: { [name]: { ...server, user: 'warm', windows: [] } },
            route: [name],
          }),
        );
      const addresses = addressesOf(messages);
      const list = { total: messages, domains: {}, others: 6, addresses };
      const scenario = world ? { scenario: { name, behaviours: world } } : {};
      const seen = await engine.foresee({ settings, list, startAt: 0, ...scenario });
      const begun = Date.now();
      const id = await whole.send(engine, addresses, { servers, route });
      const end = await finished(whole, id);
      foreseen.push((seen.endAt - seen.startAt) / SECOND);
      took.push((end.finishedAt - begun) / SECOND);
      const used = end.transports.filter(({ name: each, sent }) => each !== DIRECT && sent > 0);
      told = `${shares(seen.by)}, ${shares(used)}   ${failures(seen.counts)}; ${failures(end.counts)}`;
    } finally {
      await whole.close();
    }
  }
  const [guess, real] = [middle(foreseen), middle(took)];
  const off = Math.abs(guess - real);
  const good = off <= real / 10 || off <= windowMs / SECOND ? 'within' : 'off by more';
  console.log(
    `${name.padEnd(42)} ${guess.toFixed(1).padStart(10)} ${real.toFixed(1).padStart(8)}   ${`${Math.round((100 * off) / real)} %`.padEnd(6)} ${told}   ${good}`,
  );
}

async function finished(whole: WholeEngine, campaign: string) {
  for (;;) {
    const snapshot = await whole.engine.get({ campaign });
    if (snapshot.state !== 'running') return snapshot;
    await once(AbortSignal.timeout(100), 'abort');
  }
}
