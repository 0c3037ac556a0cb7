import { test } from 'node:test';
import { openEditor } from './harness/openEditor.ts';

const letter =
  '---\nsubject: Hello\nkind: internal\nrecipients: list.csv\nwhere: city == "Lyon"\n---\n\nDear reader.\n';
const list = 'email,name,city,country\nann@x.example,Ann,Lyon,FR\nbo@x.example,Bo,Paris,FR\ncy@x.example,Cy,Lyon,FR\n';

test('“where” shows whom it matches, and knows the columns of the list', async (t) => {
  const editor = await openEditor(t, {
    files: { 'letter.md': letter, 'list.csv': list },
    settings: { 'envoi.from': 'Ada <ada@example.org>' },
  });
  await editor.openFile('letter.md');
  await editor.page.locator('.codelens-decoration').getByText('Send to 2 Recipients').waitFor();
  await editor.page.locator('.view-line', { hasText: 'where: city' }).click();
  await editor.runCommand('Show or Focus Hover');
  await editor.page.locator('.monaco-hover').getByText('Matches 2 of 3, first: Ann').waitFor();
  await editor.page.keyboard.press('Escape');
  await editor.page.keyboard.press('End');
  await editor.page.keyboard.type(' and cou');
  await editor.page.locator('.suggest-widget .monaco-list-row', { hasText: 'country' }).waitFor();
});
