import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import type { EditorDriver } from './harness/editorDriver.ts';
import { openEditor, type Theme } from './harness/openEditor.ts';
import { type Language, Words } from './harness/words.ts';

const settings = {
  'envoi.from': 'Ada Byron <ada@example.org>',
  'envoi.postalAddress': '12 Analytical Row, London',
  'envoi.unsubscribe': { url: 'https://example.org/leave?t={{ token }}' },
};
const list = 'email,first_name\neve@outlook.com,Eve\nbob@outlook.com,Bob\nzoe@gmail.com,Zoé\n';
const matter = '---\nsubject: News\nkind: internal\nrecipients: readers.csv\n---\n\n';

const lens = (editor: EditorDriver, text: string) => editor.page.locator('.codelens-decoration').getByText(text);
const problems = (editor: EditorDriver) => editor.page.locator('.markers-panel .monaco-list-row');

const looks: readonly { language: Language; theme: Theme }[] = [
  { language: 'en', theme: 'light' },
  { language: 'fr', theme: 'dark' },
  { language: 'en', theme: 'highContrast' },
];

for (const { language, theme } of looks)
  test(`what some mail programs do not show is explained in a hover, with the share of this list, and fixed (${language}, ${theme})`, async (t) => {
    const words = new Words(language);
    const html = '<p style="position: absolute; color: red">Hello {{ first_name }}</p>';
    const editor = await openEditor(t, {
      files: { 'letter.md': `${matter}${html}\n`, 'readers.csv': list },
      settings,
      theme,
      locale: language,
    });
    await editor.openFile('letter.md');
    await lens(editor, words.say('Send to {0} Recipients', 3)).waitFor();
    await editor.runCommand('Problems: Focus on Problems View');
    const told = problems(editor).filter({ hasText: 'position' }).filter({ hasText: 'Outlook for Windows' });
    await told.filter({ hasText: /100\s?%/ }).waitFor();

    await editor.page.locator('.view-line', { hasText: 'position' }).getByText('position').first().click();
    await editor.runCommand('Show or Focus Hover');
    const hover = editor.page.locator('.monaco-hover:not(.hidden)', { hasText: 'caniemail' });
    await hover.waitFor();
    const said = (await hover.innerText()).replaceAll(/\s/g, ' ');
    const share = (percent: number) =>
      words.say(
        '{0} of your readers have a mailbox with its provider',
        language === 'fr' ? `${percent} %` : `${percent}%`,
      );
    assert.ok(said.includes(`Outlook for Windows: ${share(67)}`), said);
    assert.ok(said.includes(`Gmail: ${share(33)}`), said);
    await editor.screenshot(`${language}-${theme}/clientSupport`);
    await editor.page.keyboard.press('Escape');

    await (await editor.quickFix(words.say('Remove “{0}”', 'position'))).click();
    await editor.page.locator('.view-line', { hasText: '<p style="color: red">' }).waitFor();
    await told.waitFor({ state: 'detached' });
  });

test('a README offers no letter commands; a list offers what can be done with it', async (t) => {
  const editor = await openEditor(t, {
    files: {
      'README.md': '# A project\n',
      'letter.md': `${matter}Hello\n`,
      'readers.csv': 'email,last_name,first_name\neve@outlook.com,Adams,Eve\n',
    },
    settings,
  });
  await editor.openFile('README.md');
  await editor.page.locator('.view-line', { hasText: 'A project' }).waitFor();
  assert.equal(await editor.offersCommand('Envoi: Choose Recipients…'), true);
  for (const title of ['Preview Newsletter', 'Send Newsletter…', 'Send Test…', 'Check Links…'])
    assert.equal(await editor.offersCommand(`Envoi: ${title}`), false, title);
  assert.equal(await editor.page.locator('.editor-actions [aria-label^="Preview Newsletter"]').count(), 0);
  await editor.openFile('letter.md');
  await editor.page.locator('.editor-actions [aria-label^="Preview Newsletter"]').waitFor();
  await lens(editor, 'Preview as Eve Adams').waitFor();

  const row = editor.page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'readers.csv' });
  await row.click({ button: 'right' });
  const menu = editor.page.locator('.context-view .monaco-menu');
  await menu.getByText('Write to This List…').waitFor();
  await menu.getByText('Choose Recipients…').waitFor();
  await editor.page.keyboard.press('Escape');
});

