import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SmtpServer } from '../support/smtpServer.ts';
import { openEditor } from './harness/openEditor.ts';

test('without a keyring, the person is told after the reload, and the next question says so', async (t) => {
  const relay = await SmtpServer.start();
  t.after(() => relay.close());
  const office = { host: '127.0.0.1', port: relay.port, security: 'none', user: 'ada' };
  const editor = await openEditor(t, { files: { 'a.txt': 'x' }, settings: { 'envoi.servers': { office } } });
  const prompt = editor.page.locator('.quick-input-message');
  await editor.runCommand('Envoi: Set Password…');
  await prompt.filter({ hasText: 'It is kept in this computer’s keyring if there is one' }).waitFor();
  await editor.answer('a good password');
  await editor.quickInput.waitFor({ state: 'hidden' });
  await editor.reload();
  const told = editor.notification('was not saved');
  await told.waitFor();
  await told.getByText('Learn More').click();
  const help = await editor.frameWith('#keyring');
  await help.locator('#keyring').waitFor();
  await editor.runCommand('Envoi: Set Password…');
  await prompt.filter({ hasText: 'The previously saved password is no longer available.' }).waitFor();
  await prompt.filter({ hasText: 'Envoi asks again after a restart' }).waitFor();
  await editor.answer('a good password');
  await editor.notification('This computer has no keyring').waitFor();
});

test('Microsoft 365 accepts a password for as long as it is supported, and an app password has its link', async (t) => {
  const editor = await openEditor(t, { files: { 'a.txt': 'x' } });
  const title = editor.page.locator('.quick-input-title');
  const prompt = editor.page.locator('.quick-input-message');
  await editor.runCommand('Envoi: Add Server…');
  await editor.pick('Microsoft 365 (Exchange Online)');
  await title.filter({ hasText: '(2/4)' }).waitFor();
  await editor.pick('With a Password');
  await prompt.filter({ hasText: 'Passwords work there until the end of December 2026' }).waitFor();
  await title.filter({ hasText: '(3/5)' }).waitFor();
  await editor.answer('ada@example.org');
  await title.filter({ hasText: '(4/5)' }).waitFor();
  await prompt.filter({ hasText: 'Password for ada@example.org.' }).waitFor();
  await editor.page.keyboard.press('Escape');

  await editor.runCommand('Envoi: Add Server…');
  await editor.pick('Gmail');
  await title.filter({ hasText: '(2/4)' }).waitFor();
  await editor.answer('ada@example.org');
  await prompt.filter({ hasText: 'App password for ada@example.org, not your usual one.' }).waitFor();
  await editor.page.getByRole('button', { name: 'Create an App Password (myaccount.google.com)' }).click();
  await editor.dialog.filter({ hasText: 'myaccount.google.com/apppasswords' }).waitFor();
  await editor.page.keyboard.press('Escape');
});

test('a limit that a server enforced becomes its setting with one click', async (t) => {
  let taken = 0;
  const relay = await SmtpServer.start({
    steps: {
      MAIL: () =>
        taken >= 2 ? '550 Domain example.org has exceeded the max emails per hour (2/2 (100%)) allowed' : undefined,
      dot: () => void taken++,
    },
  });
  t.after(() => relay.close());
  const office = { host: '127.0.0.1', port: relay.port, security: 'none', auth: 'none', maxConnections: 1 };
  const editor = await openEditor(t, {
    files: {
      'letter.md': '---\nsubject: News\nkind: internal\nrecipients: readers.csv\n---\nHello.\n',
      'readers.csv': 'email\na@post.example\nb@post.example\nc@post.example\nd@post.example\n',
    },
    settings: {
      'envoi.from': 'Ada Byron <ada@example.org>',
      'envoi.servers': { office },
      'envoi.route': ['office'],
    },
  });
  await editor.openFile('letter.md');
  await editor.page.locator('.codelens-decoration').getByText('Send to 4 Recipients').waitFor();
  await editor.runCommand('Envoi: Send Newsletter…');
  await editor.dialogText();
  await editor.pressButton('Send to 4 Recipients');
  await editor.page.locator('.activitybar .action-label[aria-label^="Envoi"]').click();
  const rows = editor.page.locator('.pane', { hasText: 'Servers' }).locator('.monaco-list-row');
  await rows.filter({ hasText: 'office' }).locator('.monaco-tl-twistie').click();
  const learned = rows.filter({ hasText: 'Rejected after 2/hour' });
  await learned.waitFor();
  await learned.hover();
  // A tree that is being drawn anew takes no click.
  await editor.clickFor(
    learned.getByRole('button', { name: 'Use as a Setting' }),
    editor.page.locator('.statusbar', { hasText: 'office now stays within 2/hour.' }),
  );
  const written = async () => JSON.parse(await editor.settingsText())['envoi.servers'].office;
  await editor.until(written, ({ quota }) => quota?.join() === '2/hour', 'the setting');
  assert.deepEqual(await written(), { ...office, quota: ['2/hour'] });
  // It keeps to it already: there is nothing left to press.
  await learned.getByRole('button', { name: 'Use as a Setting' }).waitFor({ state: 'detached' });
  await editor.screenshot('learned-limit');
});
