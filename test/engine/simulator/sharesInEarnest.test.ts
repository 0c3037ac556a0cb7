import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings } from '../../../src/shared/defaultSettings.ts';
import type { Route, ServerSettings } from '../../../src/shared/settings.ts';
import { chunkingExtensions } from '../../support/smtpServer.ts';
import { addressesOf, is, relay, seen, WholeEngine } from '../wholeEngine.ts';

const HOUR = 3_600_000;

interface Row {
  name: string;
  route: Route;
  windows: readonly ServerSettings['windows'][];
}

const rows: readonly Row[] = [
  { name: 'side by side', route: [['a', 'b', 'c']], windows: [[], [], []] },
  { name: 'a quota, then the backup', route: ['a', 'b'], windows: [[{ count: 17, perMs: HOUR }], []] },
  {
    name: 'side by side, one with a quota, and a backup',
    route: [['a', 'b'], 'c'],
    windows: [[{ count: 9, perMs: HOUR }], [{ count: 12, perMs: HOUR }], []],
  },
];

for (const { name, route, windows } of rows) {
  test(`the forecast of each server’s share is right: ${name}`, async () => {
    const whole = await WholeEngine.open();
    try {
      const servers: Record<string, ServerSettings> = {};
      for (const [at, each] of windows.entries()) {
        const { port } = await whole.serve();
        servers['abc'[at] ?? ''] = relay(port, { windows: each });
      }
      const addresses = addressesOf(60);
      const settings = { ...defaultSettings, servers, route };
      const list = { total: addresses.length, domains: {}, others: 6, addresses };
      const foreseen = await whole.engine.foresee({ settings, list, startAt: 0 });
      const id = await whole.send(whole.engine, addresses, { servers, route });
      const { transports } = await seen(whole.engine, id, is('done'));
      assert.deepEqual(
        Object.fromEntries(foreseen.by.map(({ transport, sent }) => [transport, sent])),
        Object.fromEntries(transports.filter(({ sent }) => sent > 0).map(({ name: each, sent }) => [each, sent])),
      );
    } finally {
      await whole.close();
    }
  });
}

for (const [name, extensions, quicker] of [
  ['a server that takes messages whole', { extensions: chunkingExtensions }, true],
  ['a server that does not', {}, false],
] as const) {
  test(`a forecast counts on pipelineDepth once it is known that it holds: ${name}`, async () => {
    const whole = await WholeEngine.open();
    try {
      const { port } = await whole.serve(extensions);
      const office = relay(port, { maxConnections: 1, pipelineDepth: 8 });
      // By another name nothing was measured: as long as over a usual relay.
      const settings = { ...defaultSettings, servers: { other: office }, route: ['other'] };
      const takes = async () => {
        const list = { total: 400, domains: {}, others: 6 };
        const { startAt, endAt } = await whole.engine.foresee({ settings, list, startAt: 0 });
        return endAt - startAt;
      };
      const before = await takes();
      const id = await whole.send(whole.engine, addressesOf(10), { servers: { office }, route: ['office'] });
      await seen(whole.engine, id, is('done'));
      const times = before / (await takes());
      assert.ok(quicker ? times > 5 && times < 8 : Math.abs(times - 1) < 0.05, `${times} times as fast`);
    } finally {
      await whole.close();
    }
  });
}
