import assert from 'node:assert/strict';
import { afterEach, beforeEach, it } from 'node:test';
import { attentionWords } from '../../src/cli/attentionWords.ts';
import { defaultSettings } from '../../src/shared/defaultSettings.ts';
import { StalledPort } from '../support/deadPorts.ts';
import { addressesOf, is, receivers, relay, seen, WholeEngine } from './wholeEngine.ts';

let whole: WholeEngine;
beforeEach(async () => {
  whole = await WholeEngine.open();
});
afterEach(() => whole.close());

async function blocked() {
  const stalled = await StalledPort.start();
  whole.onClose(() => stalled.close());
  return { ...defaultSettings.direct, dnsServers: [await whole.names()], port: stalled.port };
}

it('a port on which no server answers is reported as blocked by this network, in one sentence', async () => {
  const campaign = await whole.send(whole.engine, addressesOf(30), { direct: await blocked(), route: ['direct'] });
  const { attention } = await seen(whole.engine, campaign, (snapshot) =>
    snapshot.attention.some((item) => item.kind === 'transportClosed' && item.cause === 'portBlocked'),
  );
  assert.match(attention.map(attentionWords).join('\n'), /direct is unavailable: This network blocks port 25 /);
});

it('and with a relay as backup everybody gets it via that, once', async () => {
  const office = await whole.serve({});
  const list = addressesOf(30);
  const settings = { servers: { office: relay(office.port) }, direct: await blocked(), route: ['direct', 'office'] };
  const campaign = await whole.send(whole.engine, list, settings);
  await seen(whole.engine, campaign, is('done'));
  assert.deepEqual(receivers(office), list.toSorted());
});
