import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foresee } from '../../../src/engine/simulator/foresee.ts';
import { type DirectStanding, strategyFor } from '../../../src/letter/plan/strategy.ts';
import { planLines, planTitle, strategyAdvice } from '../../../src/letter/plan/strategyText.ts';
import { defaultServer, defaultSettings } from '../../../src/shared/defaultSettings.ts';
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
  direct: DirectStanding;
  /** Aim and route of each plan offered, the first being the one to take. */
  plans: readonly [aim: string, route: Route][];
  /** Keys of `domainRoutes` of the last plan. */
  kept?: readonly string[];
  says?: RegExp;
  weak?: boolean;
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
    name: 'large and frequent at a weak server: what it cannot take goes directly, and a service is worth looking for',
    recipients: 20_000,
    servers: { office: office(200) },
    direct: unknown,
    plans: [
      ['steady', ['office', 'direct']],
      ['safest', ['office']],
    ],
    kept: ['google', 'outlook'],
    says: /look for a service made for newsletters: one that takes 2,500 an hour/,
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
    says: /Direct delivery is left out: this network blocks port 25/,
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
    name: 'no server: directly, and to those who ask nothing more',
    recipients: 50,
    servers: {},
    direct: unknown,
    plans: [['quickest', ['direct']]],
    says: /has not been tried/,
  },
  { name: 'no way at all', recipients: 50, servers: {}, direct: failed, plans: [], says: /add a server/ },
];

for (const { name, recipients, servers, route = ['office'], direct, plans, kept, says, weak = false } of rows) {
  test(`what to choose between: ${name}`, async () => {
    const settings = { ...defaultSettings, servers, route };
    const past = { pace: () => ({ connectMs: 300, messageMs: 100 }), makeMs: 1, commits: () => [] };
    const known = { now: NOW, past, world: { name: '', behaviours: {} }, measured: true };
    const strategy = await strategyFor({ settings, list: many(recipients), direct }, (request) =>
      foresee(request, known),
    );
    assert.deepEqual(
      strategy.plans.map(({ aim, change }) => [aim, change.route]),
      plans,
    );
    assert.equal(strategy.weak !== null, weak);
    const first = strategy.plans[0];
    if (kept) assert.deepEqual(Object.keys(first?.change.domainRoutes ?? {}).sort(), kept);
    const said = [
      ...strategy.plans.flatMap((plan) => [planTitle(plan), ...planLines(plan, strategy)]),
      ...strategyAdvice(strategy),
    ].map(plainWords.say);
    if (says) assert.match(said.join('\n'), says);
    assert.ok(strategy.plans.length <= 3);
  });
}
