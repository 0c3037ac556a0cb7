import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { SmtpServer } from '../support/smtpServer.ts';
import { openEditor } from './harness/openEditor.ts';

const letter = `---
subject: News for {{ name }}
kind: internal
recipients: readers.csv
---

Hello {{ name }}.
`;
const reader = (n: number) => `reader${n}@post.example,Reader ${n}`;
const files = (count: number) => ({
  'letter.md': letter,
  'readers.csv': `email,name\n${Array.from({ length: count }, (_, n) => reader(n)).join('\n')}\n`,
  'gone.csv': 'email\nreader1@post.example\nreader2@post.example\nnobody\n',
});
const settings = (port: number, rate: string) => ({
  'envoi.from': 'Ada Byron <ada@example.org>',
  'envoi.servers': { relay: { host: '127.0.0.1', port, security: 'none', auth: 'none', maxConnections: 1, rate } },
  'envoi.route': ['relay'],
});

test('suppressed addresses are left out of every campaign until they are removed from the list', async (t) => {
  const sink = await SmtpServer.start();
  t.after(() => sink.close());
  const editor = await openEditor(t, { files: files(6), settings: settings(sink.port, '100/second') });
  await editor.openFile('letter.md');
  await editor.page.locator('.codelens-decoration').getByText('Send to 6 Recipients').waitFor();

  await editor.runCommand('Envoi: Suppress an Address…');
  await editor.page.locator('.quick-input-title', { hasText: 'Suppress' }).waitFor();
  await editor.answer('Reader0@post.example');
  await editor.page.locator('.statusbar', { hasText: 'Reader0@post.example will receive no more mail.' }).waitFor();
  await editor.runCommand('Envoi: Import Suppressions…');
  const path = join(editor.workspace, 'gone.csv');
  await editor.quickInput.locator('.monaco-list-row', { hasText: 'gone.csv' }).waitFor();
  await editor.answerPath(path, '/');
  await editor.pick('They unsubscribed');
  await editor.notification('Suppressed addresses: 2. Rows without a usable address: 1.').waitFor();

  await editor.page.locator('.activitybar .action-label[aria-label^="Envoi"]').click();
  await editor.page.locator('.pane-header', { hasText: 'Suppressions' }).click();
  const entries = editor.page.locator('.pane', { hasText: 'Suppressions' }).locator('.monaco-list-row');
  await entries.filter({ hasText: 'reader2@post.example' }).waitFor();
  await entries.filter({ hasText: /^unsubscribed\s*2/ }).waitFor();
  await entries.filter({ hasText: /^blocked by you\s*1/ }).waitFor();
  assert.equal(await entries.count(), 5);
  await editor.screenshot('suppressions');

  await editor.openFile('letter.md');
  await editor.runCommand('Envoi: Send Newsletter…');
  const question = await editor.dialogText();
  assert.match(question, /Send to 3 recipients\?/);
  assert.match(question, /left out: 3 suppressed/);
  await editor.pressButton('Send to 3 Recipients');
  await editor.notification('sent to all 3').waitFor();
  const got = sink.messages.map(({ to }) => to.join()).sort();
  assert.deepEqual(
    got,
    [3, 4, 5].map((n) => `reader${n}@post.example`),
  );

  await editor.runCommand('Envoi: Remove Suppression…');
  await editor.pick('reader1@post.example');
  assert.match(await editor.dialogText(), /Mail reader1@post\.example again\?/);
  await editor.pressButton('Remove');
  await entries.filter({ hasText: 'reader1' }).waitFor({ state: 'detached' });
  await editor.runCommand('Envoi: Send Newsletter…');
  // Three have it already; the one who may be mailed again has not.
  assert.match(await editor.dialogText(), /Send to 1 recipient\?/);
  await editor.page.keyboard.press('Escape');
  await editor.dialog.waitFor({ state: 'detached' });
});

test('without a server a person is led to Add Server and back to the confirmation', async (t) => {
  const sink = await SmtpServer.start();
  t.after(() => sink.close());
  const editor = await openEditor(t, { files: files(2), settings: { 'envoi.from': 'Ada Byron <ada@example.org>' } });
  await editor.openFile('letter.md');
  await editor.page.locator('.codelens-decoration').getByText('Send to 2 Recipients').waitFor();
  await editor.runCommand('Envoi: Send Newsletter…');
  assert.match(await editor.dialogText(), /No server is set up/);
  await editor.pressButton('Add Server…');
  const step = (n: number, of: number) =>
    editor.page.locator('.quick-input-title', { hasText: `(${n}/${of})` }).waitFor();
  await step(1, 6);
  await editor.pick('Another server…');
  await step(2, 6);
  await editor.answer(`127.0.0.1:${sink.port}`);
  await step(3, 6);
  await editor.pick('None');
  await step(4, 6);
  await editor.answer('');
  await step(5, 5);
  await editor.answer('relay');
  await editor.page.locator('.quick-input-title', { hasText: 'relay works. No mail was sent.' }).waitFor();
  await editor.pick('Save');
  const question = await editor.dialogText();
  assert.match(question, /Via: relay \(127\.0\.0\.1\)/);
  await editor.pressButton('Send to 2 Recipients');
  await editor.notification('sent to all 2').waitFor();
  assert.equal(sink.messages.length, 2);
});

