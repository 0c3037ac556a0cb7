import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SmtpServer } from '../support/smtpServer.ts';
import { exampleSettings } from './harness/exampleLetter.ts';
import { openEditor } from './harness/openEditor.ts';

const letter = (text: string) =>
  `---\nsubject: Hello {{ name }}\nkind: internal\nrecipients: list.csv\n---\n\n${text}\n`;
const list = (count: number) =>
  `email,name\n${Array.from({ length: count }, (_, n) => `r${n}@post.example,R${n}`).join('\n')}\n`;
const READERS = 24;

test('a typo noticed during a campaign, by keyboard: pause, correct, continue; the rest get the new text', async (t) => {
  const sink = await SmtpServer.start();
  sink.allow(5);
  t.after(() => sink.close());
  const editor = await openEditor(t, {
    files: { 'letter.md': letter('The old text.'), 'list.csv': list(READERS) },
    settings: await exampleSettings(sink.port, { maxConnections: 1 }),
  });
  const { keyboard } = editor.page;
  await editor.openFile('letter.md');
  await editor.runCommand('Envoi: Send Newsletter…');
  await editor.dialogText();
  await editor.pressButton(`Send to ${READERS} Recipients`);
  await editor.until(
    async () => sink.messages.length,
    (sent) => sent >= 3,
    'the first messages',
  );
  await editor.runCommand('Envoi: Pause');
  await editor.statusItem('envoi.delivery').locator('.codicon-debug-pause').waitFor();
  sink.allow(READERS);

  await editor.openFile('letter.md');
  await editor.replaceText(letter('The corrected text.'));
  await keyboard.press('Control+S');
  const offer = editor.notification('is paused after');
  await offer.waitFor();
  assert.match(await offer.innerText(), /Continue with the Corrected Letter…/);
  await editor.runCommand('Envoi: Resume');
  const asked = await editor.dialogText();
  assert.match(asked, /The letter has changed since this campaign started/);
  assert.match(
    asked,
    new RegExp(`\\d+ of ${READERS} readers have not received this letter yet and will get the new text`),
  );
  await editor.screenshot('corrected');
  await keyboard.press('Enter');
  await editor.until(
    async () => sink.messages.length,
    (sent) => sent === READERS,
    'everybody to have it',
    60_000,
  );
  const texts = sink.messages.map(({ data }) => String(data).includes('The corrected text.'));
  const before = texts.indexOf(true);
  assert.ok(before >= 3 && before <= 7, `${before} had the old text`);
  assert.deepEqual(texts, [...Array(before).fill(false), ...Array(READERS - before).fill(true)]);
  assert.equal(new Set(sink.messages.map(({ to }) => to[0])).size, READERS);
});

test('readers who have the letter are left out; one button sends it to them again', async (t) => {
  const sink = await SmtpServer.start();
  t.after(() => sink.close());
  const editor = await openEditor(t, {
    files: { 'letter.md': letter('A text.'), 'list.csv': list(2) },
    settings: await exampleSettings(sink.port),
  });
  const count = (wanted: number) =>
    editor.until(
      async () => sink.messages.length,
      (sent) => sent === wanted,
      `${wanted} messages`,
    );
  await editor.openFile('letter.md');
  await editor.runCommand('Envoi: Send Newsletter…');
  await editor.dialogText();
  await editor.pressButton('Send to 2 Recipients');
  await count(2);
  await editor.notification('sent to all 2').waitFor();

  await editor.runCommand('Envoi: Send Newsletter…');
  assert.match(await editor.dialogText(), /Everyone on the list already has this letter/);
  await editor.page.keyboard.press('Escape');
  await editor.dialog.waitFor({ state: 'detached' });
  assert.equal(sink.messages.length, 2);

  await editor.openFile('list.csv');
  await editor.replaceText(list(3));
  await editor.page.keyboard.press('Control+S');
  await editor.openFile('letter.md');
  await editor.runCommand('Envoi: Send Newsletter…');
  const question = await editor.dialogText();
  assert.match(question, /Send to 1 recipient\?/);
  assert.match(question, /2 who already got this letter/);
  await editor.pressButton('Include 2 Who Already Have It…');
  await editor.dialog.getByText('Send to 3 recipients?').waitFor();
  await editor.pressButton('Send to 3 Recipients');
  await count(5);
});
