import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forecast, type QuotaUse } from '../../../src/letter/plan/forecast.ts';
import { forecastText } from '../../../src/letter/plan/forecastText.ts';
import { defaultServer } from '../../../src/shared/defaultSettings.ts';
import type { Route, ServerSettings } from '../../../src/shared/settings.ts';
import { plainWords } from '../../../src/shared/words.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 1_000 * DAY;

const server = (more: Partial<ServerSettings>): ServerSettings => ({
  ...defaultServer,
  host: 'smtp.example.org',
  ...more,
});
const perHour = (count: number) => server({ windows: [{ count, perMs: HOUR }] });
const perDay = (count: number) => server({ windows: [{ count, perMs: DAY }] });

interface Row {
  name: string;
  recipients: number;
  route: Route;
  servers?: Record<string, ServerSettings>;
  wait?: boolean;
  used?: Record<string, readonly QuotaUse[]>;
  says: string;
}

const rows: Row[] = [
  { name: 'no limit', recipients: 100, route: ['direct'], says: 'as long as the servers need; no limit is set' },
  {
    name: 'a limit that is not reached',
    recipients: 500,
    route: ['office'],
    servers: { office: perHour(500) },
    says: 'as long as the servers need; the limits of office allow it at once',
  },
  {
    name: 'one more than an hour’s worth',
    recipients: 501,
    route: ['office'],
    servers: { office: perHour(500) },
    says: 'at least 1 h, by the limits of office',
  },
  {
    name: 'three days’ worth',
    recipients: 90,
    route: ['office'],
    servers: { office: perDay(30) },
    says: 'at least 2 d, by the limits of office',
  },
  {
    name: 'a day of which twenty of thirty are used',
    recipients: 20,
    route: ['office'],
    servers: { office: perDay(30) },
    used: { office: [{ count: 30, perMs: DAY, used: 20, freeAt: 0 }] },
    says: 'at least 1 d, by the limits of office',
  },
  {
    name: 'what is left of a used day',
    recipients: 10,
    route: ['office'],
    servers: { office: perDay(30) },
    used: { office: [{ count: 30, perMs: DAY, used: 20, freeAt: 0 }] },
    says: 'as long as the servers need; the limits of office allow it at once',
  },
  {
    name: 'a used up day that is free again in two hours',
    recipients: 30,
    route: ['office'],
    servers: { office: perDay(30) },
    used: { office: [{ count: 30, perMs: DAY, used: 30, freeAt: NOW + 2 * HOUR }] },
    says: 'at least 2 h, by the limits of office',
  },
  {
    name: 'a backup without a limit',
    recipients: 90,
    route: ['office', 'direct'],
    servers: { office: perDay(30) },
    says: 'as long as the servers need: 30 messages by office, the rest by direct delivery',
  },
  {
    name: 'a backup that is not for quotas',
    recipients: 90,
    route: ['office', 'direct'],
    servers: { office: perDay(30) },
    wait: true,
    says: 'at least 2 d, by the limits of office',
  },
  {
    name: 'a backup with a limit of its own',
    recipients: 90,
    route: ['office', 'home'],
    servers: { office: perDay(30), home: perDay(15) },
    says: 'at least 1 d, by the limits of office, home',
  },
  {
    name: 'two side by side',
    recipients: 90,
    route: [['office', 'home']],
    servers: { office: perDay(30), home: perDay(30) },
    says: 'at least 1 d, by the limits of office, home',
  },
  {
    name: 'a rate',
    recipients: 600,
    route: ['office'],
    servers: { office: server({ windows: [{ count: 10, perMs: 1000 }] }) },
    says: 'at least 1 min, by the limits of office',
  },
  {
    name: 'a rate, for which no backup steps in',
    recipients: 600,
    route: ['office', 'direct'],
    servers: { office: server({ windows: [{ count: 10, perMs: 1000 }] }) },
    says: 'at least 1 min, by the limits of office',
  },
  {
    name: 'rests between blocks',
    recipients: 101,
    route: ['office'],
    servers: { office: server({ pause: { every: 50, forMs: 30_000 } }) },
    says: 'at least 1 min, by the limits of office',
  },
];

for (const { name, recipients, route, servers = {}, wait = false, used = {}, says } of rows) {
  test(`how long it takes at least: ${name}`, () => {
    const settings = { route, servers, whenQuotaReached: wait ? 'wait' : 'next' } as const;
    assert.equal(plainWords.say(forecastText(forecast(recipients, settings, used, NOW))), says);
  });
}
