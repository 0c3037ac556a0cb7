import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Course } from '../../../src/engine/simulator/course.ts';
import { foresee, type Known } from '../../../src/engine/simulator/foresee.ts';
import { defaultServer, defaultSettings } from '../../../src/shared/defaultSettings.ts';
import type { ListShares, Scenario } from '../../../src/shared/foresight.ts';
import { seededRandom } from '../../../src/shared/seededRandom.ts';
import type { Route, ServerSettings, Settings } from '../../../src/shared/settings.ts';
import { secretKey } from '../../../src/shared/settings.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Monday. */
const NOW = Date.UTC(2026, 10, 30, 9);

const server = (more: Partial<ServerSettings> = {}): ServerSettings => ({
  ...defaultServer,
  host: 'smtp.example.org',
  auth: 'none',
  ...more,
});
const perHour = (count: number) => server({ windows: [{ count, perMs: HOUR }] });
const perDay = (count: number) => server({ windows: [{ count, perMs: DAY }] });
const many = (total: number): ListShares => ({
  total,
  domains: { 'gmail.com': Math.floor(total * 0.4), 'orange.fr': Math.floor(total * 0.2) },
  others: Math.ceil(total * 0.2),
});

/** Quick servers, so that the limits show. */
const known = (commits: Known['past']['commits'] = () => [], scenario?: Scenario): Known => ({
  now: NOW,
  past: { pace: () => ({ connectMs: 100, messageMs: 20 }), makeMs: 0.5, commits },
  world: scenario ?? { name: '', behaviours: {} },
  measured: true,
});
const usedBefore = (host: string, count: number, agoMs: number): Known['past']['commits'] => {
  const key = secretKey(server({ host }));
  return (asked, since, most) =>
    asked === key
      ? Array.from({ length: count }, () => NOW - agoMs)
          .filter((at) => at > since)
          .slice(-most)
      : [];
};

interface Row {
  name: string;
  recipients: number;
  route: Route;
  servers?: Record<string, ServerSettings>;
  settings?: Partial<Settings>;
  commits?: Known['past']['commits'];
  /** How long, and how far off that may be. */
  takes: number;
  within?: number;
  by: Record<string, number>;
  waits?: readonly string[];
}

