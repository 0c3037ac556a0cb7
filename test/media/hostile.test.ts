import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseInMenu, filesOf, letterOf, messageOf, openPreview } from './previewPage.ts';

const matter = '---\nsubject: A letter\nlayout: none\n---\n';

/** Everything that could run or call home, each with an address of its own. */
const evil = `<!doctype html><html><head>
<script src="http://evil.example/script.js"></script><script>top.hacked = parent.hacked = 1</script>
<base href="http://evil.example/base/"><meta http-equiv="refresh" content="0;url=http://evil.example/refresh">
<link rel="stylesheet" href="http://evil.example/style.css"><link rel="preload" as="image" href="http://evil.example/preload.png">
<link rel="prefetch" href="http://evil.example/prefetch"><link rel="preconnect" href="http://evil.example"><link rel="dns-prefetch" href="//evil.example">
<style>@import url(http://evil.example/import.css); @font-face { font-family: x; src: url(http://evil.example/font.woff2) } body { background: url(http://evil.example/background.png); font-family: x } p::after { content: url(http://evil.example/content.png) }</style>
</head><body background="http://evil.example/body.png" onload="top.hacked = 2">
<p style="background-image: url('http://evil.example/inline.png')">Hello</p>
<img src="http://evil.example/pixel.png" onerror="top.hacked = 3" srcset="http://evil.example/set.png 2x"><img src="//evil.example/relative.png"><img src="x" onerror="top.hacked = 4">
<picture><source srcset="http://evil.example/source.png"><img src="cid:none"></picture>
<iframe src="http://evil.example/frame"></iframe><iframe srcdoc="<script>top.hacked = 5</script>"></iframe>
<object data="http://evil.example/object"></object><embed src="http://evil.example/embed">
<video src="http://evil.example/video" poster="http://evil.example/poster.png" autoplay></video><audio src="http://evil.example/audio" autoplay></audio>
<svg><script>top.hacked = 6</script><image href="http://evil.example/svg.png" /><use href="http://evil.example/use.svg#a" /></svg>
<math><mtext><table><mglyph><style><img src=1 onerror="top.hacked = 7"></style></mglyph></table></mtext></math>
<form action="http://evil.example/form"><input name="a" autofocus onfocus="top.hacked = 8"><button id="send">Send</button></form>
<a id="js" href="javascript:top.hacked=9">js</a><a id="away" href="http://evil.example/away" ping="http://evil.example/ping">away</a>
<a id="top" target="_top" href="http://evil.example/top">top</a><details open ontoggle="top.hacked = 10"><summary>s</summary></details>
</body></html>`;

test('a hostile document runs no script and makes no network request', async (t) => {
  const preview = await openPreview(t);
  const { page, requests } = preview;
  // Straight to the page, past everything the composer takes out: the page must stand on its own.
  const message = await messageOf(`${matter}x`, undefined, undefined, 'letter.html');
  await preview.send({ ...message, letter: { ...message.letter, html: evil } });
  const letter = await preview.letter();
  assert.equal(await letter.locator('p').innerText(), 'Hello');
  for (const id of ['js', 'away', 'top', 'send']) {
    await letter.locator(`#${id}`).click();
    await letter.locator(`#${id}`).click({ button: 'middle' });
  }
  await letter.locator('input').press('Enter');
  for (const look of ['own', 'partial', 'full']) await chooseInMenu(page, look);
  await page.getByRole('radio', { name: 'phone' }).click();
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))');
  assert.deepEqual(requests, []);
  assert.equal(await page.evaluate('globalThis.hacked'), undefined);
  assert.equal(page.context().pages().length, 1, 'no window was opened');
  assert.equal(page.frames().length, 2, 'no frame but the letter’s');
  assert.deepEqual(
    preview.sent.filter(({ type }) => type === 'openLink'),
    [],
  );
});

test('the check for requests would detect one', async (t) => {
  const preview = await openPreview(t, { remoteImages: true });
  const message = await messageOf(`${matter}x`, undefined, undefined, 'letter.html');
  const html = '<p>Hello</p><img src="https://images.example/a.png"><script>top.hacked = 1</script>';
  await preview.send({ ...message, letter: { ...message.letter, html } });
  await preview.letter();
  assert.deepEqual(preview.requests, ['https://images.example/a.png'], 'images the person allowed, and only those');
  assert.equal(await preview.page.evaluate('globalThis.hacked'), undefined);
});

test('images on the web wait for a person', async (t) => {
  const preview = await openPreview(t);
  await preview.send(
    await messageOf(`${matter.replace('layout: none\n', '')}![A picture](https://images.example/a.png)\n`),
  );
  await preview.letter();
  await preview.page.getByRole('button', { name: /^imagesBlocked1/ }).click();
  await preview.message('allowImages', ({ allowed }) => allowed === true);
  assert.deepEqual(preview.requests, []);
});

test('cells of a hostile list are text wherever they are shown', async (t) => {
  const cell = `"><img src=x onerror="top.hacked=1"><script>top.hacked=2</script>{{ token }}{% include "/etc/passwd" %}`;
  const recipient = {
    line: 2,
    address: 'eve@example.org',
    fields: { email: 'eve@example.org', first_name: cell, city: 'javascript:top.hacked=3' },
  };
  const text = `---\nsubject: "{{ first_name }}"\n---\n# {{ first_name }}\n\n<p title="{{ first_name }}" style="color: {{ first_name }}">x</p>\n\n<a id="city" href="{{ city }}">city</a>\n`;
  const preview = await openPreview(t);
  await preview.send(await messageOf(text, recipient));
  const letter = await preview.letter();
  assert.equal(await letter.locator('h1').innerText(), cell);
  assert.equal(await letter.locator('img').count(), 0);
  await letter.locator('#city').click({ modifiers: ['Control'] });
  const { url } = await preview.message('openLink');
  assert.equal(url, '#');
  assert.equal(await preview.page.evaluate('globalThis.hacked'), undefined);
  assert.deepEqual(preview.requests, []);
});

test('a document can name files outside, and none is read', async () => {
  const asked: string[] = [];
  const text = `---\nsubject: A letter\n---\n![a](../../secret.png) ![b](/etc/passwd) ![c](file:///etc/passwd) ![d](..\\..\\secret.png)\n\n{% include '/etc/passwd' %}\n`;
  await assert.rejects(letterOf(text, filesOf({}, asked)), /include/);
  const images = text.replace(/\{%.*%\}/, '');
  const letter = await letterOf(images, filesOf({}, asked));
  assert.ok(letter.findings.some(({ code }) => code === 'imageOutside'));
  assert.deepEqual(
    asked.filter((path) => path.startsWith('/') || path.includes(':')),
    [],
  );
});
