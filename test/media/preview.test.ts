import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './openPage.ts';
import { chooseInMenu, filesOf, messageOf, openPreview } from './previewPage.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const matter = '---\nsubject: News for {{ first_name }}\npreheader: In short\n---\n';
const someRecipients = {
  index: 1,
  total: 1204,
  label: 'Eve Llewellyn-Forsythe of Great Yarmouth',
  address: 'eve@example.org',
  line: 3,
  refused: 2,
  blanks: 1,
  emptyFields: [],
  list: 'r.csv',
};
const long = `${matter}${Array.from({ length: 80 }, (_, n) => `Paragraph ${n} for {{ first_name }}.`).join('\n\n')}\n`;

test('the preview shows the letter, its inbox line, its text and its size', async (t) => {
  const preview = await openPreview(t);
  const { page } = preview;
  await preview.send(await messageOf(`${matter}# Hello {{ first_name }}\n`));
  const letter = await preview.letter();
  assert.equal(await letter.locator('h1').innerText(), 'Hello Eve');
  assert.equal(await page.locator('.inbox').isVisible(), false, 'the inbox line is shown on demand');
  await chooseInMenu(page, 'inbox');
  assert.equal(await page.locator('.inbox-from').innerText(), 'Ada Byron');
  assert.equal(await page.locator('.inbox-text').innerText(), 'News for Eve — In short');
  assert.match((await page.locator('[role=meter]').getAttribute('aria-valuetext')) ?? '', /^\d(\.\d)? kB$/);
  await chooseInMenu(page, /^text$/);
  assert.match(await page.locator('pre.plain').innerText(), /Hello Eve/i);
});

