import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../repository/sources.ts';
import { openEditor } from './harness/openEditor.ts';

const templates = join(root, 'media/templates/en');

test('the first minute, without an account: a letter is tried here, and read in the mailbox', async (t) => {
  const files = {
    'letter.md': await readFile(join(templates, 'monthlyLetter.md'), 'utf8'),
    'recipients.csv': await readFile(join(templates, 'recipients.csv'), 'utf8'),
  };
  const editor = await openEditor(t, { files });
  await editor.openFile('letter.md');
  const lenses = editor.page.locator('.codelens-decoration');
  // The lenses move as their words come in.
  await lenses.getByText('Preview as Ada').waitFor();
  await lenses.getByText(/^Send to \d+ Recipients/).waitFor();
  await lenses.getByText('Try It Here').click();
  const mailbox = await editor.frameWith('.mail-row');
  await editor.notification('letters were caught on this computer. Nothing was sent.').waitFor();
  const rows = mailbox.locator('.mail-row');
  const total = files['recipients.csv'].trim().split('\n').length - 1;
  await editor.until(
    () => rows.count(),
    (count) => count === total,
    'every letter to be caught',
  );
  await mailbox.getByRole('listbox').focus();
  await editor.page.keyboard.press('ArrowDown');
  await mailbox.locator('.inbox-subject').waitFor();
  await (await editor.frameWith('iframe.letter')).locator('iframe.letter:not(.waiting)').waitFor();
  await editor.screenshot('mailbox');
  await editor.notification('caught on this computer').getByText('Show Report').click();
  const report = await editor.frameWith('.report .tile');
  assert.match(await report.locator('.tile[data-filter=sent]').innerText(), /Caught here/);
  assert.match(await report.locator('.attention').first().innerText(), /nobody received anything/);
});

test('a list of people offers to write to them, and the new letter goes to that list', async (t) => {
  const editor = await openEditor(t, { files: { 'people.csv': 'email,first_name\nada@post.example,Ada\n' } });
  await editor.openFile('people.csv');
  await editor.page.locator('.codelens-decoration').getByText('Write to These…').click();
  await editor.pick('Plain Note');
  await editor.answer('note.md');
  await editor.page.locator('.view-line', { hasText: 'people.csv' }).waitFor();
  await editor.page.locator('.codelens-decoration').getByText('Preview as Ada').waitFor();
  await editor.page.locator('.codelens-decoration').getByText('Send to 1 Recipient').waitFor();
});
