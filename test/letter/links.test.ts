import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { parseDocument } from '../../src/compose/document/document.ts';
import { brokenLinks, linksOf } from '../../src/letter/links/brokenLinks.ts';
import { checkLinks, isCheckable, type LinkMemory } from '../../src/letter/links/checkLinks.ts';
import { UNSUBSCRIBE_PLACEHOLDER, webPageOf } from '../../src/letter/webPage.ts';
import { filesOf, letterOf, letterSettings } from '../media/previewPage.ts';

test('only links that are the same for everybody, and trigger nothing, are requested', () => {
  const yes = [
    'https://example.org',
    'http://example.org/a/b?page=2&utm_source=news',
    'https://example.org/2026/november-news',
  ];
  const no = [
    'mailto:a@example.org',
    '#part',
    'page.html',
    'https://example.org/{{ token }}',
    'https://example.org/leave?t=abc',
    'https://example.org/confirm?code=1',
    'https://example.org/x?id=0123456789abcdef0123456789abcdef',
    'https://example.org/u/0123456789abcdef0123456789abcdef',
    'https://example.org/unsubscribe',
    'https://ada:secret@example.org/',
    'https://',
  ];
  assert.deepEqual(yes.filter(isCheckable), yes);
  assert.deepEqual(no.filter(isCheckable), []);
});

async function web(t: TestContext) {
  const asked: string[] = [];
  let open = 0;
  let most = 0;
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    most = Math.max(most, ++open);
    response.on('close', () => open--);
    const path = request.url ?? '';
    const status =
      path === '/gone' ? 404 : path === '/no-head' && request.method === 'HEAD' ? 405 : path === '/private' ? 403 : 200;
    response.writeHead(status).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, asked, most: () => most };
}

test('each link is requested once, politely, remembered for a day, and broken ones are reported at their place', async (t) => {
  const { origin, asked, most } = await web(t);
  const text = `---\nsubject: A\n---\n[a](${origin}/fine) [b](${origin}/gone)\n\n[c](${origin}/no-head) [d](${origin}/private) [a](${origin}/fine)\n\n[e](http://127.0.0.1:1/x) [f](https://example.org/{{ token }})\n`;
  const document = parseDocument(text, 'letter.md');
  const memory: LinkMemory = {};
  let now = 1;
  const checker = {
    now: () => now,
    ask: async (url: string, method: string, signal: AbortSignal) => (await fetch(url, { method, signal })).status,
  };
  const check = () => checkLinks(linksOf(document), memory, checker, new AbortController().signal);
  const states = await check();
  assert.deepEqual([...asked].sort(), [
    'GET /gone',
    'GET /no-head',
    'GET /private',
    'HEAD /fine',
    'HEAD /gone',
    'HEAD /no-head',
    'HEAD /private',
  ]);
  assert.equal(most(), 1, 'one after the other at the same server');
  const found = brokenLinks(document, states);
  assert.deepEqual(
    found.map(({ code, place, text: { args } }) => [code, place.line, args[0]]),
    [
      ['brokenLink', 4, `${origin}/gone`],
      ['brokenLink', 8, 'http://127.0.0.1:1/x'],
    ],
  );
  const before = asked.length;
  await check();
  assert.equal(asked.length, before, 'remembered');
  now += 25 * 60 * 60 * 1000;
  await check();
  assert.ok(asked.length > before, 'for a day');
});

test('a web page has defaults for values, embedded pictures, and no way to unsubscribe anybody', async () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const files = filesOf({ 'dot.png': png });
  const text =
    '---\nsubject: A\nweb_url: https://example.org/news/12\n---\nDear {{ first_name | default: "reader" }} of {{ city }}\n\n![A dot](dot.png)\n\n[On the web]({{ web_url }}) [Leave]({{ unsubscribe_url }})\n';
  const letter = await letterOf(text, files, 'letter.md', {
    ...letterSettings,
    unsubscribe: { mailto: '', url: UNSUBSCRIBE_PLACEHOLDER },
  });
  const page = await webPageOf(letter.newsletter, (path) => files.read(path), 0);
  assert.match(page, /Dear reader of\s/);
  assert.match(page, /src="data:image\/png;base64,iVBOR/);
  assert.match(page, /href="https:\/\/example\.org\/news\/12"/);
  assert.doesNotMatch(page, /envoi\.invalid|Leave|cid:|\{\{/);
});