test('an image sent along is shown by its Content-ID', async (t) => {
  const preview = await openPreview(t);
  const message = await messageOf(`${matter}![A dot](dot.png)\n`, undefined, filesOf({ 'dot.png': png }));
  const cid = /cid:([^"]+)/.exec(message.letter.html)?.[1];
  await preview.page.evaluate(
    `window.postMessage({ type: 'images', images: [{ cid: ${JSON.stringify(cid)}, mime: 'image/png', bytes: new Uint8Array(${JSON.stringify([...png])}) }] }, '*')`,
  );
  await preview.send(message);
  const letter = await preview.letter();
  await until(letter, 'document.images[0]?.naturalWidth === 1');
  assert.match((await letter.locator('img').getAttribute('src')) ?? '', /^blob:/);
});

test('a new letter takes over the scroll position, and an older one is dropped', async (t) => {
  const preview = await openPreview(t);
  await preview.send(await messageOf(long));
  const first = await preview.letter();
  await first.evaluate('document.scrollingElement.scrollTo(0, 900)');
  await preview.send(await messageOf(long.replace('Paragraph 3', 'Changed 3'), undefined, undefined, undefined, 3));
  await until(
    preview.page,
    `[...document.querySelectorAll('iframe.letter:not(.waiting)')].some((frame) => frame.contentDocument.body.textContent.includes('Changed 3'))`,
  );
  const second = await preview.letter();
  assert.equal(await second.evaluate('document.scrollingElement.scrollTop'), 900);
  await preview.send(await messageOf(long.replace('Paragraph 3', 'Stale 3'), undefined, undefined, undefined, 2));
  await preview.send({
    type: 'problems',
    problems: [{ severity: 'error', text: 'Behind the stale one', where: 'letter.md:1' }],
  });
  await preview.page.locator('.problem-badge').waitFor();
  assert.doesNotMatch(await (await preview.letter()).locator('body').innerText(), /Stale/);
});

test('the preview follows the editor, and tells it where it was scrolled to', async (t) => {
  const preview = await openPreview(t);
  await preview.send(await messageOf(long));
  const letter = await preview.letter();
  await preview.send({ type: 'scrollTo', line: 5 + 2 * 40 });
  await until(letter, 'document.scrollingElement.scrollTop > 500');
  const top = await letter.evaluate(
    `[...document.querySelectorAll('[data-line]')].find((p) => p.textContent.startsWith('Paragraph 40 ')).getBoundingClientRect().top`,
  );
  assert.ok(Math.abs(Number(top)) < 2, `the paragraph is at ${top}`);
  assert.ok(!preview.sent.some(({ type }) => type === 'scrolled'), 'what the editor scrolled does not answer');
  await letter.locator('p', { hasText: 'Paragraph 20 ' }).waitFor();
  // The guard of 200 ms passes before a person scrolls on.
  await until(preview.page, `performance.now() > ${await preview.page.evaluate('performance.now() + 250')}`);
  await letter.evaluate(
    `document.scrollingElement.scrollBy(0, [...document.querySelectorAll('[data-line]')].find((p) => p.textContent.startsWith('Paragraph 20 ')).getBoundingClientRect().top)`,
  );
  const { line } = await preview.message('scrolled');
  assert.ok(Math.abs(Number(line) - 45) < 1, `line ${line}`);
});

/** A letter with boxes of its own colours, and one line that has none. */
const plainHtml = `<html><head></head><body>
<p id="bare">bare</p><div id="box" style="background-color:#ffffff;color:#222222"><a id="link" style="color:#0645ad" href="https://example.org">x</a></div>
<div id="band" style="background-color:#1a2b4c"><span id="pale" style="color:#ffffff">x</span></div></body></html>`;
const htmlMatter = matter.replace('---\n', '---\nlayout: none\n');

test('a letter without dark styles stays readable in each dark mail program', async (t) => {
  const preview = await openPreview(t);
  const { page } = preview;
  await preview.send(await messageOf(`${htmlMatter}${plainHtml}`, undefined, undefined, 'letter.html'));
  const letter = await preview.letter();
  const looks = async () =>
    Object.fromEntries(
      await letter.evaluate<[string, { text: number; back: number }][]>(`(() => {
        const light = (colour) => { const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number); return a === 0 ? null : (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255; };
        const back = (element) => element ? light(getComputedStyle(element).backgroundColor) ?? back(element.parentElement) : 1;
        return ['bare', 'box', 'link', 'pale'].map((id) => { const element = document.getElementById(id); return [id, { text: light(getComputedStyle(element).color), back: back(element) }]; });
      })()`),
    );
  const light = await looks();
  await chooseInMenu(page, /^own$/);
  assert.deepEqual(await looks(), light, 'Apple Mail and Thunderbird leave it as it is');
  assert.equal(await page.locator('.hint').innerText(), 'ownMissing');
  for (const kind of ['partial', 'full'] as const) {
    await chooseInMenu(page, new RegExp(`^${kind}$`));
    const dark = await looks();
    assert.equal(await page.locator('.hint').innerText(), `${kind}Hint`);
    for (const [id, { text, back }] of Object.entries(dark))
      assert.ok(Math.abs(text - back) > 0.3, `${kind}: ${id} can be read: ${text} on ${back}`);
    assert.ok((dark.box?.back ?? 1) < 0.2, `${kind}: what was white is dark`);
    assert.ok((dark.bare?.back ?? 1) < 0.2, `${kind}: and so is the page`);
    assert.equal((dark.pale?.back ?? 1) < 0.4, kind === 'partial', `${kind}: what was dark`);
  }
  await chooseInMenu(page, /^light$/);
  assert.deepEqual(await looks(), light, 'and all of it comes back');
});

test('dark styles of the letter are used where mail programs use them', async (t) => {
  const preview = await openPreview(t);
  const own =
    '<style data-inline="no">@media (prefers-color-scheme: dark) { .c { color: rgb(1, 2, 3) } }</style><p class="c">x</p>';
  await preview.send(
    await messageOf(`${htmlMatter}<html><head></head><body>${own}</body></html>`, undefined, undefined, 'letter.html'),
  );
  const colour = async () => (await preview.letter()).evaluate(`getComputedStyle(document.querySelector('.c')).color`);
  assert.notEqual(await colour(), 'rgb(1, 2, 3)');
  await chooseInMenu(preview.page, /^own$/);
  assert.equal(await colour(), 'rgb(1, 2, 3)');
  assert.equal(await preview.page.locator('.hint').innerText(), 'ownHint');
  await chooseInMenu(preview.page, /^partial$/);
  assert.notEqual(await colour(), 'rgb(1, 2, 3)');
});

test('words are found in the letter, across tags, and in its text; Escape ends it', async (t) => {
  const preview = await openPreview(t);
  const { page } = preview;
  await preview.send(await messageOf(`${long}\nThe **quick**\nbrown fox\n`));
  const letter = await preview.letter();
  await letter.locator('body').focus();
  await page.keyboard.press('Control+F');
  await page.getByRole('textbox', { name: 'find' }).fill('Quick brown');
  assert.equal(await page.locator('.find-count').innerText(), '1 of 1');
  const marked = () =>
    letter.evaluate<string[]>(`[...CSS.highlights.get('envoi-found')].map((range) => range.toString())`);
  assert.deepEqual(await marked(), ['quick\nbrown']);
  const visible = await letter.evaluate<boolean>(
    `(() => { const { top } = [...CSS.highlights.get('envoi-found')][0].getBoundingClientRect(); return top >= 0 && top < innerHeight; })()`,
  );
  assert.ok(visible, 'it is scrolled to');
  await page.getByRole('textbox', { name: 'find' }).fill('paragraph');
  assert.equal(await page.locator('.find-count').innerText(), '1 of 80');
  await page.keyboard.press('Shift+Enter');
  assert.equal(await page.locator('.find-count').innerText(), '80 of 80');
  await chooseInMenu(page, /^text$/);
  assert.match(await page.locator('.find-count').innerText(), /of 80$/);
  await page.getByRole('textbox', { name: 'find' }).press('Escape');
  assert.equal(await page.locator('.find').isVisible(), false);
});

test('the header is one line, in a narrow column and when everything is twice as large', async (t) => {
  const preview = await openPreview(t);
  const { page } = preview;
  await preview.send(await messageOf(long));
  await preview.send({ type: 'recipients', recipients: someRecipients });
  await preview.send({ type: 'problems', problems: [{ severity: 'error', text: 'Wrong', where: 'letter.md:1' }] });
  await page.getByRole('button', { name: 'blocks1' }).waitFor();
  for (const width of [1200, 460, 230]) {
    await page.setViewportSize({ width, height: 365 });
    const header = await page.locator('header').boundingBox();
    assert.ok((header?.height ?? 99) <= 40, `${header?.height} px of 365 at ${width}`);
    for (const control of await page.locator('header button:visible, header [role=radio]:visible').all()) {
      const box = await control.boundingBox();
      assert.ok(box && box.x >= 0 && box.x + box.width <= width, `${await control.getAttribute('title')} is within`);
    }
  }
  await chooseInMenu(page, /^phone$/);
  assert.equal(await (await preview.letter()).evaluate('innerWidth'), 390, 'what has no room is in the menu');
});

test('a phone’s width drives the letter’s own media queries', async (t) => {
  const preview = await openPreview(t);
  await preview.send(await messageOf(long));
  await preview.page.getByRole('radio', { name: 'phone' }).click();
  assert.equal(await (await preview.letter()).evaluate('innerWidth'), 390);
  await preview.page.getByRole('radio', { name: 'desktop' }).click();
  assert.ok(Number(await (await preview.letter()).evaluate('innerWidth')) >= 640);
});

test('links are inert, show where they lead, and ask to open only with Ctrl', async (t) => {
  const preview = await openPreview(t);
  await preview.send(await messageOf(`${matter}[there](https://example.org/a?b=1)\n`));
  const letter = await preview.letter();
  const link = letter.locator('a', { hasText: 'there' });
  await link.hover();
  assert.match(await preview.page.locator('.target.visible').innerText(), /^https:\/\/example\.org\/a\?b=1/);
  await link.click();
  await link.click({ modifiers: ['Control'] });
  const { url } = await preview.message('openLink');
  assert.equal(url, 'https://example.org/a?b=1');
  assert.equal(preview.sent.filter(({ type }) => type === 'openLink').length, 1);
  assert.deepEqual(preview.requests, []);
});

test('keys pressed in the letter reach the editor, and everything can be done by keyboard', async (t) => {
  const preview = await openPreview(t);
  await preview.send(await messageOf(`${matter}[there](https://example.org/)\n`));
  await preview.send({ type: 'recipients', recipients: someRecipients });
  await preview.page.evaluate(
    `window.addEventListener('keydown', (event) => { if (event.key === 'F1') window.f1 = true; })`,
  );
  await (await preview.letter()).locator('a', { hasText: 'there' }).focus();
  await preview.page.keyboard.press('F1');
  assert.equal(await preview.page.evaluate('window.f1'), true);
  await preview.page.keyboard.press('Alt+ArrowRight');
  await preview.message('step', ({ by }) => by === 1);
  const unlabelled = await preview.page.evaluate(
    `[...document.querySelectorAll('button, iframe, [role=radiogroup], [role=tablist], [role=toolbar]')]
      .filter((element) => !(element.getAttribute('aria-label') || element.title || element.textContent.trim())).length`,
  );
  assert.equal(unlabelled, 0);
  await preview.page.getByRole('tab', { name: 'html' }).focus();
  await preview.page.keyboard.press('End');
  assert.equal(await preview.page.evaluate('document.activeElement.id'), 'tab-attachments');
});

test('a broken letter leaves the last good one with a banner that leads to the place', async (t) => {
  const preview = await openPreview(t);
  await preview.send(await messageOf(`${matter}# Good\n`));
  await preview.letter();
  await preview.send({
    type: 'failure',
    failure: { text: 'There is no Liquid tag “fi” here.', remedy: '', hasPlace: true },
  });
  assert.match(await preview.page.getByRole('alert').innerText(), /“fi” here\.\s+lastGood/);
  assert.equal(await (await preview.letter()).locator('h1').innerText(), 'Good');
  await preview.page.getByRole('button', { name: 'goThere' }).click();
  await preview.message('openProblem', ({ index }) => index === -1);
});