test('a campaign is paused, resumed and cancelled; the rest can be sent later, and nobody gets it twice', async (t) => {
  const sink = await SmtpServer.start();
  sink.allow(5);
  t.after(() => sink.close());
  const editor = await openEditor(t, { files: files(40), settings: settings(sink.port, '10/second') });
  await editor.openFile('letter.md');
  await editor.page.locator('.codelens-decoration').getByText('Send to 40 Recipients').waitFor();
  await editor.runCommand('Envoi: Send Newsletter…');
  await editor.dialogText();
  await editor.pressButton('Send to 40 Recipients');
  const count = async () => sink.messages.length;
  await editor.until(count, (sent) => sent >= 3, 'the first messages');

  await editor.runCommand('Envoi: Pause');
  const item = editor.statusItem('envoi.delivery');
  await item.locator('.codicon-debug-pause').waitFor();
  sink.allow(20);
  const whenPaused = sink.messages.length;
  await editor.runCommand('Envoi: Resume');
  await editor.until(count, (sent) => sent > whenPaused, 'the next message');

  await editor.runCommand('Envoi: Cancel…');
  assert.match(await editor.dialogText(), /Messages already sent cannot be recalled: \d/);
  await editor.pressButton('Cancel Campaign');
  sink.allow(25);
  await item.locator('.codicon-sync').waitFor({ state: 'detached' });
  const whenCancelled = sink.messages.length;
  assert.ok(whenCancelled < 40, `${whenCancelled} of 40 were sent before the cancel`);

  await editor.runCommand('Envoi: Resend to Failed…');
  const question = await editor.dialogText();
  assert.equal(sink.messages.length, whenCancelled, 'nothing more left after the cancel');
  assert.match(question, new RegExp(`Recipients to try again: at most ${40 - whenCancelled}\\.`));
  await editor.pressButton('Resend');
  sink.allow(40);
  await editor.until(count, (sent) => sent === 40, 'the rest');
  assert.equal(new Set(sink.messages.map(({ to }) => to.join())).size, 40);
});

test('a message without a reply is in doubt until a person decides, and only then is it sent again', async (t) => {
  let broken = 0;
  const sink = await SmtpServer.start({ steps: { dot: () => (broken++ === 1 ? { close: true } : undefined) } });
  t.after(() => sink.close());
  const editor = await openEditor(t, { files: files(5), settings: settings(sink.port, '100/second') });
  await editor.openFile('letter.md');
  await editor.page.locator('.codelens-decoration').getByText('Send to 5 Recipients').waitFor();
  await editor.runCommand('Envoi: Send Newsletter…');
  await editor.dialogText();
  await editor.pressButton('Send to 5 Recipients');
  const end = editor.notification('4 sent, 0 failed, 1 in doubt');
  await end.waitFor();
  await editor.screenshot('inDoubt');
  const reached = sink.messages.length;
  await end.getByText('Resolve…').click();
  await editor.page.locator('.quick-input-title', { hasText: 'In doubt:' }).waitFor();
  await editor.pick('Resend');
  await editor.notification('sent to all 5').waitFor();
  assert.equal(sink.messages.length, reached + 1);
  assert.equal(new Set(sink.messages.map(({ to }) => to.join())).size, 5);
});

test('a single dead mailbox cannot be resent to, and is suppressed at once', async (t) => {
  const refusal = '550 5.1.1 No such user here';
  const sink = await SmtpServer.start({
    steps: { RCPT: (line) => (/reader1@/.test(line) ? refusal : undefined) },
  });
  t.after(() => sink.close());
  const editor = await openEditor(t, { files: files(3), settings: settings(sink.port, '100/second') });
  await editor.openFile('letter.md');
  await editor.page.locator('.codelens-decoration').getByText('Send to 3 Recipients').waitFor();
  for (const title of ['Remove Suppression…', 'Forget Password…', 'Resend to Failed…'])
    assert.equal(await editor.offersCommand(`Envoi: ${title}`), false, `${title}, with nothing to do`);
  await editor.page.locator('.activitybar .action-label[aria-label^="Envoi"]').click();
  await editor.page.locator('.pane-header', { hasText: 'Suppressions' }).click();
  const entries = editor.page.locator('.pane', { hasText: 'Suppressions' }).locator('.monaco-list-row');
  await editor.runCommand('Envoi: Send Newsletter…');
  await editor.dialogText();
  await editor.pressButton('Send to 3 Recipients');
  const end = editor.notification('2 sent, 1 failed');
  await end.waitFor();
  assert.equal(await end.getByText('Resend to Failed…').count(), 0);
  await entries.filter({ hasText: 'reader1@post.example' }).waitFor();
  assert.equal(await editor.offersCommand('Envoi: Resend to Failed…'), false);
  await end.getByText('Show Report').click();
  const report = await editor.frameWith('.report .tile');
  await report.locator('[data-action=exportCsv]').waitFor();
  assert.equal(await report.locator('[data-action=resendFailed]').count(), 0);

  // With the last entry gone there is nothing to remove, and it is not offered.
  await editor.runCommand('Envoi: Remove Suppression…');
  await editor.pick('reader1@post.example');
  await editor.dialogText();
  await editor.pressButton('Remove');
  await entries.filter({ hasText: 'reader1' }).waitFor({ state: 'detached' });
  const offers = () => editor.offersCommand('Envoi: Remove Suppression…');
  await editor.until(offers, (offered) => !offered, 'Remove Suppression to go with the last one');
});
