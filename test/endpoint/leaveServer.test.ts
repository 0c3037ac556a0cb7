import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type RunningServer, startLeaveServer } from '../../src/endpoint/leaveServer.ts';
import { pullSignature } from '../../src/endpoint/pullSignature.ts';
import { type PullCursor, pullTokens } from '../../src/endpoint/pullTokens.ts';
import { openTokenLog, type TokenLog } from '../../src/endpoint/tokenLog.ts';
import { UserError } from '../../src/shared/errors.ts';
import { silentLog } from '../../src/shared/log.ts';
import { FakeClock } from '../support/fakeClock.ts';

const secret = 'a secret of more than twenty-four characters';
const token = (index: number) => String(index).padStart(43, 'T');
const clock = new FakeClock();
const start: PullCursor = { log: '', after: 0 };
let folder: string;
let log: TokenLog;
let server: RunningServer;
const at = (path: string) => `http://127.0.0.1:${server.port}${path}`;
const leave = (index: number, headers: Record<string, string> = {}) =>
  fetch(at(`/u?t=${token(index)}`), { method: 'POST', body: 'List-Unsubscribe=One-Click', headers });

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'envoi-endpoint-'));
  log = await openTokenLog({ folder, largest: 10_000_000 });
  const look = { name: 'Fish & <Chips>', color: '#1a56b0' };
  server = await startLeaveServer({ log, secret, look, clock, diagnostics: silentLog }, '127.0.0.1', 0);
});
after(async () => {
  await server.close();
  await log.close();
  await rm(folder, { recursive: true });
});

async function pulled(cursor = start, with_ = secret): Promise<{ tokens: string[]; cursor: PullCursor }> {
  const tokens: string[] = [];
  let last = cursor;
  for await (const page of pullTokens({ url: at('/u'), secret: with_, cursor, now: () => clock.now() })) {
    tokens.push(...page.tokens.map((each) => each.token));
    last = page.cursor;
  }
  return { tokens, cursor: last };
}

test('a link scanner’s GET unsubscribes nobody; a POST does, whatever its path', async () => {
  const before = await pulled();
  for (const path of [`/u?t=${token(1)}`, `/news/u/${token(1)}`, `/?token=${token(1)}`]) {
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) await (await fetch(at(path), { method })).text();
    assert.deepEqual((await pulled(before.cursor)).tokens, []);
  }
  for (const path of [`/u?t=${token(1)}`, `/news/u/${token(2)}`, `/?token=${token(3)}`])
    assert.equal((await fetch(at(path), { method: 'POST' })).status, 200);
  assert.deepEqual((await pulled(before.cursor)).tokens, [token(1), token(2), token(3)]);
});

test('good and bad tokens get the same answer, byte for byte, without cookie or redirect', async () => {
  const answers: string[] = [];
  for (const path of [
    `/u?t=${token(9)}`,
    '/u?t=forged',
    '/u',
    `/u?t=${'x'.repeat(3000)}`,
    '//',
    '/../../etc/passwd',
    '/%00',
  ]) {
    const response = await fetch(at(path), { method: 'POST', body: 'List-Unsubscribe=One-Click', redirect: 'manual' });
    const headers = [...response.headers].filter(([name]) => name !== 'date');
    assert.equal(response.headers.get('set-cookie'), null);
    answers.push(JSON.stringify([response.status, headers, await response.text()]));
  }
  assert.equal(new Set(answers).size, 1);
});

