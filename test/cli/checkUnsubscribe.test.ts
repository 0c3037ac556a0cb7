import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { DnsServer } from '../support/dnsServer.ts';
import { leaveEndpoint } from '../support/leaveEndpoint.ts';
import { letter, Sandbox } from './sandbox.ts';

async function sandboxWith(context: TestContext, url: string) {
  const dns = await DnsServer.start({});
  const sandbox = await Sandbox.make();
  context.after(async () => {
    await sandbox.remove();
    await dns.close();
  });
  await sandbox.write('letter.md', `${letter.replace('kind: internal\n', '')}\n[Leave]({{ unsubscribe_url }})\n`);
  const direct = { dnsServers: [dns.name] };
  const more = { 'envoi.unsubscribe': { url }, 'envoi.postalAddress': '1 Main Street', 'envoi.direct': direct };
  await sandbox.writeSettings(9, {}, more);
  return sandbox;
}

type Line = { code: string; state: string; text: string };

async function linkItems(sandbox: Sandbox, env: Record<string, string>): Promise<Line[]> {
  const { lines } = await sandbox.json('check letter.md --network', env);
  return (lines as unknown as Line[]).filter(({ code }) => code === 'unsubscribeWay');
}

test('“check --network” tests an unsubscribe from end to end, with a token that belongs to no reader', async (context) => {
  const endpoint = await leaveEndpoint();
  context.after(() => endpoint.close());
  const sandbox = await sandboxWith(context, endpoint.url);
  const env = { ENVOI_ENDPOINT_SECRET: endpoint.secret, NODE_EXTRA_CA_CERTS: endpoint.caFile };
  const proven = await linkItems(sandbox, env);
  assert.deepEqual(
    proven.map(({ state }) => state),
    ['passed', 'passed', 'passed', 'passed'],
    JSON.stringify(proven),
  );
  assert.match(proven.at(-1)?.text ?? '', /fetched the token of its own click/);
  // What it left at the endpoint is no reader's token, and nobody is told of it later.
  const pulled = await sandbox.json('unsubscribe --pull --config envoi.json', env);
  assert.deepEqual([pulled.code, pulled.lines], [0, []]);
  const wrong = await linkItems(sandbox, { ...env, ENVOI_ENDPOINT_SECRET: 'another secret of twenty-four characters' });
  assert.deepEqual(
    wrong.map(({ state }) => state),
    ['passed', 'passed', 'failed'],
  );
  const { NODE_EXTRA_CA_CERTS } = env;
  const untried = await linkItems(sandbox, { NODE_EXTRA_CA_CERTS });
  assert.deepEqual(
    untried.map(({ state }) => state),
    ['passed', 'unasked'],
  );
});

test('a link that all readers share is not clicked', async (context) => {
  const sandbox = await sandboxWith(context, 'https://news.example.org/leave');
  assert.deepEqual(await linkItems(sandbox, {}), []);
});
