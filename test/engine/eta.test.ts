import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Route, ServerSettings, Settings } from '../../src/shared/settings.ts';
import { addressesOf, relay, seen, WholeEngine } from './wholeEngine.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Row {
  name: string;
  recipients: number;
  /** How many an hour each of the servers takes. */
  perHour: readonly number[];
  route: Route;
  settings?: Partial<Settings>;
  hours: number;
}

const rows: readonly Row[] = [
  {
    name: 'of one server with a quota',
    recipients: 12,
    perHour: [5],
    route: ['a'],
    hours: 2,
  },
  {
    name: 'of two servers, the second of which takes what the first cannot',
    recipients: 25,
    perHour: [5, 5],
    route: ['a', 'b'],
    hours: 2,
  },
  {
    name: 'of a server with a backup that is not for quotas',
    recipients: 12,
    perHour: [5, 1000],
    route: ['a', 'b'],
    settings: { whenQuotaReached: 'wait' },
    hours: 2,
  },
];

for (const { name, recipients, perHour, route, settings, hours } of rows) {
  test(`a running campaign says when it will be done: ${name}`, { timeout: 120_000 }, async () => {
    const whole = await WholeEngine.open();
    try {
      const servers: Record<string, ServerSettings> = {};
      for (const [at, count] of perHour.entries()) {
        const { port } = await whole.serve();
        servers['ab'[at] ?? ''] = relay(port, { windows: [{ count, perMs: HOUR }] });
      }
      const id = await whole.send(whole.engine, addressesOf(recipients), { servers, route, ...settings });
      const { etaAt, startAt, createdAt } = await seen(whole.engine, id, (snapshot) => snapshot.etaAt > 0);
      const foreseen = etaAt - Math.max(startAt, createdAt);
      assert.ok(Math.abs(foreseen - hours * HOUR) < 2 * MINUTE, `${foreseen / HOUR} h for ${hours} h`);
    } finally {
      await whole.close();
    }
  });
}
