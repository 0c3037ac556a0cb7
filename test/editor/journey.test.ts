import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseMail } from '../compose/letter.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import type { EditorDriver } from './harness/editorDriver.ts';
import { openEditor, type Theme } from './harness/openEditor.ts';
import { type Language, Words } from './harness/words.ts';

const PASSWORD = 'correct horse';
const REFUSAL = '550 5.7.1 Message refused by the recipient’s organisation';

const people = [
  ['amelie@garden.example', 'Amélie', 'Lille'],
  ['bela@garden.example', 'Béla', 'Szeged'],
  ['chiara@garden.example', 'Chiara', ''],
  ['not an address', 'Dov', 'Haifa'],
  ['eun@garden.example', '은지', '서울'],
  ['AMELIE@garden.example', 'Amélie', 'Lille'],
  ...Array.from({ length: 40 }, (_, n) => [`friend${n + 1}@post${n % 4}.example`, `Friend ${n + 1}`, 'Porto']),
];
const GOOD = people.length - 2;

const texts = {
  en: { columns: 'email,first_name,city', field: 'first_name', typo: 'frist_name', news: 'the garden opens' },
  fr: { columns: 'courriel;prenom;ville', field: 'prenom', typo: 'prneom', news: 'le jardin ouvre' },
} satisfies Record<Language, object>;

const journeys: readonly { language: Language; theme: Theme }[] = [
  { language: 'en', theme: 'light' },
  { language: 'fr', theme: 'dark' },
  { language: 'en', theme: 'highContrast' },
];

