import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { proveUnsubscribe } from '../../src/endpoint/proveUnsubscribe.ts';
import { askEvidence } from '../../src/evidence/index.ts';
import { defaultSettings } from '../../src/shared/defaultSettings.ts';
import { format } from '../../src/shared/errors.ts';
import { TOKEN_PLACE } from '../../src/shared/unsubscribeProof.ts';
import { closedPort } from '../support/deadPorts.ts';
import { silentPorts } from './zoneDns.ts';

const secret = 'a secret of more than twenty-four characters';

/** An endpoint on loopback that does what a page of one's own may do wrong. */
interface Habits {
  get?: number;
  post?: number;
  keeps?: readonly ('GET' | 'POST')[];
  list?: (response: ServerResponse, tokens: readonly string[]) => void;
}

async function ask(context: TestContext, habits: Habits, known = secret) {
  const { get = 200, post = 200, keeps = ['POST'] } = habits;
  const tokens: string[] = [];
  const requests: string[] = [];
  const listing = habits.list ?? ((response, all) => response.end(page(all)));
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    requests.push(searchParams.has('after') ? 'LIST' : String(request.method));
    if (searchParams.has('after')) return listing(response, tokens);
    if (keeps.some((each) => each === request.method)) tokens.push(searchParams.get('t') ?? '');
    const status = request.method === 'GET' ? get : post;
    response.writeHead(status, status < 400 && status >= 300 ? { location: '/elsewhere' } : {}).end('A page');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  const told = await tell(`http://127.0.0.1:${(server.address() as AddressInfo).port}/u`, known);
  return { told, tokens, requests };
}

async function tell(url: string, known: string, online = true): Promise<string[]> {
  const items = await askEvidence(
    {
      from: 'ada@good.example',
      settings: defaultSettings,
      recipients: 1,
      providers: {},
      domains: [],
      newsletter: true,
      unsubscribe: { link: `${url}?t=${TOKEN_PLACE}`, secret: known },
      only: ['unsubscribeWay'],
    },
    {
      ...silentPorts,
      dnsWorks: async () => online,
      proveUnsubscribe: (link, signal) => proveUnsubscribe({ ...link, url, now: Date.now, signal }),
    },
    new AbortController().signal,
  );
  return items.map(({ state, text, found }) => `${state}: ${format(text)} ${found}`.trim());
}

const page = (tokens: readonly string[]) =>
  JSON.stringify({ log: 'one', next: 0, more: false, tokens: tokens.map((token) => ({ token, at: 1 })) });

const looks = 'passed: The page behind the link responds. GET: 200';
const accepts = 'passed: One-click unsubscribe is accepted. POST: 200';
const harmless = 'passed: Opening the page does not unsubscribe anyone.';
const home = 'passed: Envoi fetched the token of its own click and recognized it. It belongs to no reader.';
const lost = 'failed: Envoi’s own click did not come back from the endpoint: unsubscribes are lost there.';

test('a correct page: opening it does nothing, a click comes back', async (context) => {
  const { told, tokens } = await ask(context, {});
  assert.deepEqual(told, [looks, accepts, harmless, home]);
  assert.match(tokens[0] ?? '', /^[\w-]{43}$/);
  assert.equal(tokens.length, 1);
});

test('a page that unsubscribes on opening', async (context) => {
  const { told } = await ask(context, { keeps: ['GET', 'POST'] });
  assert.deepEqual(told.slice(2), [
    'failed: Merely opening the page unsubscribes the reader: link scanners would remove readers from the list.',
    home,
  ]);
});

test('a page that accepts a click but does not store it', async (context) => {
  assert.deepEqual((await ask(context, { keeps: [] })).told, [looks, accepts, harmless, lost]);
});

test('a page that redirects a click, refuses it, or shows an error', async (context) => {
  assert.equal(
    (await ask(context, { post: 302 })).told[1],
    'failed: The page redirects one-click unsubscribe requests, which RFC 8058 forbids: mail programs give up there. POST: 302 → /elsewhere',
  );
  assert.equal(
    (await ask(context, { post: 403, keeps: [] })).told[1],
    'failed: One-click unsubscribe is rejected. POST: 403',
  );
  assert.equal(
    (await ask(context, { get: 404 })).told[0],
    'failed: Readers who follow the link see an error instead of a page. GET: 404',
  );
});

test('an endpoint with another secret, or another response, is reported with a remedy', async (context) => {
  const refusing = await ask(context, { list: (response) => response.writeHead(403).end('wrongSecret') });
  assert.equal(refusing.told.length, 3);
  assert.match(refusing.told[2] ?? '', /^failed: .*answered 403 wrongSecret.*same secret on both sides/);
  const other = await ask(context, { list: (response) => response.end('<html>') });
  assert.match(other.told[2] ?? '', /^failed: .*not an answer of an unsubscribe endpoint/);
});

test('without the secret no click is made', async (context) => {
  const { told, requests } = await ask(context, {}, '');
  assert.deepEqual(requests, ['GET']);
  assert.equal(told[0], looks);
  assert.match(told[1] ?? '', /^unasked: What a click does was not tested/);
});

test('a page that does not respond has failed, unless this computer has no network', async () => {
  const port = await closedPort();
  const url = `http://127.0.0.1:${port}/u`;
  const [online, ...more] = await tell(url, secret);
  assert.match(online ?? '', /^failed: The page behind the unsubscribe link cannot be reached. .*ECONNREFUSED/);
  assert.deepEqual(more, []);
  assert.match((await tell(url, secret, false))[0] ?? '', /^unasked: .*this computer has no network/);
});
