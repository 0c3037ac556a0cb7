import { defaultServer, defaultSettings } from '../../src/shared/defaultSettings.ts';
import type { Behaviour } from '../../src/shared/foresight.ts';
import { seededRandom } from '../../src/shared/seededRandom.ts';
import { DIRECT, type Route, type ServerSettings, type Settings } from '../../src/shared/settings.ts';

/** All that will befall a campaign, made of a number. */
export interface Fate {
  seed: number;
  settings: Settings;
  readers: readonly string[];
  /** By transport; for direct by domain too. */
  behaviours: Readonly<Record<string, Behaviour>>;
  /** At which effect each life ends; the one after them lasts. */
  crashes: readonly number[];
  /** How far the clock is off after each, ms: all forwards, or all backwards. */
  skews: readonly number[];
  /** Effects of the first life for which the disk is full. */
  full: { from: number; to: number };
  /** Of the servers. */
  random: () => number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const limitReplies = [
  '452 4.5.3 too many messages, limit exceeded for this hour',
  '450 4.7.1 Error: too many messages from your account',
  '550 5.4.5 Daily user sending limit exceeded',
  '421 4.7.0 rate limit reached, try again later',
  '451 4.3.2 please try again later',
];
const refusals = [
  '550 5.7.1 Service unavailable, your IP is on a block list',
  '554 5.7.1 message refused for policy reasons',
  '550 5.7.25 the sending IP does not have a PTR record',
  '451 4.7.1 greylisted, come back',
];

export function fateOf(seed: number): Fate {
  const random = seededRandom(seed);
  const below = (n: number) => Math.floor(random() * n);
  const chance = (share: number) => random() < share;
  const one = <T>(items: readonly T[]): T => items[below(items.length)] as T;

  const behaviour = (): Behaviour => ({
    connectMs: one([10, 100, 400, 3_000]),
    messageMs: one([5, 50, 200, 2_000]),
    ...(chance(0.2)
      ? { windows: [{ count: 1 + below(20), perMs: one([MINUTE, HOUR]), reply: one(limitReplies) }] }
      : {}),
    ...(chance(0.2) ? { maxConnections: 1 + below(3) } : {}),
    ...(chance(0.2) ? { maxMessagesPerConnection: 1 + below(5) } : {}),
    ...(chance(0.2) ? { greylists: { share: random(), forMs: one([MINUTE, 15 * MINUTE]) } } : {}),
    ...(chance(0.3) ? { unknown: random() * 0.2 } : {}),
    ...(chance(0.2) ? { drops: { share: random() * 0.2, at: one(['before', 'behind'] as const) } } : {}),
    ...(chance(0.2)
      ? {
          down: {
            how: one(['refused', 'silent', 'blocked'] as const),
            fromMs: below(MINUTE),
            forMs: one([MINUTE, HOUR, 5 * HOUR]),
          },
        }
      : {}),
    ...(chance(0.08) ? { refuses: one(refusals) } : {}),
  });

  const servers: Record<string, ServerSettings> = {};
  const behaviours: Record<string, Behaviour> = {};
  for (const name of ['alpha', 'beta'].slice(0, below(3))) {
    servers[name] = {
      ...defaultServer,
      host: `${name}.example`,
      auth: 'none',
      maxConnections: 1 + below(6),
      maxMessagesPerConnection: one([2, 100]),
      windows: chance(0.5) ? [{ count: 1 + below(15), perMs: one([SECOND, 10 * SECOND, MINUTE, HOUR]) }] : [],
      ...(chance(0.15) ? { pause: { every: 1 + below(10), forMs: one([SECOND, MINUTE]) } } : {}),
    };
    behaviours[name] = behaviour();
  }
  const names = Object.keys(servers);
  const domains = Array.from({ length: 1 + below(8) }, (_, at) =>
    at === 0 && chance(0.3) ? 'gmail.com' : `d${at}.example`,
  );
  behaviours[DIRECT] = behaviour();
  for (const domain of domains) if (chance(0.3)) behaviours[`${DIRECT} ${domain}`] = behaviour();
  const all: Route = names.length === 2 && chance(0.3) ? [names] : names;
  const route = names.length === 0 ? [DIRECT] : chance(0.6) ? (chance(0.2) ? [DIRECT, ...all] : [...all, DIRECT]) : all;
  const lives = chance(0.6) ? below(4) : 0;
  const sign = chance(0.3) ? -1 : 1;
  const fullFrom = chance(0.2) ? 1 + below(300) : Number.POSITIVE_INFINITY;
  return {
    seed,
    settings: {
      ...defaultSettings,
      servers,
      route,
      whenQuotaReached: chance(0.7) ? 'next' : 'wait',
      retry: { forMs: one([2 * HOUR, 48 * HOUR]) },
    },
    readers: Array.from({ length: 1 + below(60) }, (_, at) => `r${at}@${one(domains)}`),
    behaviours,
    crashes: Array.from({ length: lives }, () => 1 + below(400)),
    skews: Array.from({ length: lives }, () => (chance(0.4) ? sign * below(24 * HOUR) : 0)),
    full: { from: fullFrom, to: fullFrom + 1 + below(40) },
    random,
  };
}