for (const { language, theme } of journeys)
  test(`a newcomer writes, fixes, tests and sends a newsletter, and resends (${language}, ${theme})`, async (t) => {
    const text = texts[language];
    const words = new Words(language);
    // Three readers' servers refuse at first; the password is checked, the second one tried is right.
    let refusing = true;
    const relay = await SmtpServer.start({
      users: { ada: PASSWORD },
      steps: { RCPT: (line) => (refusing && /friend(?:7|8|9)@/.test(line) ? REFUSAL : undefined) },
    });
    t.after(() => relay.close());
    const separator = text.columns.includes(';') ? ';' : ',';
    const list = [text.columns, ...people.map((row) => row.join(separator))].join('\r\n');
    const editor = await openEditor(t, {
      files: { 'readers.csv': `\ufeff${list}\r\n` },
      theme,
      locale: language,
    });
    const { page } = editor;
    const look = (name: string) => editor.screenshot(`${language}-${theme}/${name}`);
    const run = (command: string) => editor.runCommand(words.command(command));
    const problems = page.locator('.markers-panel .monaco-list-row');
    const title = page.locator('.quick-input-title');

    // The Envoi view offers the first step: a template, a name, and the subject is selected.
    await page.locator('.activitybar .action-label[aria-label^="Envoi"]').click();
    await page.locator('.welcome-view .monaco-button').first().waitFor();
    await look('welcome');
    await page.locator('.welcome-view .monaco-button').first().click();
    await editor.pick(words.say('Monthly Newsletter'));
    await title.filter({ hasText: words.say('New newsletter') }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.tab.active[data-resource-name="newsletter.md"]').waitFor();
    await page.locator('.codelens-decoration').first().waitFor();
    await page.keyboard.press('Delete');
    await page.keyboard.type(`{{ ${text.typo} }}, ${text.news}`);

    await run('chooseRecipients');
    await editor.pick('readers.csv');
    await page.locator('.view-line', { hasText: 'recipients: readers.csv' }).waitFor();
    await page
      .locator('.codelens-decoration', { hasText: words.say('Send to {0} Recipients', GOOD) })
      .first()
      .waitFor();

    // The typing mistake is a problem, and the quick fix mends it.
    await editor.runCommand('Problems: Focus on Problems View');
    const unknown = words.say('The list has no column “{0}”. Did you mean “{1}”?', text.typo, text.field);
    await problems.filter({ hasText: unknown }).waitFor();
    const noAddress = words.say('“{0}” gets no message: {1}.', 'not an address', words.say('it has no @'));
    await problems.filter({ hasText: noAddress }).waitFor();
    await look('problems');
    await page.locator('.view-line', { hasText: text.typo }).getByText(text.typo).click();
    const fix = await editor.quickFix(words.say('Replace with “{0}”', text.field));
    await look('quickFix');
    await fix.click();
    await page.locator('.view-line', { hasText: `{{ ${text.field} }}, ${text.news}` }).waitFor();
    await problems.filter({ hasText: unknown }).waitFor({ state: 'detached' });
    await editor.runCommand('View: Close Panel').catch(() => editor.runCommand('View: Hide Panel'));

    // Writing with completion.
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\n\nP.P.S. {{ ');
    await page.locator('.suggest-widget .monaco-list-row', { hasText: text.field }).first().waitFor();
    await look('completion');
    await page.keyboard.press('Escape');
    await page.keyboard.type(`${text.field} }}.`);
    await page.keyboard.press('Control+S');

    await preview(editor, words, look);

    await addServer(editor, words, relay.port, look);

    // The first test asks what a newsletter cannot do without.
    await run('sendTest');
    await editor.notification(words.say('Nothing was sent.')).getByText(words.say('Set Up…')).click();
    const setUp = (n: number) =>
      title.filter({ hasText: `${words.say('Before the first newsletter')} (${n}/3)` }).waitFor();
    await setUp(1);
    await look('setUp');
    await editor.answer('The Garden <letter@garden.example>');
    await setUp(2);
    await editor.answer('leave@garden.example');
    await setUp(3);
    await editor.answer('1 Orchard Lane, Port Alder');
    await editor.pick('bela@garden.example');
    await page
      .locator('.quick-input-message', {
        hasText: words.say(
          'Your own address. Separate several with commas. To save them permanently, set envoi.testRecipients.',
        ),
      })
      .waitFor();
    await editor.answer('ada@garden.example');
    await editor.notification(words.pattern('The test was sent to {0}. Check how it arrived.')).waitFor();
    assert.deepEqual(
      relay.messages.map(({ to }) => to),
      [['ada@garden.example']],
    );
    const trial = await parseMail(relay.messages[0]?.data ?? Buffer.alloc(0));
    assert.equal(trial.subject, `[Test] Béla, ${text.news}`);
    await look('tested');

    await run('sendNewsletter');
    const question = await editor.dialogText();
    assert.ok(question.includes(words.say('Send to {0} recipients?', GOOD)), question);
    assert.ok(question.includes(words.say('{0} invalid address', 1)), question);
    assert.ok(question.includes(words.say('{0} duplicate', 1)), question);
    await look('confirmation');
    await editor.pressButton(words.say('Before You Send…'));
    await (await editor.frameWith('.before h1')).locator('h1').hover();
    await page.locator('.tab.active', { hasText: words.say('Before You Send') }).waitFor();
    await look('beforeYouSend');
    await page.locator('.tab', { hasText: 'newsletter.md' }).first().click();
    await run('sendNewsletter');
    await editor.dialogText();
    await editor.pressButton(words.say('Send to {0} Recipients', GOOD));
    await editor.until(
      async () => relay.messages.length,
      (count) => count === 1 + GOOD - 3,
      'all but three to arrive',
    );

    const end = editor.notification(words.pattern('“{0}”: {1} sent, {2} failed.'));
    await end.waitFor();
    await look('sent');
    await end.getByText(words.say('Show Report')).click();
    const report = await editor.frameWith('.report .tile');
    const tile = (filter: string) => report.locator(`.tile[data-filter=${filter}] .tile-value`);
    await editor.until(
      () => tile('failed').innerText(),
      (count) => count === '3',
      'the three that failed',
    );
    await report.locator('.cause').first().waitFor();
    await look('report');

    refusing = false;
    await report.locator('[data-action=resendFailed]').click();
    await editor.dialogText();
    await editor.pressButton(words.say('Resend'));
    await editor.until(
      () => tile('sent').innerText(),
      (count) => count === String(GOOD),
      'all to have it',
    );
    const newsletters = relay.messages.slice(1).map(({ to }) => to.join());
    assert.equal(newsletters.length, GOOD);
    assert.equal(new Set(newsletters).size, GOOD, 'nobody got it twice');

    const campaigns = page.locator('.pane', { hasText: words.title('view.campaigns') });
    await campaigns.locator('.monaco-list-row', { hasText: text.news }).nth(1).waitFor();
    await page
      .locator('.pane', { hasText: words.title('view.servers') })
      .getByText('relay')
      .first()
      .waitFor();
    await look('view');
    const settings = await editor.settingsText();
    assert.ok(!settings.includes(PASSWORD), 'no password in the settings');
    assert.ok(!(await readFile(join(editor.workspace, 'newsletter.md'), 'utf8')).includes(text.typo));
  });

test('the walkthrough shows the first steps', async (t) => {
  const words = new Words('en');
  const editor = await openEditor(t, {
    files: { 'readers.csv': 'email\nada@example.org\n' },
    viewport: { width: 1600, height: 900 },
  });
  await editor.page.keyboard.press('Control+B');
  await editor.runCommand('Welcome: Open Walkthrough...');
  await editor.pick(words.title('walkthrough.title'));
  const steps = editor.page.locator('.getting-started-step');
  await steps.nth(4).waitFor();
  assert.ok((await steps.first().innerText()).includes(words.title('walkthrough.write.title')));
  await editor.page.locator('.getting-started-media svg, .getting-started-media iframe').first().waitFor();
  await editor.screenshot('walkthrough');
});

/** The letter as a reader gets it, from one to the next, on a telephone and in the dark. */
async function preview(editor: EditorDriver, words: Words, look: (name: string) => Promise<string>): Promise<void> {
  await editor.runCommand(words.command('previewNewsletter'));
  await editor.frameWith('[data-line]');
  const shell = await editor.frameWith('.toolbar .picker');
  const inbox = () =>
    shell
      .locator('.inbox-text')
      .textContent()
      .then((text) => text ?? '');
  await editor.until(inbox, (line) => line.startsWith('Amélie, '), 'the first reader’s letter');
  await look('preview');
  await shell.getByRole('button', { name: words.say('Next recipient (Alt+Right)') }).click();
  await editor.until(inbox, (line) => line.startsWith('Béla, '), 'the next reader’s letter');
  await shell.getByRole('radio', { name: words.say('Phone (390 px)') }).click();
  await look('previewPhone');
  await shell.getByRole('radio', { name: words.say('Desktop') }).click();
  await shell.getByRole('button', { name: words.say('More'), exact: true }).click();
  await look('previewMenu');
  await shell
    .locator('.menu [role^="menuitem"]')
    .filter({ hasText: words.say('Dark in the Gmail App, Outlook.com') })
    .click();
  await look('previewDark');
  await editor.page.keyboard.press('Control+W');
}

/** With the wrong password first: nothing is kept until it works, and nothing is asked twice. */
async function addServer(
  editor: EditorDriver,
  words: Words,
  port: number,
  look: (name: string) => Promise<string>,
): Promise<void> {
  const { page } = editor;
  const title = page.locator('.quick-input-title');
  const step = (n: number) => title.filter({ hasText: `(${n}/6)` }).waitFor();
  await editor.runCommand(words.command('addServer'));
  await step(1);
  await look('addServer');
  await editor.pick(words.say('Another server…'));
  await step(2);
  await editor.answer(`127.0.0.1:${port}`);
  await step(3);
  await editor.pick(words.say('None'));
  await step(4);
  await editor.answer('ada');
  await step(5);
  await editor.answer('wrong');
  await step(6);
  await editor.answer('relay');
  await title.filter({ hasText: words.say('{0} does not work yet. No mail was sent.', 'relay') }).waitFor();
  await look('serverRefuses');
  // The sign-in was refused: it goes on at the password, and everything before it stays as it was answered.
  await editor.pick(words.say('Change…'));
  await step(5);
  await page.locator('.quick-input-titlebar [aria-label^="Back"]').click();
  await step(4);
  await page.locator('.quick-input-titlebar [aria-label^="Back"]').click();
  await step(3);
  assert.match(
    await page.locator('.quick-input-list .monaco-list-row.focused').innerText(),
    new RegExp(words.say('None')),
  );
  await page.keyboard.press('Enter');
  await step(4);
  await page.keyboard.press('Enter');
  await step(5);
  await editor.answer(PASSWORD);
  await step(6);
  await page.keyboard.press('Enter');
  await title.filter({ hasText: words.say('{0} works. No mail was sent.', 'relay') }).waitFor();
  await look('serverWorks');
  await editor.pick(words.say('Save'));
  await editor.quickInput.waitFor({ state: 'hidden' });
}
