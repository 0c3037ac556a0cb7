import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ensurePackages, imapPackages } from '../../scripts/lib/debianPackages.ts';
import { statusReport } from '../support/bounces.ts';
import { Dovecot } from '../support/dovecot.ts';
import { type LeaveEndpoint, leaveEndpoint } from '../support/leaveEndpoint.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import type { EditorDriver } from './harness/editorDriver.ts';
import { openEditor, type Theme } from './harness/openEditor.ts';
import { type Language, Words } from './harness/words.ts';

let endpoint: LeaveEndpoint;
before(async () => {
  await ensurePackages(imapPackages);
  endpoint = await leaveEndpoint();
  // The editor and the engine trust its certificate, as they would one of a public authority.
  process.env.NODE_EXTRA_CA_CERTS = endpoint.caFile;
});
after(() => endpoint.close());

const ways: readonly { language: Language; theme: Theme }[] = [
  { language: 'en', theme: 'light' },
  { language: 'fr', theme: 'dark' },
];

const READERS = ['gone', 'clicks', 'writes', 'stays', 'late', 'loyal'].map((name) => `${name}@garden.example`);

for (const { language, theme } of ways)
  test(`a mailbox is added and tested, a bounce arrives, readers unsubscribe by one click and by mail (${language}, ${theme})`, async (t) => {
    const words = new Words(language);
    const [relay, dovecot] = await Promise.all([SmtpServer.start(), Dovecot.start()]);
    t.after(() => Promise.all([relay.close(), dovecot.stop()]));
    const office = { host: '127.0.0.1', port: relay.port, security: 'none', auth: 'none' };
    const editor = await openEditor(t, {
      files: {
        'letter.md':
          '---\nsubject: The garden opens\nrecipients: readers.csv\n---\nDear {{ name }}.\n\n[Leave]({{ unsubscribe_url }})\n',
        'next.md':
          '---\nsubject: The garden closes\nrecipients: readers.csv\n---\nDear {{ name }}.\n\n[Leave]({{ unsubscribe_url }})\n',
        'readers.csv': `email,name\n${READERS.map((address) => `${address},${address.split('@')[0]}`).join('\n')}\n`,
      },
      settings: {
        'envoi.from': 'The Garden <letter@garden.example>',
        'envoi.servers': { office },
        'envoi.route': ['office'],
        'envoi.postalAddress': '1 Orchard Lane, Port Alder',
        'envoi.unsubscribe': { url: endpoint.url },
      },
      theme,
      locale: language,
    });
    const look = (name: string) => editor.screenshot(`${language}-${theme}/${name}`);

    await addMailbox(editor, words, dovecot, look);
    await send(editor, words, relay);

    await editor.page.locator('.activitybar .action-label[aria-label^="Envoi"]').click();
    await editor.runCommand(`Envoi: Focus on ${words.title('view.suppressions')} View`);
    const suppressed = (address: string) =>
      editor.page
        .locator('.pane', { hasText: words.title('view.suppressions') })
        .locator('.monaco-list-row', { hasText: address });

    const messageOf = (address: string) =>
      relay.messages.find(({ to }) => to[0] === address)?.data.toString() ?? assert.fail(address);
    const id = /^Message-ID: (<[^>]+>)/im.exec(messageOf('gone@garden.example'))?.[1] ?? assert.fail();
    await dovecot.deliver(statusReport(id, '550 5.1.1 User unknown'));
    await suppressed('gone@garden.example').waitFor();
    await look('bounceArrived');

    await leaveByClick(editor, words, linkIn(messageOf('clicks@garden.example')));
    await suppressed('clicks@garden.example').waitFor();
    await look('readerLeft');

    // Somebody sent the link back by another way.
    await editor.runCommand(words.command('unsubscribe'));
    await editor.answer(linkIn(messageOf('writes@garden.example')));
    await editor.notification(words.pattern('{0} is unsubscribed with the link from “{1}” ({2}).')).waitFor();
    await suppressed('writes@garden.example').waitFor();
    assert.equal(await suppressed('stays@garden.example').count(), 0);

    await writeBack(editor, words);

    const answered = /^Message-ID: (<[^>]+>)/im.exec(messageOf('stays@garden.example'))?.[1] ?? assert.fail();
    await decide(editor, words, dovecot, answered, look);
    await suppressed('stays@garden.example').waitFor();

    // Who leaves between two letters is asked for before the second one goes.
    await endpoint.leave(linkIn(messageOf('late@garden.example')));
    relay.messages.length = 0;
    await editor.openFile('next.md');
    await editor.runCommand(words.command('sendNewsletter'));
    await editor.dialogText();
    await editor.pressButton(words.pattern('Send to {0} Recipient'));
    await editor.until(
      async () => relay.messages.map(({ to }) => to[0]).join(),
      (readers) => readers === 'loyal@garden.example',
      'the letter to the one who is left',
    );
    await suppressed('late@garden.example').waitFor();
  });

const linkIn = (message: string) => /^List-Unsubscribe: <(http[^>]+)>/im.exec(message)?.[1] ?? assert.fail();

