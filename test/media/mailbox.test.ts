import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { accessibilityFaults } from './axe.ts';
import { namedStrings, type OpenOptions, openPage, until } from './openPage.ts';
import { messageOf, previewWords } from './previewPage.ts';
import { themes } from './themes.ts';

const letters = ['Ada', 'Béla', 'Chloé'].map((name, at) => ({
  id: `${9 - at}.eml`,
  from: 'The Garden',
  to: `${name} <${at}@garden.example>`,
  subject: at === 2 ? '' : `News for ${name}`,
  when: '10:41',
}));

async function open(t: TestContext, options: Partial<OpenOptions> = {}) {
  const opened = await openPage(t, {
    bundle: 'mailbox',
    strings: { ...namedStrings('mailbox'), preview: previewWords },
    viewport: { width: 1000, height: 700 },
    ...options,
  });
  await opened.send({ type: 'letters', letters });
  await opened.page.locator('.mail-row').nth(2).waitFor();
  return opened;
}

async function answer(opened: Awaited<ReturnType<typeof open>>, id: string, text = '# Hello\n', version = 1) {
  const message = await messageOf(`---\nsubject: A\n---\n${text}`, undefined, undefined, undefined, version);
  await opened.send({ ...message, id, source: 'Subject: A\n\nthe source' });
  await opened.page.locator('iframe.letter:not(.waiting)').waitFor();
}

test('caught letters are listed, searched, opened by keyboard, and read in all their parts', async (t) => {
  const opened = await open(t);
  const { page, message } = opened;
  await page.getByRole('searchbox', { name: 'search' }).fill('béla');
  assert.equal(await page.locator('.mail-row').count(), 1);
  await page.getByRole('searchbox', { name: 'search' }).fill('nobody');
  assert.equal(await page.locator('.mail-letters .mail-empty').innerText(), 'noMatch');
  await page.getByRole('searchbox', { name: 'search' }).fill('');
  await page.getByRole('listbox').focus();
  await page.keyboard.press('ArrowDown');
  await message('open', ({ id }) => id === '9.eml');
  await answer(opened, '9.eml');
  const frame = page.frames().find((candidate) => candidate.parentFrame() !== null);
  assert.equal(await frame?.locator('h1').innerText(), 'Hello');
  await page.getByRole('tab', { name: 'text' }).click();
  assert.match(await page.locator('pre.plain').innerText(), /HELLO/i);
  await page.getByRole('tab', { name: 'source' }).click();
  assert.match(await page.locator('pre.source').innerText(), /the source/);
  await page.getByRole('listbox').focus();
  await page.keyboard.press('ArrowDown');
  await message('open', ({ id }) => id === '8.eml');
  await page.getByRole('button', { name: 'deleteAll' }).click();
  await message('deleteAll');
  await opened.send({ type: 'letters', letters: [] });
  await page.getByText('none', { exact: true }).waitFor();
});

test('in a narrow column one side is shown at a time, and the way back leads to the list', async (t) => {
  const opened = await open(t, { viewport: { width: 460, height: 700 } });
  const { page } = opened;
  await page.locator('.mail-row').first().click();
  await answer(opened, '9.eml');
  assert.equal(await page.locator('.mail-list').isVisible(), false);
  await page.getByRole('button', { name: 'back' }).click();
  assert.equal(await page.evaluate(`document.activeElement.getAttribute('role')`), 'listbox');
});

test('a hostile letter in the mailbox makes no network request and runs nothing', async (t) => {
  const opened = await open(t);
  const message = await messageOf('---\nsubject: A\n---\nx\n');
  const html = '<h1>x</h1><img src="http://evil.example/p.png" onerror="top.hacked=1"><script>top.hacked=2</script>';
  await opened.send({ ...message, letter: { ...message.letter, html }, id: '9.eml', source: '' });
  await opened.page.locator('iframe.letter:not(.waiting)').waitFor();
  await until(opened.page, `document.querySelector('iframe.letter').contentDocument.querySelector('h1')`);
  assert.deepEqual(opened.requests, []);
  assert.equal(await opened.page.evaluate('globalThis.hacked'), undefined);
});

for (const { name, theme, themeClass } of themes)
  test(`nothing in the mailbox is inaccessible: ${name}`, async (t) => {
    const opened = await open(t, { theme, themeClass });
    assert.deepEqual(await accessibilityFaults(opened.page), []);
    await answer(opened, '9.eml');
    for (const width of [1000, 460, 230]) {
      await opened.page.setViewportSize({ width, height: 700 });
      assert.deepEqual(await accessibilityFaults(opened.page), [], `${width} px`);
    }
    await opened.send({ type: 'letters', letters: [] });
    assert.deepEqual(await accessibilityFaults(opened.page), [], 'empty');
  });
