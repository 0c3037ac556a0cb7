import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { ensurePackages, phpPackages } from '../../scripts/lib/debianPackages.ts';
import { proveUnsubscribe } from '../../src/endpoint/proveUnsubscribe.ts';
import { pullSignature } from '../../src/endpoint/pullSignature.ts';
import { type PullCursor, pullTokens } from '../../src/endpoint/pullTokens.ts';
import { UserError } from '../../src/shared/errors.ts';
import { TOKEN_PLACE } from '../../src/shared/unsubscribeProof.ts';
import { closedPort } from '../support/deadPorts.ts';

/** The recipes in docs/unsubscribe keep the same promises as the server that ships. */
const secret = 'a secret of more than twenty-four characters';
const name = 'Fish & <Chips>';
const token = (index: number) => String(index).padStart(43, 'R');
const recipe = (file: string) => resolve(import.meta.dirname, '../../docs/unsubscribe', file);

test('the PHP recipe', async (t) => {
  await ensurePackages(phpPackages);
  const folder = await mkdtemp(join(tmpdir(), 'envoi-php-'));
  const port = await closedPort();
  const child = spawn('php', ['-S', `127.0.0.1:${port}`, recipe('unsubscribe.php')], {
    env: {
      PATH: process.env.PATH,
      PHP_CLI_SERVER_WORKERS: '4',
      ENVOI_ENDPOINT_FOLDER: folder,
      ENVOI_ENDPOINT_SECRET: secret,
      ENVOI_ENDPOINT_NAME: name,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  t.after(() => {
    process.kill(-(child.pid as number), 'SIGKILL');
    return rm(folder, { recursive: true });
  });
  let said = '';
  for await (const piece of child.stderr) {
    said += piece;
    if (said.includes('started')) break;
  }
  await keepsItsPromises(t, `http://127.0.0.1:${port}/unsubscribe.php`);
});

test('the Worker recipe', async (t) => {
  const { default: worker } = (await import(recipe('worker.js'))) as { default: Worker };
  const database = new DatabaseSync(':memory:');
  for (const sql of (await readFile(recipe('worker.js'), 'utf8')).match(/CREATE TABLE [^;]+;/g) ?? [])
    database.exec(sql);
  const server = createServer(async (request, response) => {
    const headers = Object.entries(request.headers).map(([key, value]): [string, string] => [key, String(value)]);
    const asked = new Request(`http://news.example${request.url}`, { method: request.method ?? 'GET', headers });
    const answer = await worker.fetch(asked, { DB: d1(database), SECRET: secret, NAME: name });
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  await keepsItsPromises(t, `http://127.0.0.1:${(server.address() as AddressInfo).port}/u`);
});

async function keepsItsPromises(t: TestContext, url: string): Promise<void> {
  const pulled = async (cursor: PullCursor, by = secret) => {
    const tokens: string[] = [];
    for await (const page of pullTokens({ url, secret: by, cursor, now: Date.now })) {
      tokens.push(...page.tokens.map((each) => each.token));
      cursor = page.cursor;
    }
    return { tokens, cursor };
  };
  const post = (path: string) => fetch(`${url}${path}`, { method: 'POST', body: 'List-Unsubscribe=One-Click' });

  await t.test('looking unsubscribes nobody, posting does; any token gets the same answer', async () => {
    const page = await (await fetch(`${url}?t=${token(1)}`, { headers: { 'accept-language': 'fr-FR' } })).text();
    assert.match(page, /<html lang="fr">[\s\S]*<form method="post">/);
    assert.match(page, /Fish (&amp;|&#38;) (&lt;|&#60;)Chips/);
    assert.deepEqual((await pulled({ log: '', after: 0 })).tokens, []);
    const answers = await Promise.all([`?t=${token(1)}`, '?t=forged', '', `?t=${token(2)}%0A`, '?t[]=x'].map(post));
    assert.equal(new Set(await Promise.all(answers.map((answer) => answer.text()))).size, 1);
    assert.deepEqual((await pulled({ log: '', after: 0 })).tokens, [token(1)]);
  });

  await t.test('many at once: none is lost, and the cursor goes on where it was', async () => {
    const before = await pulled({ log: '', after: 0 });
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => post(`?t=${token(100 + index)}`)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    const { tokens, cursor } = await pulled(before.cursor);
    assert.equal(new Set(tokens).size, 200);
    assert.deepEqual((await pulled(cursor)).tokens, []);
    assert.equal((await pulled({ log: 'another', after: cursor.after })).tokens.length, 201);
  });

  await t.test('the proof of “check --network” finds nothing to complain of', async () => {
    const link = `${url}?t=${TOKEN_PLACE}`;
    const { signal } = new AbortController();
    assert.deepEqual(await proveUnsubscribe({ link, url, secret, now: Date.now, signal }), {
      looked: { kind: 'answered', status: 200, location: '' },
      clicked: {
        answer: { kind: 'answered', status: 200, location: '' },
        home: { kind: 'fetched', afterLooking: false, afterClicking: true },
      },
    });
  });

  await t.test('only the secret opens the list, once, and at its time', async () => {
    const ask = async (at: number, nonce: string, by: string) => {
      const header = pullSignature(by, 'after=0', at, nonce);
      const response = await fetch(`${url}?after=0`, { headers: { 'x-envoi-signature': header } });
      return response.status === 200 ? 200 : response.text();
    };
    const now = Math.floor(Date.now() / 1000);
    assert.equal(await ask(now, 'a'.repeat(32), 'another secret'), 'wrongSecret');
    assert.equal(await ask(now - 400, 'b'.repeat(32), secret), 'wrongTime');
    assert.equal(await ask(now, 'c'.repeat(32), secret), 200);
    assert.equal(await ask(now, 'c'.repeat(32), secret), 'replayed');
    assert.equal((await fetch(`${url}?after=0`)).status, 403);
    await assert.rejects(
      pulled({ log: '', after: 0 }, 'another secret'),
      (error) => error instanceof UserError && error.code === 'endpointRefused',
    );
  });
}

interface Worker {
  fetch(request: Request, env: { DB: ReturnType<typeof d1>; SECRET: string; NAME: string }): Promise<Response>;
}

/** What the recipe uses of D1, over a SQLite in memory. */
function d1(database: DatabaseSync) {
  return {
    prepare: (sql: string) => ({
      bind: (...values: SQLInputValue[]) => ({
        run: async () => ({ meta: { changes: Number(database.prepare(sql).run(...values).changes) } }),
        all: async () => ({ results: database.prepare(sql).all(...values) }),
      }),
    }),
  };
}
