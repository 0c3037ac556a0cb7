import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseMail } from '../compose/letter.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { exampleSettings, examples } from './harness/exampleLetter.ts';
import { makeSandbox, openEditorIn, repository } from './harness/openEditor.ts';

const letter = `---
subject: News for {{ name }}
kind: internal
recipients: lists/readers.csv
attachments: [programme.txt]
---

# Hello {{ name }}

![The dome](dome.jpg)
`;

test('letter, list, picture and attachment may be in a file system other than the disk', async (t) => {
  const sink = await SmtpServer.start();
  t.after(() => sink.close());
  const sandbox = await makeSandbox(t, { files: { 'notes.txt': 'nothing of it lies here' } });
  const box = join(sandbox.folder, 'box');
  await mkdir(join(box, 'letters/lists'), { recursive: true });
  await writeFile(join(box, 'letters/letter.md'), letter);
  await writeFile(join(box, 'letters/programme.txt'), 'Doors open at eight.\n');
  await writeFile(join(box, 'letters/lists/readers.csv'), 'email,name\neve@post.example,Eve\nbob@post.example,Bob\n');
  await writeFile(join(box, 'secret.csv'), 'email,name\nada@post.example,HIDDEN\n');
  await copyFile(join(examples, 'images/observatory.jpg'), join(box, 'letters/dome.jpg'));
  const editor = await openEditorIn(t, sandbox, {
    others: [join(repository, 'test/editor/harness/otherFiles')],
    settings: { ...(await exampleSettings(sink.port)), 'otherFiles.folder': box },
  });
  const { page } = editor;
  const lens = page.locator('.codelens-decoration');
  await editor.runCommand('Other Files: Open Letter');
  await lens.getByText('Send to 2 Recipients').waitFor();

  await editor.runCommand('Envoi: Preview Newsletter');
  const widths = async () => {
    const shown = await editor.frameWith('[data-line]');
    return shown
      .evaluate<number[]>('[...document.images].map((image) => image.naturalWidth)')
      .catch((): number[] => []);
  };
  await editor.until(widths, ([width = 0]) => width > 0, 'the picture to have a width');
  const reader = await editor.frameWith('h1[data-line]');
  assert.equal(await reader.locator('h1[data-line]').innerText(), 'Hello Eve');
  await editor.runCommand('Other Files: Open Letter');

  // Outside the letter's folder nothing is read there either, until a person chooses it.
  await page.locator('.view-line', { hasText: 'recipients:' }).click();
  await editor.replaceText(letter.replace('lists/readers.csv', '../secret.csv'));
  await editor.runCommand('Envoi: Send Newsletter…');
  const refused = editor.notification('Nothing was sent.');
  await refused.waitFor();
  assert.match(await refused.innerText(), /is outside|must be in the document’s folder/);
  await editor.runCommand('Notifications: Clear All Notifications');
  await page.locator('.view-line', { hasText: 'recipients:' }).click();
  await editor.replaceText(letter);
  await page.keyboard.press('Control+S');
  await lens.getByText('Send to 2 Recipients').waitFor();

  await editor.runCommand('Envoi: Send Newsletter…');
  assert.match(await editor.dialogText(), /Send to 2 recipients\?/);
  await editor.pressButton('Send to 2 Recipients');
  await editor.notification('sent to all 2').waitFor();
  const [first] = sink.messages;
  const mail = await parseMail(first?.data ?? Buffer.alloc(0));
  assert.equal(mail.subject, 'News for Eve');
  const files = mail.attachments.map(({ filename, content }) => [filename, content.length]);
  assert.deepEqual(files, [
    ['dome.jpg', (await readFile(join(box, 'letters/dome.jpg'))).length],
    ['programme.txt', 21],
  ]);

  // The report leads back into the list, at its line.
  await editor.runCommand('Envoi: Show Report');
  const report = await editor.frameWith('.report .row');
  await report.locator('.row').first().waitFor();
});
