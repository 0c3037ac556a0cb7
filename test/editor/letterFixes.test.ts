import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openEditor } from './harness/openEditor.ts';

const settings = {
  'envoi.from': 'Ada Byron <ada@example.org>',
  'envoi.postalAddress': '12 Analytical Row, London',
  'envoi.unsubscribe': { url: 'https://example.org/leave?t={{ token }}' },
};
const list = 'email,first_name\neve@example.org,Eve\nbob@example.org,Bob\n';
const page = (body: string) =>
  `---\nsubject: Hello\nrecipients: readers.csv\n---\n<html><body><p>${body}</p><p>{{ postal_address }} <a href="{{ unsubscribe_url }}">Leave</a></p></body></html>\n`;

test('a merge tag of another program, and a page without a language, are fixed by quick fix', async (t) => {
  const editor = await openEditor(t, {
    files: { 'letter.html': page('Dear *|FNAME|*,'), 'readers.csv': list },
    settings,
  });
  await editor.openFile('letter.html');
  await editor.runCommand('Problems: Focus on Problems View');
  const problems = editor.page.locator('.markers-panel .monaco-list-row');
  await problems.filter({ hasText: '*|FNAME|* is another program’s merge tag' }).waitFor();
  await problems.filter({ hasText: 'does not declare its language' }).waitFor();

  await editor.openFile('letter.html');
  await editor.page.locator('.view-line', { hasText: 'FNAME' }).click({ position: { x: 4, y: 8 } });
  await (await editor.quickFix('Set the Language of the Letter')).click();
  await editor.page.locator('.view-line', { hasText: 'lang: en' }).waitFor();
  await problems.filter({ hasText: 'does not declare its language' }).waitFor({ state: 'detached' });
  await editor.page.locator('.view-line', { hasText: 'FNAME' }).getByText('FNAME').click();
  await (await editor.quickFix('Replace with “{{ first_name }}”')).click();
  await editor.page.locator('.view-line', { hasText: 'Dear {{ first_name }},' }).waitFor();
  await problems.filter({ hasText: 'merge tag' }).waitFor({ state: 'detached' });
});

test('a misplaced quotation mark is fixed by quick fix', async (t) => {
  const text = '---\nsubject: "He said "hi" to me"\nrecipients: readers.csv\n---\nHello.\n';
  const editor = await openEditor(t, { files: { 'letter.md': text, 'readers.csv': list }, settings });
  await editor.openFile('letter.md');
  await editor.page.locator('.view-line', { hasText: 'He said' }).getByText('said').click();
  await (await editor.quickFix('Put It in Quotes')).click();
  await editor.page.locator('.view-line', { hasText: `subject: 'He said "hi" to me'` }).waitFor();
  await editor.page.locator('.codelens-decoration').getByText('Send to 2 Recipients').waitFor();
});

test('a letter in UTF-16 is read as it is; one opened in the wrong encoding is reported, and can be reopened', async (t) => {
  const words = '---\nsubject: Café\nrecipients: readers.csv\n---\nCafé à midi\n';
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(words, 'utf16le')]);
  const latin1 = Buffer.from(words, 'latin1');
  const editor = await openEditor(t, { files: { 'readers.csv': list }, settings });
  await writeFile(join(editor.workspace, 'wide.md'), utf16);
  await writeFile(join(editor.workspace, 'old.md'), latin1);
  await editor.openFile('wide.md');
  await editor.page.locator('.view-line', { hasText: 'Café à midi' }).waitFor();
  await editor.page.locator('.codelens-decoration').getByText('Send to 2 Recipients').waitFor();
  await editor.runCommand('Problems: Focus on Problems View');
  await editor.openFile('old.md');
  const problems = editor.page.locator('.markers-panel .monaco-list-row');
  await problems.filter({ hasText: 'opened in the wrong encoding' }).waitFor();
  assert.equal(await problems.filter({ hasText: 'wrong encoding' }).count(), 1, 'of the other letter nothing is said');
  await editor.page.locator('.view-line', { hasText: 'subject: Caf' }).getByText('Caf').click();
  await (await editor.quickFix('Reopen with Encoding…')).click();
  await editor.pick('Reopen with Encoding');
  await editor.pick('Western (Windows 1252)');
  await editor.page.locator('.view-line', { hasText: 'Café à midi' }).waitFor();
  await problems.filter({ hasText: 'wrong encoding' }).waitFor({ state: 'detached' });
});
