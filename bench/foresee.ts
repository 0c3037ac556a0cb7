/**
 * The forecast against what happens: campaigns through servers on loopback with limits of short windows, three times each,
 * and what the engine had foreseen just before.
 *
 *   node bench/foresee.ts
 */
import { once } from 'node:events';
import { defaultServer, defaultSettings } from '../src/shared/defaultSettings.ts';
import { DIRECT, type Route, type ServerSettings } from '../src/shared/settings.ts';
import { addressesOf, WholeEngine } from '../test/engine/wholeEngine.ts';

const SECOND = 1000;
const ROUNDS = 3;
const WARM = 50;

interface Case {
  name: string;
  messages: number;
  route: Route;
  windows: readonly ServerSettings['windows'][];
  windowMs: number;
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
];

const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const shares = (by: readonly { sent: number }[]) => by.map(({ sent }) => sent).join('/');

console.log('case                                   foreseen s   took s   off    by (foreseen, real)');
for (const { name, messages, route, windows, windowMs } of cases) {
  const foreseen: number[] = [];
  const took: number[] = [];
  let told = '';
  for (let round = 0; round < ROUNDS; round++) {
    const whole = await WholeEngine.open();
    try {
      const servers: Record<string, ServerSettings> = {};
      for (const [at, each] of windows.entries()) {
        const { port } = await whole.serve();
        const own = { ...defaultServer, host: '127.0.0.1', port, security: 'none', auth: 'none' } as const;
        servers['ab'[at] ?? ''] = { ...own, windows: each };
      }
      const settings = { ...defaultSettings, servers, route };
      const { engine } = whole;
      // Some messages first, so that it is known how long one takes; they are not in the windows of the others.
      for (const [name, server] of Object.entries(servers))
        await finished(
          whole,
          await whole.send(engine, addressesOf(WARM), {
            servers: { [name]: { ...server, user: 'warm', windows: [] } },
            route: [name],
          }),
        );
      const addresses = addressesOf(messages);
      const list = { total: messages, domains: {}, others: 6, addresses };
      const seen = await engine.foresee({ settings, list, startAt: 0 });
      const begun = Date.now();
      const id = await whole.send(engine, addresses, { servers, route });
      const end = await finished(whole, id);
      foreseen.push((seen.endAt - seen.startAt) / SECOND);
      took.push((end.finishedAt - begun) / SECOND);
      told = `${shares(seen.by)}, ${shares(end.transports.filter(({ name: each }) => each !== DIRECT))}`;
    } finally {
      await whole.close();
    }
  }
  const [guess, real] = [middle(foreseen), middle(took)];
  const off = Math.abs(guess - real);
  const good = off <= real / 10 || off <= windowMs / SECOND ? 'within' : 'off by more';
  console.log(
    `${name.padEnd(38)} ${guess.toFixed(1).padStart(10)} ${real.toFixed(1).padStart(8)}   ${`${Math.round((100 * off) / real)} %`.padEnd(6)} ${told}   ${good}`,
  );
}

async function finished(whole: WholeEngine, campaign: string) {
  for (;;) {
    const snapshot = await whole.engine.get({ campaign });
    if (snapshot.state !== 'running') return snapshot;
    await once(AbortSignal.timeout(100), 'abort');
  }
}
