import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { defaultSettings } from '../../src/shared/defaultSettings.ts';
import { DnsServer } from '../support/dnsServer.ts';
import { is, receivers, relay, seen, WholeEngine } from './wholeEngine.ts';

let whole: WholeEngine;
beforeEach(async () => {
  whole = await WholeEngine.open();
});
afterEach(() => whole.close());

const list = Array.from({ length: 30 }, (_, n) => `r${n}@d${n % 6}.example`);

async function dns(zone: Parameters<typeof DnsServer.start>[0]): Promise<string> {
  const server = await DnsServer.start(zone);
  whole.onClose(() => server.close());
  return `127.0.0.1:${server.port}`;
}

/** A name server nobody hears anything from. */
async function silent(): Promise<string> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  whole.onClose(() => socket.close());
  return `127.0.0.1:${socket.address().port}`;
}

async function refusing(): Promise<string> {
  const name = await silent();
  return name.replace(/\d+$/, '9');
}

const names = ['gmail.com', 'outlook.com', 'yahoo.com', 'wikipedia.org', ...list.map((to) => to.split('@')[1] ?? '')];
const failing = (fail: 'SERVFAIL' | 'REFUSED') => () => dns(Object.fromEntries(names.map((name) => [name, { fail }])));

const broken: [string, () => Promise<string>][] = [
  ['says of every name that there is none', () => dns({})],
  ['is silent', silent],
  ['refuses the port', refusing],
  ['says SERVFAIL', failing('SERVFAIL')],
  ['says REFUSED', failing('REFUSED')],
];

describe('a name server that', () => {
  for (const [name, start] of broken)
    it(`${name} rejects nobody; the backup sends everything within 12 s, and the reason is given`, {
      timeout: 60_000,
    }, async () => {
      const office = await whole.serve({});
      const server = await start();
      const campaign = await whole.send(whole.engine, list, {
        servers: { office: relay(office.port) },
        direct: { ...defaultSettings.direct, dnsServers: [server] },
        route: ['direct', 'office'],
      });
      const started = Date.now();
      const closed = seen(whole.engine, campaign, ({ attention }) =>
        attention.some((item) => item.kind === 'transportClosed' && item.cause === 'noNameServer'),
      );
      const first = seen(whole.engine, campaign, ({ counts }) => counts.sent > 0).then(() => Date.now() - started);
      const done = await seen(whole.engine, campaign, is('done'));
      assert.ok((await first) <= 12_000, `the first message after ${await first} ms`);
      assert.deepEqual([done.counts.sent, done.counts.rejected], [list.length, 0]);
      assert.deepEqual(receivers(office), list.toSorted());
      const direct = done.transports.find((each) => each.name === 'direct');
      if (direct?.state !== 'closed') await closed;
    });

  it('works reports a dead domain, and only that one', { timeout: 60_000 }, async () => {
    const mx = await whole.serve({});
    const known = Object.fromEntries(
      Array.from({ length: 6 }, (_, n) => [
        [`d${n}.example`, { MX: [{ preference: 10, exchange: `mx.host${n}.example` }] }] as const,
        [`mx.host${n}.example`, { A: ['127.0.0.1'] }] as const,
      ]).flat(),
    );
    const direct = { ...defaultSettings.direct, dnsServers: [await dns(known)], port: mx.port };
    const campaign = await whole.send(whole.engine, [...list, 'gone@dead.example'], { direct, route: ['direct'] });
    const done = await seen(whole.engine, campaign, is('done'));
    assert.deepEqual([done.counts.sent, done.counts.rejected], [list.length, 1]);
    assert.deepEqual(await whole.engine.suppressions({ after: '', limit: 10 }), [], 'DNS alone suppresses nobody');
  });
});