const rows: Row[] = [
  {
    name: 'no limit',
    recipients: 100,
    route: ['office'],
    servers: { office: server() },
    takes: 2 * SECOND,
    within: SECOND,
    by: { office: 100 },
  },
  {
    name: 'a limit that is not reached',
    recipients: 500,
    route: ['office'],
    servers: { office: perHour(500) },
    takes: 6 * SECOND,
    within: 2 * SECOND,
    by: { office: 500 },
  },
  {
    name: 'one more than an hour’s worth',
    recipients: 501,
    route: ['office'],
    servers: { office: perHour(500) },
    takes: HOUR,
    by: { office: 501 },
    waits: ['office'],
  },
  {
    name: 'three days’ worth',
    recipients: 90,
    route: ['office'],
    servers: { office: perDay(30) },
    takes: 2 * DAY,
    by: { office: 90 },
    waits: ['office'],
  },
  {
    name: 'a day of which twenty of thirty are used',
    recipients: 20,
    route: ['office'],
    servers: { office: perDay(30) },
    commits: usedBefore('smtp.example.org', 20, 2 * HOUR),
    takes: 22 * HOUR,
    by: { office: 20 },
    waits: ['office'],
  },
  {
    name: 'what is left of a used day',
    recipients: 10,
    route: ['office'],
    servers: { office: perDay(30) },
    commits: usedBefore('smtp.example.org', 20, 2 * HOUR),
    takes: SECOND,
    within: SECOND,
    by: { office: 10 },
  },
  {
    name: 'a used up day that is free again in two hours',
    recipients: 30,
    route: ['office'],
    servers: { office: perDay(30) },
    commits: usedBefore('smtp.example.org', 30, 22 * HOUR),
    takes: 2 * HOUR,
    by: { office: 30 },
    waits: ['office'],
  },
  {
    name: 'a backup without a limit',
    recipients: 286,
    route: ['office', 'direct'],
    servers: { office: perHour(200) },
    takes: 5 * SECOND,
    within: 5 * SECOND,
    by: { office: 200, direct: 86 },
    waits: ['office'],
  },
  {
    name: 'a backup that is not for quotas',
    recipients: 90,
    route: ['office', 'direct'],
    servers: { office: perDay(30) },
    settings: { whenQuotaReached: 'wait' },
    takes: 2 * DAY,
    by: { office: 90 },
    waits: ['office'],
  },
  {
    name: 'a backup with a limit of its own',
    recipients: 90,
    route: ['office', 'home'],
    servers: { office: perDay(30), home: server({ host: 'smtp.example.net', windows: [{ count: 15, perMs: DAY }] }) },
    takes: DAY,
    by: { office: 60, home: 30 },
    waits: ['office', 'home'],
  },
  {
    name: 'two side by side',
    recipients: 60,
    route: [['office', 'home']],
    servers: { office: server(), home: server({ host: 'smtp.example.net' }) },
    takes: SECOND,
    within: SECOND,
    by: { office: 27, home: 33 },
  },
  {
    name: 'a rate',
    recipients: 600,
    route: ['office'],
    servers: { office: server({ windows: [{ count: 10, perMs: SECOND }] }) },
    takes: MINUTE,
    by: { office: 600 },
    waits: ['office'],
  },
  {
    name: 'a rate, for which no backup steps in',
    recipients: 600,
    route: ['office', 'direct'],
    servers: { office: server({ windows: [{ count: 10, perMs: SECOND }] }) },
    takes: MINUTE,
    by: { office: 600 },
    waits: ['office'],
  },
  {
    name: 'rests between blocks',
    recipients: 101,
    route: ['office'],
    servers: { office: server({ pause: { every: 50, forMs: 30 * SECOND } }) },
    takes: MINUTE,
    by: { office: 101 },
  },
  {
    name: 'hours that end before the list does',
    recipients: 100,
    route: ['office'],
    servers: { office: perHour(10) },
    settings: { sendingHours: { days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, toMinute: 12 * 60, zone: 'UTC' } },
    // Three hours’ worth until noon, the other seven from midnight on.
    takes: 21 * HOUR,
    by: { office: 100 },
    waits: ['office'],
  },
  {
    name: 'a domain that has grown warm for three days only',
    recipients: 1000,
    route: ['direct'],
    settings: { direct: { ...defaultSettings.direct, warmUp: '2026-11-30' } },
    takes: 3 * DAY,
    within: 2 * DAY,
    by: { direct: 1000 },
  },
];

for (const {
  name,
  recipients,
  route,
  servers = {},
  settings,
  commits,
  takes,
  within = takes / 20,
  by,
  waits = [],
} of rows) {
  test(`how long it takes: ${name}`, async () => {
    const all = { ...defaultSettings, servers, route, ...settings };
    const seen = await foresee({ settings: all, list: many(recipients), startAt: 0 }, known(commits));
    assert.equal(seen.end, 'done');
    const ms = seen.endAt - seen.startAt;
    assert.ok(Math.abs(ms - takes) <= within, `${ms / SECOND} s for ${takes / SECOND} s`);
    assert.deepEqual(Object.fromEntries(seen.by.map(({ transport, sent }) => [transport, sent])), by);
    assert.deepEqual(seen.waits.map(({ transport }) => transport).sort(), waits.toSorted());
  });
}