async function addMailbox(
  editor: EditorDriver,
  words: Words,
  dovecot: Dovecot,
  look: (name: string) => Promise<string>,
): Promise<void> {
  const { page } = editor;
  const title = page.locator('.quick-input-title');
  const step = (n: number) => title.filter({ hasText: `${words.say('Add Mailbox')} (${n}/6)` }).waitFor();
  await editor.runCommand(words.command('addMailbox'));
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'imap.gmail.com' }).first().waitFor();
  await look('addMailbox');
  await editor.pick(words.say('Another server…'));
  await step(2);
  await editor.answer(`127.0.0.1:${dovecot.port}`);
  await step(3);
  await editor.pick(words.say('None'));
  await step(4);
  await editor.answer(dovecot.user);
  await step(5);
  await editor.answer('wrong');
  await step(6);
  await page.keyboard.press('Enter');
  await title.filter({ hasText: words.say('{0} cannot be read yet. Nothing in it was changed.', 'bounces') }).waitFor();
  await editor.pick(words.say('Change…'));
  await step(5);
  await editor.answer(dovecot.password);
  await step(6);
  await page.keyboard.press('Enter');
  await title.filter({ hasText: words.say('{0} can be read.', 'bounces') }).waitFor();
  await look('mailboxWorks');
  await editor.pick(words.say('Save'));
  await editor.quickInput.waitFor({ state: 'hidden' });
  const written = await editor.until(
    () => readFile(editor.settingsFile, 'utf8'),
    (text) => text.includes('envoi.mailboxes'),
    'the mailbox in settings.json',
  );
  assert.ok(!written.includes(dovecot.password), 'the password is not in the settings');
}

async function send(editor: EditorDriver, words: Words, relay: SmtpServer): Promise<void> {
  await editor.openFile('letter.md');
  await editor.runCommand(words.command('sendNewsletter'));
  await editor.dialogText();
  await editor.pressButton(words.pattern('Send to {0} Recipients'));
  await editor.until(
    async () => relay.messages.length,
    (count) => count === READERS.length,
    'a letter for each',
  );
}

/** The three are marked in the list, and the editor's own Undo takes it back. */
async function writeBack(editor: EditorDriver, words: Words): Promise<void> {
  const { page } = editor;
  const list = () => readFile(join(editor.workspace, 'readers.csv'), 'utf8');
  const before = await list();
  await editor.runCommand('View: Show Explorer');
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'readers.csv' }).click({ button: 'right' });
  // A click within a moment of its opening the menu takes for the end of the one that opened it.
  const item = page.locator('.monaco-menu .action-label', { hasText: words.title('command.writeBack') });
  await item.waitFor();
  const chosen = async () => {
    await item.click({ timeout: 2_000 }).catch(() => undefined);
    return editor.quickInput.isVisible();
  };
  await editor.until(chosen, (asked) => asked, 'the question of Write Back to the List');
  await editor.pick(words.say('Mark Them'));
  await editor.notification(words.say('{0} rows of {1} are marked.', 3, 'readers.csv')).waitFor();
  const marked =
    'email,name,envoi_status\ngone@garden.example,gone,bounced\nclicks@garden.example,clicks,unsubscribed\n';
  const stay = ['stays', 'late', 'loyal'].map((name) => `${name}@garden.example,${name},\n`).join('');
  assert.equal(await list(), `${marked}writes@garden.example,writes,unsubscribed\n${stay}`);
  await editor.openFile('readers.csv');
  await page.locator('.view-line', { hasText: 'envoi_status' }).click();
  await page.keyboard.press('Control+Z');
  await page.locator('.view-line', { hasText: 'envoi_status' }).waitFor({ state: 'detached' });
  await page.keyboard.press('Control+S');
  await editor.until(list, (now) => now === before, 'the list as it was');
}

/** A reader answers, and somebody pretends that their mailbox is dead: both are shown, and a person acts on the second. */
async function decide(
  editor: EditorDriver,
  words: Words,
  dovecot: Dovecot,
  answered: string,
  look: (name: string) => Promise<string>,
): Promise<void> {
  const { page } = editor;
  await page.locator('.activitybar .action-label[aria-label^="Envoi"]').click();
  const rows = (text: string) =>
    page.locator('.pane', { hasText: words.title('view.servers') }).locator('.monaco-list-row', { hasText: text });
  await dovecot.deliver(
    `From: stays@garden.example\nMessage-ID: <reply@garden.example>\nSubject: When do you open?\nIn-Reply-To: ${answered}\n\nWhen?\n`,
  );
  await rows('When do you open?').waitFor();
  await dovecot.deliver(statusReport('<forged@garden.example>', '550 5.1.1 User unknown', 'stays@garden.example'));
  const forged = rows(words.say('no such mailbox?'));
  await forged.waitFor();
  await look('forYou');
  const told = editor.notification(/stays@garden\.example.*When do you open\?/);
  await editor.clickFor(rows('When do you open?'), told);
  await told.locator('.monaco-button', { hasText: words.say('Open in Mail Program') }).waitFor();
  const suppress = forged.locator(`[aria-label="${words.title('command.suppressReturned')}"]`);
  await forged.hover();
  const said = editor.notification(words.say('{0} will receive no more mail.', 'stays@garden.example'));
  await editor.clickFor(suppress, said);
  await forged.waitFor({ state: 'detached' });
}

/** One POST by the reader's mail program; then the engine is told to ask, and wants the secret once. */
async function leaveByClick(editor: EditorDriver, words: Words, link: string): Promise<void> {
  await endpoint.leave(link);
  const page = editor.page.locator('.monaco-list-row', { hasText: words.say('Unsubscribe page') });
  await page.hover();
  await page.locator(`[aria-label="${words.title('command.readMailbox')}"]`).click();
  await editor.answer(endpoint.secret);
  await editor.notification(words.say('Came back: {0}.', words.say('1 unsubscribed'))).waitFor();
}
