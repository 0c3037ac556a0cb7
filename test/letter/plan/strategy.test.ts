import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foresee } from '../../../src/engine/simulator/foresee.ts';
import { strategyFor } from '../../../src/letter/plan/strategy.ts';
import { planLines, planTitle, strategyAdvice } from '../../../src/letter/plan/strategyText.ts';
import { defaultServer, defaultSettings } from '../../../src/shared/defaultSettings.ts';
import type { DirectStanding } from '../../../src/shared/directStanding.ts';
import { msg } from '../../../src/shared/errors.ts';
import type { ListShares } from '../../../src/shared/foresight.ts';
import type { Route, ServerSettings } from '../../../src/shared/settings.ts';
import { plainWords } from '../../../src/shared/words.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 30, 9);

const server = (host: string, windows: ServerSettings['windows'] = []): ServerSettings => ({
  ...defaultServer,
  host,
  auth: 'none',
  windows,
});
const office = (count: number, perMs = HOUR) => server('smtp.example.org', [{ count, perMs }]);
const many = (total: number): ListShares => ({
  total,
  domains: { 'gmail.com': Math.floor(total * 0.3), 'outlook.com': Math.floor(total * 0.1) },
  others: Math.ceil(total * 0.3),
});

interface Row {
  name: string;
  recipients: number;
  servers: Record<string, ServerSettings>;
  route?: Route;
  /** The route is nobody's choice. */
  assumed?: boolean;
  /** Limits that the server “office” is known to have. */
  known?: ServerSettings['windows'];
  direct: DirectStanding;
  /** Aim and route of each plan offered, the first being the one to take. */
  plans: readonly [aim: string, route: Route][];
  /** Keys of `domainRoutes` of the last plan. */
  kept?: readonly string[];
  says?: RegExp;
  weak?: boolean;
  /** Limits that the last plan sets. */
  limits?: Record<string, ServerSettings['windows']>;
}

const passed: DirectStanding = { state: 'passed' };
const unknown: DirectStanding = { state: 'unknown' };
const failed: DirectStanding = { state: 'failed', why: msg('this network blocks port 25') };

/** The four cases people have, and their neighbours. */
const rows: Row[] = [
  {
    name: 'small or occasional: the server alone, and nothing to choose',
    recipients: 120,
    servers: { office: office(200) },
    direct: unknown,
    plans: [['safest', ['office']]],
  },
  {
    name: 'small, and a little more than the server takes at once: the rest may go directly',
    recipients: 286,
    servers: { office: office(200) },
    direct: passed,
    plans: [
      ['safest', ['office']],
      ['steady', ['office', 'direct']],
      ['quickest', ['direct', 'office']],
    ],
  },
  {
    name: 'large and frequent at a weak server: a service is worth looking for, and direct delivery worth checking',
    recipients: 20_000,
    servers: { office: office(200) },
    direct: unknown,
    plans: [['safest', ['office']]],
    says: /look for a service made for newsletters: one that takes 2,500 an hour[\s\S]*left out until it has been checked|left out until it has been checked[\s\S]*look for a service/,
    weak: true,
  },
  {
    name: 'large and frequent at a weak server, and direct passed: what the server cannot take goes directly',
    recipients: 20_000,
    servers: { office: office(200) },
    direct: passed,
    plans: [
      ['steady', ['office', 'direct']],
      ['safest', ['office']],
    ],
    weak: true,
  },
  {
    name: 'large at a weak server, by somebody who has chosen direct as the backup: great providers stay with the server',
    recipients: 20_000,
    servers: { office: office(200) },
    route: ['office', 'direct'],
    direct: unknown,
    plans: [
      ['steady', ['office', 'direct']],
      ['safest', ['office']],
    ],
    kept: ['google', 'outlook'],
    says: /Direct delivery from this computer has not been checked yet/,
    weak: true,
  },
  {
    name: 'quickest: where direct gets through it may go first',
    recipients: 20_000,
    servers: { office: server('smtp.example.org') },
    direct: passed,
    plans: [
      ['safest', ['office']],
      ['quickest', ['direct', 'office']],
    ],
  },
  {
    name: 'several servers: side by side they are quickest',
    recipients: 3_000,
    servers: { mta1: office(500), mta2: server('smtp.example.net', [{ count: 500, perMs: HOUR }]) },
    direct: failed,
    plans: [['safest', ['mta1', 'mta2']]],
    says: /Direct delivery is not used: this network blocks port 25/,
  },
  {
    name: 'safest: never directly where that has failed',
    recipients: 2_000,
    servers: { office: office(500, DAY) },
    route: ['office', 'direct'],
    direct: failed,
    plans: [['safest', ['office']]],
    weak: true,
  },
  {
    name: 'no server, and direct by choice',
    recipients: 50,
    servers: {},
    route: ['direct'],
    direct: unknown,
    plans: [['quickest', ['direct']]],
    says: /has not been checked/,
  },
  {
    name: 'no server, and nobody has chosen direct',
    recipients: 50,
    servers: {},
    route: ['direct'],
    assumed: true,
    direct: unknown,
    plans: [],
    says: /left out until it has been checked/,
  },
  {
    name: 'a server with a limit that it was found to have: that is set, too',
    recipients: 120,
    servers: { office: server('smtp.example.org') },
    known: [{ count: 60, perMs: 60_000 }],
    direct: unknown,
    plans: [['safest', ['office']]],
    says: /office accepts at most 60\/minute; this limit will be set, too/,
    limits: { office: [{ count: 60, perMs: 60_000 }] },
  },
  { name: 'no way at all', recipients: 50, servers: {}, direct: failed, plans: [], says: /add a server/ },
];

for (const {
  name,
  recipients,
  servers,
  route = ['office'],
  assumed,
  known: limits,
  direct,
  plans,
  kept,
  says,
  weak = false,
  limits: set,
} of rows) {
  test(`what to choose between: ${name}`, async () => {
    const settings = { ...defaultSettings, servers, route, ...(assumed ? { directAssumed: true } : {}) };
    const past = { pace: () => ({ connectMs: 300, messageMs: 100 }), makeMs: 1, commits: () => [] };
    const known = { now: NOW, past, world: { name: '', behaviours: {} }, measured: true };
    const list = many(recipients);
    const present = {
      ...(await foresee({ settings, list, startAt: 0 }, known)),
      ...(limits ? { limits: { office: limits } } : {}),
    };
    const strategy = await strategyFor({ settings, list, direct, present }, (request) => foresee(request, known));
    assert.deepEqual(
      strategy.plans.map(({ aim, change }) => [aim, change.route]),
      plans,
    );
    assert.equal(strategy.weak !== null, weak);
    const first = strategy.plans[0];
    if (set) {
      assert.deepEqual(first?.change.limits, set);
      assert.equal(first?.present, false);
    }
    if (kept) assert.deepEqual(Object.keys(first?.change.domainRoutes ?? {}).sort(), kept);
    const said = [
      ...strategy.plans.flatMap((plan) => [planTitle(plan), ...planLines(plan, strategy)]),
      ...strategyAdvice(strategy),
    ].map(plainWords.say);
    if (says) assert.match(said.join('\n'), says);
    assert.ok(strategy.plans.length <= 3);
  });
}
