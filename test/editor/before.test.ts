import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { SmtpServer } from '../support/smtpServer.ts';
import { exampleSettings } from './harness/exampleLetter.ts';
import { openEditor } from './harness/openEditor.ts';

const letter = `---
subject: Spring in the garden
kind: internal
recipients: autumn.csv
---

Hello. Look [here](http://example.org/a).
`;

test('Before You Send is one page, consistent with the confirmation, and links to what it names', async (t) => {
  const sink = await SmtpServer.start();
  t.after(() => sink.close());
  const editor = await openEditor(t, {
    files: {
      'spring.md': letter,
      'autumn.csv': 'email\nada@post.example\nbob@post.example\n',
      'spring.csv': 'email\neve@post.example\n',
    },
    settings: await exampleSettings(sink.port),
  });
  const page = async () => (await editor.frameWith('.before h1')).locator('body');
  const tabs = editor.page.locator('.tab', { hasText: 'Before You Send' });
  const look = async () => {
    await editor.openFile('spring.md');
    await editor.runCommand('Envoi: Send Newsletter…');
    const question = await editor.dialogText();
    await editor.pressButton('Before You Send…');
    return question;
  };
  await editor.openFile('spring.md');
  await editor.page.locator('.codelens-decoration').getByText('Send to 2 Recipients').waitFor();
  await look();
  await (await page()).getByText('another list whose name is closer to this letter’s: spring.csv').waitFor();
  await (await page()).getByText('Send to 2 recipients?').waitFor();

  // It stays what it is while the person goes elsewhere, and the next question writes it anew.
  await writeFile(join(editor.workspace, 'autumn.csv'), 'email\nada@post.example\n');
  await editor.openFile('spring.md');
  await editor.page.locator('.codelens-decoration').getByText('Send to 1 Recipient').waitFor();
  await editor.page.locator('.tab', { hasText: 'Before You Send' }).click();
  await (await page()).getByText('Send to 2 recipients?').waitFor();
  await look();
  await (await page()).getByText('Send to 1 recipient?').waitFor();
  assert.equal(await tabs.count(), 1);
  assert.equal(await editor.page.locator('.editor-group-container').count(), 1);

  await (await page()).getByText('spring.md:7').click();
  await editor.until(
    () => editor.statusBar(),
    (items) => items.some((item) => item.startsWith('Ln 7,')),
    'the line of the link',
  );

  // The same words went out before, to the same list: how many got them is said in the question itself.
  await editor.runCommand('Envoi: Send Newsletter…');
  await editor.dialogText();
  await editor.pressButton('Send to 1 Recipient');
  await editor.notification('sent to 1 recipient.').waitFor();
  await writeFile(join(editor.workspace, 'copy.md'), letter);
  await editor.openFile('copy.md');
  await editor.page.locator('.codelens-decoration').getByText('Send to 1 Recipient').waitFor();
  await editor.runCommand('Envoi: Send Newsletter…');
  assert.match(await editor.dialogText(), /A letter with this subject went to 1 reader of autumn\.csv on /);
  await editor.page.keyboard.press('Escape');
  assert.equal(sink.messages.length, 1);
});

const audience = `Email Address,First Name,Last Name,Address,Status,MEMBER_RATING,OPTIN_TIME,LAST_CHANGED,TAGS
ada@post.example,Ada,Bell,,subscribed,4,2024-03-02 10:11:12,2026-10-01 08:00:00,
bob@post.example,Bob,Carr,,subscribed,2,2024-03-04 09:00:00,2026-10-01 08:00:00,
cleo@post.example,Cleo,Dunn,,subscribed,5,2024-05-11 18:30:00,2026-10-01 08:00:00,
dan@post.example,Dan,Eyre,,unsubscribed,3,2024-05-12 12:00:00,2026-10-02 08:00:00,
eve@post.example,Eve,Ford,,unsubscribed,2,2024-06-01 07:45:00,2026-10-03 08:00:00,
fay@post.example,Fay,Grey,,cleaned,1,2024-06-02 16:20:00,2026-10-04 08:00:00,
gus@post.example,Gus,Hall,,pending,2,,2026-10-05 08:00:00,
hal@post.example,Hal,Ives,,nonsubscribed,2,,2026-10-06 08:00:00,
`;

test('the question says who of a Mailchimp audience file is left out, and why', async (t) => {
  const sink = await SmtpServer.start();
  t.after(() => sink.close());
  const editor = await openEditor(t, {
    files: {
      'spring.md':
        '---\nsubject: Spring in the garden\nrecipients: audience.csv\n---\n\nDear {{ first_name }}, the tulips are out.\n',
      'audience.csv': audience,
    },
    settings: await exampleSettings(sink.port),
  });
  await editor.openFile('spring.md');
  await editor.page.locator('.codelens-decoration').getByText('Send to 3 Recipients').waitFor();
  await editor.runCommand('Envoi: Send Newsletter…');
  const question = await editor.dialogText();
  assert.match(question, /Send to 3 recipients\?/);
  assert.match(
    question,
    /\(Mailchimp export, UTF-8\); left out: 2 unsubscribed, 1 cleaned, 1 not confirmed, 1 not subscribed/,
  );
  await editor.screenshot('mailchimpAudience', editor.page.locator('.monaco-dialog-box'));
  await editor.page.keyboard.press('Escape');
  assert.equal(sink.messages.length, 0);
});