test('an untitled letter finds a list by its name, has hints until it is sent, and its keys are explained', async (t) => {
  const editor = await openEditor(t, { files: { 'readers.csv': list, 'gone.csv': 'email\nbob@outlook.com\n' } });
  const { page } = editor;
  await editor.runCommand('File: New Untitled Text File');
  await page.locator('.tab.active', { hasText: 'Untitled-1' }).waitFor();
  await page.locator('.editor-instance .view-lines').click();
  await editor.runCommand('Change Language Mode');
  await editor.answer('markdown');
  await page.keyboard.insertText('---\nsubject: News\nexcept: gone.csv\n---\n\nHello\n');
  await editor.clickFor(
    lens(editor, 'Choose Recipients…'),
    editor.quickInput.locator('.monaco-list-row', { hasText: 'readers.csv' }),
  );
  const labels = (await editor.quickInput.locator('.label-name').allInnerTexts()).join('\n');
  assert.doesNotMatch(labels, /file:|%20|\//);
  await editor.pick('readers.csv');
  await page.locator('.view-line', { hasText: 'recipients:' }).waitFor();
  await lens(editor, 'Send to 2 Recipients').waitFor();

  await editor.runCommand('Problems: Focus on Problems View');
  await problems(editor).filter({ hasText: 'envoi.from' }).first().waitFor();
  const errors = page.locator('.markers-panel .monaco-list-row[aria-label^="Error"]');
  assert.equal(await errors.count(), 0, 'only hints');
  await page.locator('.view-line', { hasText: 'subject' }).click();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('prehe');
  await editor.runCommand('Trigger Suggest');
  const suggestion = page.locator('.suggest-widget .monaco-list-row', { hasText: 'preheader' }).first();
  await suggestion.filter({ hasText: 'The line an inbox shows' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+Home');
  await page.keyboard.press('Delete');

  await editor.runCommand('Envoi: Send Newsletter…');
  await editor.notification('Nothing was sent.').waitFor();
  await errors.first().waitFor();
});

test('links are checked on demand and reported at their place; a web page is made without any reader’s values', async (t) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.statusCode = request.url === '/gone' ? 404 : 200;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const body = `Dear {{ first_name | default: "reader" }}, [one](${at}/here), [two](${at}/gone), [three](${at}/x?token=1).\n`;
  const editor = await openEditor(t, { files: { 'letter.md': matter + body, 'readers.csv': list }, settings });
  await editor.openFile('letter.md');
  await lens(editor, 'Send to 3 Recipients').waitFor();
  assert.deepEqual(asked, [], 'nothing is asked while one writes');
  await editor.runCommand('Envoi: Check Links…');
  const end = editor.notification('1 link is broken. 1 link was not checked.');
  await end.getByText('Show Problems').click();
  await problems(editor).filter({ hasText: '/gone responds with 404' }).filter({ hasText: '[Ln 7,' }).waitFor();
  assert.deepEqual([...new Set(asked)].sort(), ['GET /gone', 'HEAD /gone', 'HEAD /here']);
  const first = asked.length;
  await editor.runCommand('Notifications: Clear All Notifications');
  await editor.openFile('letter.md');
  // A notification that comes as soon as the list of commands has gone is at times not shown.
  const told = async () => {
    await editor.runCommand('Envoi: Check Links…');
    const again = editor.notification('1 link is broken.').waitFor({ timeout: 10_000 });
    return again.then(
      () => true,
      () => false,
    );
  };
  await editor.until(told, (shown) => shown, 'the broken link to be told of again');
  assert.equal(asked.length, first, 'remembered for a day');
  await editor.runCommand('Notifications: Clear All Notifications');

  const item = editor.page.locator('.context-view .monaco-menu').getByText('Export as Web Page…');
  await editor.clickFor(editor.page.locator('.editor-actions [aria-label^="More Actions"]').first(), item);
  const chosen = async () => {
    // A menu that has just opened takes no click.
    if (await item.isVisible()) await item.click({ timeout: 3_000 }).catch(() => undefined);
    return editor.quickInput.isVisible();
  };
  await editor.until(chosen, (asked) => asked, 'to be asked where the page goes');
  await editor.answerPath(join(editor.workspace, 'page.html'), 'letter.web.html');
  await editor.notification('page.html contains the letter without any reader’s values.').waitFor();
  const page = await readFile(join(editor.workspace, 'page.html'), 'utf8');
  assert.match(page, /Dear reader,/);
  assert.doesNotMatch(page, /Eve|Bob|Zoé/);
});