test('a list of a hundred thousand is simulated in grains, with the same duration as one by one', async () => {
  const settings = { ...defaultSettings, servers: { office: perHour(200) }, route: ['office', 'direct'] };
  const alone = { ...settings, whenQuotaReached: 'wait' as const };
  const huge = await foresee({ settings: alone, list: many(100_000), startAt: 0 }, known());
  assert.equal(huge.grain, 100);
  const hours = (huge.endAt - huge.startAt) / HOUR;
  assert.ok(Math.abs(hours - 499) < 5, `${hours} h`);
  const list = many(5_000);
  const lasts = async (grain: number) => {
    const { now, past, world } = known();
    const course = await Course.begin({
      settings,
      list,
      now,
      startAt: 0,
      scenario: world,
      past,
      grain,
      random: seededRandom(1),
    });
    try {
      assert.equal(await course.toTheEnd(now + DAY), 'done');
      return course.clock.now() - now;
    } finally {
      await course.close();
    }
  };
  const [fine, coarse] = [await lasts(1), await lasts(5)];
  assert.ok(Math.abs(coarse / fine - 1) < 0.25, `${coarse} ms in grains and ${fine} ms one by one`);
  const seen = await foresee({ settings, list, startAt: 0 }, known());
  assert.equal(
    seen.by.reduce((sum, { sent }) => sum + sent, 0),
    5_000,
  );
});

test('a limit that a server refused for is known, whatever the settings say', async () => {
  const settings = { ...defaultSettings, servers: { office: server() }, route: ['office', 'direct'] };
  const reply = '450 4.7.1 you have exceeded your limit of 200 messages per hour';
  const world = { name: '', behaviours: { office: { windows: [{ count: 200, perMs: HOUR, reply }] } } };
  const seen = await foresee({ settings, list: many(286), startAt: 0 }, known(undefined, world));
  assert.deepEqual(
    seen.by.map(({ transport, sent }) => [transport, sent]),
    [
      ['office', 200],
      ['direct', 86],
    ],
  );
});

test('a campaign planned for later starts later', async () => {
  const settings = { ...defaultSettings, servers: { office: server() }, route: ['office'] };
  const startAt = NOW + 3 * DAY;
  const seen = await foresee({ settings, list: many(100), startAt }, known());
  assert.equal(seen.startAt, startAt);
  assert.ok(seen.endAt - startAt < 10 * SECOND && seen.endAt > startAt);
});

/** A connection of a hundred messages opens for 200 ms. */
const deep: readonly { name: string; depth?: number; recipients: number; maxMessages?: number; takes: number }[] = [
  { name: 'one unanswered message', recipients: 400, takes: 40 * SECOND },
  { name: 'the same, said', depth: 1, recipients: 400, takes: 40 * SECOND },
  { name: 'two', depth: 2, recipients: 400, takes: 20 * SECOND },
  { name: 'eight', depth: 8, recipients: 400, takes: 6 * SECOND },
  { name: 'one unanswered message of a grain', recipients: 20_000, takes: 2040 * SECOND },
  { name: 'eight of a grain', depth: 8, recipients: 20_000, takes: 290 * SECOND },
  // Connecting, the first reply to MAIL, and the ten messages by fours: 100 + 100 + 300 ms for each connection.
  { name: 'four, over connections of ten messages', depth: 4, recipients: 400, maxMessages: 10, takes: 20 * SECOND },
];
for (const { name, depth, recipients, maxMessages = 0, takes } of deep) {
  test(`how long a distant server takes over one connection, with ${name} at once`, async () => {
    const office = server({ maxConnections: 1, ...(maxMessages > 0 ? { maxMessagesPerConnection: maxMessages } : {}) });
    const settings = { ...defaultSettings, servers: { office }, route: ['office'] };
    const { past, ...others } = known();
    const pace = () => ({ connectMs: 100, messageMs: 100, ...(depth ? { depth } : {}) });
    const seen = await foresee(
      { settings, list: many(recipients), startAt: 0 },
      { ...others, past: { ...past, pace } },
    );
    const ms = seen.endAt - seen.startAt;
    assert.equal(seen.end, 'done');
    assert.ok(Math.abs(ms - takes) <= takes / 8, `${ms / SECOND} s for ${takes / SECOND} s`);
  });
}
