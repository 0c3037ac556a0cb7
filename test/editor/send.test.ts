import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SmtpServer } from '../support/smtpServer.ts';
import { exampleSettings, examples } from './harness/exampleLetter.ts';
import { makeSandbox, openEditor, openEditorIn } from './harness/openEditor.ts';

const PROGRESS = /(\d[\d,]*)\/(\d[\d,]*)/;
const DELIVERY = 'envoi.delivery';

const numberOf = (text: string): number => Number(PROGRESS.exec(text)?.[1]?.replaceAll(',', '') ?? -1);

/** Each recipient exactly once. */
function assertOnceEach(sink: SmtpServer, total: number): void {
  const to = sink.messages.map((message) => message.to.join(' '));
  assert.equal(new Set(to).size, to.length, 'nobody got it twice');
  assert.equal(to.length, total);
}

test('a person sends the open letter: palette, confirmation, status bar, end', async (t) => {
  const sink = await SmtpServer.start();
  sink.allow(100);
  t.after(() => sink.close());
  const settings = await exampleSettings(sink.port, { rate: '60/second' });
  const editor = await openEditor(t, { copyOf: examples, settings });
  await editor.openFile('newsletter.md');

  const offersToSend = () => editor.offersCommand('Envoi: Send Newsletter…');
  await editor.until(offersToSend, (offered) => offered, 'the palette to offer sending');
  await editor.openPalette('Envoi: ');
  await editor.screenshot('palette');
  await editor.page.keyboard.press('Escape');

  await editor.runCommand('Envoi: Send Newsletter…');
  const question = await editor.dialogText();
  const total = Number(/Send to (\d+) recipients\?/.exec(question)?.[1]);
  assert.ok(total > 200, question);
  for (const said of [
    'newsletter.md',
    'recipients.csv',
    'Letter:',
    'Mount Lyra Observatory <letter@observatory.example>',
    'catcher',
    'left out:',
  ])
    assert.ok(question.includes(said), `${said} is in: ${question}`);
  await editor.notification('Checking').waitFor({ state: 'detached' });
  await editor.screenshot('confirmation');
  const detail = await editor.dialog.locator('.dialog-message-detail').innerText();
  assert.ok(detail.split('\n').length <= 6, detail);
  await editor.pressButton('Before You Send…');
  const page = await editor.frameWith('.before h1');
  await page.locator('h1').hover();
  assert.match(await page.locator('body').innerText(), /Check this first[\s\S]*has not been sent as a test/);
  await editor.screenshot('beforeYouSend');
  await editor.page.locator('.tab', { hasText: 'newsletter.md' }).first().click();
  await editor.runCommand('Envoi: Send Newsletter…');
  await editor.dialogText();
  assert.equal(sink.messages.length, 0, 'nothing leaves before the confirmation');
  await editor.pressButton(`Send to ${total} Recipients`);

  const item = editor.statusItem(DELIVERY);
  const read = async () => ((await item.count()) > 0 ? item.innerText() : '');
  await editor.until(read, (text) => numberOf(text) >= 60, 'a third to be sent');
  await item.hover();
  await editor.page.locator('.workbench-hover-container').waitFor();
  await editor.screenshot('sending');
  sink.allow(total);
  await editor.page.mouse.move(600, 300);
  await editor.notification(new RegExp(`sent to all ${total}`)).waitFor({ timeout: 60_000 });
  await editor.until(read, (text) => !PROGRESS.test(text), 'the end in the status bar');
  await editor.screenshot('sent');
  assertOnceEach(sink, total);
});

test('a check set to error stops sending, as on the command line', async (t) => {
  const sink = await SmtpServer.start();
  t.after(() => sink.close());
  const settings = { ...(await exampleSettings(sink.port)), 'envoi.checks': { insecureLink: 'error' } };
  const letter =
    '---\nsubject: Hello\nkind: internal\nrecipients: list.csv\n---\n\nLook [here](http://example.org/a).\n';
  const editor = await openEditor(t, {
    files: { 'letter.md': letter, 'list.csv': 'email\nada@post.example\n' },
    settings,
  });
  await editor.openFile('letter.md');
  await editor.page.locator('.codelens-decoration').getByText('Send to 1 Recipient').waitFor();
  await editor.runCommand('Envoi: Send Newsletter…');
  const said = editor.notification('Nothing was sent.');
  await said.waitFor();
  await said.getByText('Go There').click();
  await editor.until(
    () => editor.statusBar(),
    (items) => items.some((item) => item.startsWith('Ln 7,')),
    'the line of the link',
  );
  assert.equal(sink.messages.length, 0);
});

test('nothing is sent when the person presses Escape at the confirmation', async (t) => {
  const sink = await SmtpServer.start();
  t.after(() => sink.close());
  const editor = await openEditor(t, { copyOf: examples, settings: await exampleSettings(sink.port) });
  await editor.openFile('newsletter.md');
  await editor.runCommand('Envoi: Send Newsletter…');
  await editor.dialogText();
  await editor.page.keyboard.press('Escape');
  await editor.dialog.waitFor({ state: 'detached' });
  assert.equal(await editor.statusItem(DELIVERY).count(), 0);
  // The server was tried before the question, as far as its word on the sender, and no further.
  assert.equal(sink.messages.length, 0);
  assert.deepEqual(
    sink.commands.filter((line) => /^(?:RCPT|DATA)/.test(line)),
    [],
  );
});

test('sending continues across a reload and a closed window, and the status bar is right again', async (t) => {
  const sink = await SmtpServer.start();
  sink.allow(60);
  t.after(() => sink.close());
  const settings = await exampleSettings(sink.port, { rate: '60/second' });
  const sandbox = await makeSandbox(t, { copyOf: examples });
  const editor = await openEditorIn(t, sandbox, { settings });
  await editor.openFile('newsletter.md');
  await editor.runCommand('Envoi: Send Newsletter…');
  const total = Number(/Send to (\d+) recipients\?/.exec(await editor.dialogText())?.[1]);
  await editor.pressButton(/^Send to/);
  const count = async () => sink.messages.length;
  await editor.until(count, (sent) => sent > 10, 'the first messages');

  await editor.reload();
  const read = (driver: typeof editor) => async () => {
    const item = driver.statusItem(DELIVERY);
    return (await item.count()) > 0 ? item.innerText() : '';
  };
  const before = sink.messages.length;
  const shown = await editor.until(read(editor), (text) => PROGRESS.test(text), 'the count after the reload');
  assert.ok(numberOf(shown) >= before - 20, `${shown} after ${before} messages`);

  await editor.close();
  const whenClosed = sink.messages.length;
  sink.allow(150);
  await editor.until(count, (sent) => sent > whenClosed + 20, 'the engine to go on without a window');

  const again = await openEditorIn(t, sandbox, { settings });
  await again.until(read(again), (text) => PROGRESS.test(text), 'the count in a new window');
  sink.allow(total);
  await again.until(count, (sent) => sent === total, 'all messages', 60_000);
  assertOnceEach(sink, total);
});
