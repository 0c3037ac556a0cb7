import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { type OAuthClient, ProviderRefusal, refreshed, signInByCode } from '../../src/host/secrets/oauth/codeFlow.ts';

const words = { done: 'done', refused: 'refused', other: 'other' };
const never = new AbortController().signal;

let provider: Server;
let client: OAuthClient;
/** What was asked of the token address, and what it answers. */
let asked: Record<string, string>[];
let answer: { status: number; body: unknown };

beforeEach(async () => {
  asked = [];
  answer = { status: 200, body: { access_token: 'access', expires_in: 3600, refresh_token: 'refresh' } };
  provider = createServer(async (request, response) => {
    asked.push(Object.fromEntries(new URLSearchParams(await bodyOf(request))));
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  });
  provider.listen(0, '127.0.0.1');
  await once(provider, 'listening');
  const base = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  client = {
    authorizeUrl: `${base}/authorize`,
    tokenUrl: `${base}/token`,
    clientId: 'me',
    clientSecret: 'known to all',
    scope: 'mail',
  };
});
afterEach(() => {
  provider.closeAllConnections();
  provider.close();
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** A browser in which the person comes back with this; `{state}` is the one that was sent. */
function browser(...queries: string[]): {
  open: (url: string) => Promise<void>;
  shown: string[];
  asked: URLSearchParams;
} {
  const seen = { shown: [] as string[], asked: new URLSearchParams() };
  const open = async (url: string) => {
    seen.asked = new URL(url).searchParams;
    for (const query of queries) {
      const path = query.startsWith('/') ? query : `/?${query.replace('{state}', seen.asked.get('state') ?? '')}`;
      const back = `${seen.asked.get('redirect_uri')}${path}`;
      seen.shown.push(await (await fetch(back)).text());
    }
  };
  return Object.assign(seen, { open });
}

test('a person signs in: the code is exchanged with the verifier of its challenge', async () => {
  const page = browser('code=the-code&state={state}');
  const open = page.open;
  assert.deepEqual(await signInByCode(client, 'ada@example.org', open, words, never), answer.body);
  const sent = asked[0] ?? {};
  assert.equal(sent.grant_type, 'authorization_code');
  assert.equal(sent.code, 'the-code');
  assert.equal(sent.client_secret, 'known to all');
  assert.match(sent.redirect_uri ?? '', /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.ok((sent.code_verifier ?? '').length >= 43);
});

test('the page that is opened asks for this user, this scope and an answer to this computer only', async () => {
  let query = new URLSearchParams();
  const page = browser('code=x&state={state}');
  await signInByCode(
    client,
    'ada@example.org',
    async (url) => {
      query = new URL(url).searchParams;
      await page.open(url);
    },
    words,
    never,
  );
  assert.equal(query.get('login_hint'), 'ada@example.org');
  assert.equal(query.get('scope'), 'mail');
  assert.equal(query.get('code_challenge_method'), 'S256');
  const challenge = createHash('sha256')
    .update(asked[0]?.code_verifier ?? '')
    .digest('base64url');
  assert.equal(query.get('code_challenge'), challenge);
  assert.equal(new Set([query.get('state'), challenge, asked[0]?.code_verifier]).size, 3);
});

test('a request without the right state is rejected, and the sign-in continues', async () => {
  const page = browser('code=evil&state=guessed', 'error=access_denied', '', '//', '//?:', 'code=good&state={state}');
  await signInByCode(client, 'ada', page.open, words, never);
  assert.deepEqual(
    asked.map(({ code }) => code),
    ['good'],
  );
});

const refusals: [name: string, query: string, code: string][] = [
  ['the person says no', 'error=access_denied&state={state}', 'access_denied'],
  [
    'the client is not allowed',
    'error=unauthorized_client&error_description=Not+yours&state={state}',
    'unauthorized_client',
  ],
];
for (const [name, query, code] of refusals)
  test(`${name}: it ends at once, and nothing is exchanged`, async () => {
    const page = browser(query);
    await assert.rejects(signInByCode(client, 'ada', page.open, words, never), { name: 'ProviderRefusal', code });
    assert.deepEqual(asked, []);
  });

test('a person who gives up ends the waiting, and the port is closed', async () => {
  const given = new AbortController();
  let redirect = '';
  const open = async (url: string) => {
    redirect = new URL(url).searchParams.get('redirect_uri') ?? '';
    given.abort(new Error('given up'));
  };
  await assert.rejects(signInByCode(client, 'ada', open, words, given.signal), /given up/);
  await assert.rejects(fetch(redirect));
});

test('a refresh token gives an access token', async () => {
  assert.equal((await refreshed(client, 'old')).access_token, 'access');
  assert.deepEqual([asked[0]?.grant_type, asked[0]?.refresh_token], ['refresh_token', 'old']);
});

const answers: [name: string, status: number, body: unknown, code: string][] = [
  [
    'a sign-in that has ended',
    400,
    { error: 'invalid_grant', error_description: 'Token has been revoked.' },
    'invalid_grant',
  ],
  ['a wrong client secret', 401, { error: 'invalid_client' }, 'invalid_client'],
  ['a provider that is down', 503, '<html>sorry</html>', 'HTTP 503'],
  ['an answer without a token', 200, { token_type: 'Bearer' }, 'HTTP 200'],
];
for (const [name, status, body, code] of answers)
  test(`${name} is reported by its code`, async () => {
    answer = { status, body };
    await assert.rejects(refreshed(client, 'old'), (error) => error instanceof ProviderRefusal && error.code === code);
  });