test('the page asks in the reader’s language, shows the list’s name as text, and forbids all but its own style', async () => {
  const english = await fetch(at(`/u?t=${token(1)}`), { headers: { 'accept-language': 'de, en;q=0.5' } });
  const text = await english.text();
  assert.match(text, /Do you want to stop receiving <strong>Fish &amp; &lt;Chips&gt;<\/strong>/);
  assert.match(text, /<form method="post">/);
  assert.doesNotMatch(text, /<script|<img|<link|T{20}/);
  assert.match(english.headers.get('content-security-policy') ?? '', /^default-src 'none'; style-src 'sha256-/);
  const french = await fetch(at('/u'), { headers: { 'accept-language': 'fr-FR,fr;q=0.9,en;q=0.8' } });
  assert.match(await french.text(), /<html lang="fr">[\s\S]*Se désabonner/);
});

test('of a thousand at once none is lost', async () => {
  const { cursor } = await pulled();
  const answers = await Promise.all(Array.from({ length: 1000 }, (_, index) => leave(10_000 + index)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  const { tokens } = await pulled(cursor);
  assert.equal(new Set(tokens).size, 1000);
});

test('only the secret gives access to the tokens; a replay, another time and another query do not', async () => {
  const seconds = Math.floor(clock.now() / 1000);
  const nonce = 'a'.repeat(32);
  const ask = (query: string, header: string) =>
    fetch(at(`/u?${query}`), { headers: { 'x-envoi-signature': header } }).then(async (response) => [
      response.status,
      response.status === 200 ? '' : await response.text(),
    ]);
  const good = pullSignature(secret, 'after=0', seconds, nonce);
  assert.deepEqual(await ask('after=0', 'x'), [403, 'unsigned']);
  assert.deepEqual(await ask('after=0', pullSignature('another secret', 'after=0', seconds, nonce)), [
    403,
    'wrongSecret',
  ]);
  assert.deepEqual(await ask('after=7', good), [403, 'wrongSecret']);
  const late = pullSignature(secret, 'after=0', seconds - 301, 'b'.repeat(32));
  assert.deepEqual(await ask('after=0', late), [403, 'wrongTime']);
  assert.deepEqual(await ask('after=0', good), [200, '']);
  assert.deepEqual(await ask('after=0', good), [403, 'replayed']);
});

test('pulling with the wrong secret, or over plain http from another host, fails with a remedy', async () => {
  await assert.rejects(
    pulled(start, 'a wrong secret'),
    (error) => error instanceof UserError && error.code === 'endpointRefused',
  );
  const far = pullTokens({ url: 'http://news.example.org/list', secret, cursor: start, now: () => clock.now() });
  await assert.rejects(far.next(), (error) => error instanceof UserError && error.code === 'endpointUrl');
});

test('a log that replaces another is read from its start', async () => {
  const all = await pulled();
  const other = await pulled({ log: 'f'.repeat(32), after: all.cursor.after });
  assert.deepEqual(other.tokens, all.tokens);
});

test('a huge body, a huge header and too many headers are cut short', async () => {
  const huge = await fetch(at(`/u?t=${token(1)}`), { method: 'POST', body: 'x'.repeat(100_000) });
  assert.equal(huge.status, 413);
  assert.equal((await fetch(at('/u'), { headers: { 'x-long': 'y'.repeat(20_000) } })).status, 431);
});

test('slow or malformed clients do not hold up others', async () => {
  const slow = connect(server.port, '127.0.0.1');
  await once(slow, 'connect');
  slow.write(`POST /u?t=${token(5)} HTTP/1.1\r\nHost: x\r\nContent-Length: 26\r\n\r\nList`);
  const nonsense = connect(server.port, '127.0.0.1');
  await once(nonsense, 'connect');
  nonsense.end('\0\0\0 what?\r\n\r\n');
  let reply = '';
  nonsense.on('data', (piece) => {
    reply += piece;
  });
  await once(nonsense, 'close');
  assert.match(reply, /^HTTP\/1\.1 400/);
  assert.equal((await leave(77)).status, 200);
  slow.destroy();
});

test('a client that sends too many requests is told to wait, others are served; readers behind a proxy count separately', async () => {
  const small = await startLeaveServer(
    {
      log,
      secret,
      look: { name: 'x', color: '#000000' },
      clock,
      diagnostics: silentLog,
      limit: { burst: 2, perSecond: 1 },
    },
    '127.0.0.1',
    0,
  );
  const from = (client: string) =>
    fetch(`http://127.0.0.1:${small.port}/u`, { headers: { 'x-forwarded-for': client } }).then(({ status }) => status);
  assert.deepEqual([await from('192.0.2.1'), await from('192.0.2.1'), await from('192.0.2.1')], [200, 200, 429]);
  assert.equal(await from('192.0.2.2'), 200);
  await clock.advance(1000);
  assert.equal(await from('192.0.2.1'), 200);
  assert.deepEqual(
    [await from('2001:db8::1'), await from('2001:db8::2'), await from('2001:db8:0:0:1::')],
    [200, 200, 429],
  );
  await small.close();
});
