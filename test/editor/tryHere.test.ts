import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../repository/sources.ts';
import { openEditor, type Theme } from './harness/openEditor.ts';
import { type Language, Words } from './harness/words.ts';

const looks: readonly { language: Language; theme: Theme }[] = [
  { language: 'en', theme: 'light' },
  { language: 'fr', theme: 'dark' },
  { language: 'en', theme: 'highContrast' },
];
const names = { en: 'recipients.csv', fr: 'destinataires.csv' };

for (const { language, theme } of looks)
  test(`the first minute, without an account: a letter is tried on this computer, and read in the mailbox (${language}, ${theme})`, async (t) => {
    const words = new Words(language);
    const template = (name: string) => readFile(join(root, 'media/templates', language, name), 'utf8');
    const list = await template(names[language]);
    const files = { 'letter.md': await template('monthlyLetter.md'), [names[language]]: list };
    const editor = await openEditor(t, { files, theme, locale: language });
    await editor.openFile('letter.md');
    const lenses = editor.page.locator('.codelens-decoration');
    // The lenses move as their words come in.
    await lenses.getByText(words.pattern('Preview as {0}')).waitFor();
    await lenses.getByText(words.pattern('Send to {0} Recipients')).waitFor();
    await lenses.getByText(words.say('Try It Here')).click();
    const mailbox = await editor.frameWith('.mail-row');
    const end = editor.notification(words.pattern('{0} messages were caught on this computer. Nothing was sent.'));
    await end.waitFor();
    const rows = mailbox.locator('.mail-row');
    const total = list.trim().split('\n').length - 1;
    await editor.until(
      () => rows.count(),
      // Letters that another test of this file tried are there still.
      (count) => count >= total,
      'every letter to be caught',
    );
    await mailbox.getByRole('listbox').focus();
    await editor.page.keyboard.press('ArrowDown');
    await mailbox.locator('.inbox-subject').waitFor();
    await mailbox.locator('iframe.letter:not(.waiting)').waitFor();
    await editor.screenshot(`${language}-${theme}/mailbox`);
    await end.getByText(words.say('Show Report')).click();
    const report = await editor.frameWith('.report .tile');
    assert.ok((await report.locator('.tile[data-filter=sent]').innerText()).includes(words.say('Caught here')));
    assert.equal(
      (await report.locator('.attention').first().innerText()).trim(),
      words.say('Caught on this computer. Nobody received anything.'),
    );
  });

test('a list offers to write to its people, and the new letter goes to that list', async (t) => {
  const editor = await openEditor(t, { files: { 'people.csv': 'email,first_name\nada@post.example,Ada\n' } });
  await editor.openFile('people.csv');
  await editor.clickFor(
    editor.page.locator('.codelens-decoration').getByText('Write to This List…'),
    editor.quickInput.locator('.monaco-list-row', { hasText: 'Plain Note' }).first(),
  );
  await editor.pick('Plain Note');
  await editor.answer('note.md');
  await editor.page.locator('.view-line', { hasText: 'people.csv' }).waitFor();
  await editor.page.locator('.codelens-decoration').getByText('Preview as Ada').waitFor();
  await editor.page.locator('.codelens-decoration').getByText('Send to 1 Recipient').waitFor();
});
