import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { SmtpServer } from '../support/smtpServer.ts';
import { exampleSettings, examples } from './harness/exampleLetter.ts';
import { makeSandbox, openEditor, openEditorIn } from './harness/openEditor.ts';

test('in Restricted Mode the letter can be viewed but not sent', async (t) => {
  const sink = await SmtpServer.start();
  t.after(() => sink.close());
  const settings = await exampleSettings(sink.port);
  const editor = await openEditor(t, { copyOf: examples, settings, restricted: true });
  await editor.openFile('newsletter.md');
  const offersPreview = () => editor.offersCommand('Envoi: Preview Newsletter');
  await editor.until(offersPreview, (offered) => offered, 'the palette to offer the preview');
  const lenses = editor.page.locator('.codelens-decoration');
  await lenses.getByText('Preview as').waitFor();
  assert.doesNotMatch(await lenses.first().innerText(), /Send|Try/, 'the lens offers nothing that is refused');
  assert.equal(await editor.offersCommand('Envoi: Send Newsletter…'), false);
  assert.equal(await editor.offersCommand('Envoi: Send Test…'), false);
  assert.equal(sink.connections, 0);
});

test('a workspace cannot decide where mail goes', async (t) => {
  const mine = await SmtpServer.start();
  const stranger = await SmtpServer.start();
  t.after(() => Promise.all([mine.close(), stranger.close()]));
  const servers = { catcher: { host: '127.0.0.1', port: stranger.port, security: 'none' } };
  const editor = await openEditor(t, {
    copyOf: examples,
    files: { '.vscode/settings.json': JSON.stringify({ 'envoi.servers': servers }) },
    settings: await exampleSettings(mine.port),
  });
  await editor.openFile('newsletter.md');
  await editor.runCommand('Envoi: Send Newsletter…');
  await editor.dialogText();
  await editor.pressButton(/^Send to/);
  await editor.notification(/sent to all/).waitFor();
  assert.ok(mine.messages.length > 200);
  assert.equal(stranger.connections, 0, 'the workspace’s server was not even asked');
});

test('a letter cannot reach files outside the workspace, neither by a path nor by a link on the disk', async (t) => {
  const sink = await SmtpServer.start();
  t.after(() => sink.close());
  const letter = (line: string) => `---\nsubject: Hello\nkind: internal\n${line}\n---\n\nHello {{ secret }}.\n`;
  const sandbox = await makeSandbox(t, {
    files: {
      'byPath.md': letter('recipients: ../outside.csv'),
      'byLink.md': letter('recipients: linked.csv'),
      'byFolder.md': letter('recipients: inside/outside.csv'),
      'attached.md': letter('recipients: list.csv\nattachments: [linked.csv]'),
      'image.md': `${letter('recipients: list.csv')}\n![A picture](linked.png)\n`,
      'list.csv': 'email,secret\nada@post.example,none\n',
    },
  });
  await writeFile(join(sandbox.folder, 'outside.csv'), 'email,secret\nada@post.example,HIDDEN\n');
  await writeFile(join(sandbox.folder, 'outside.png'), 'a picture of nobody’s business');
  await symlink(join(sandbox.folder, 'outside.csv'), join(sandbox.workspace, 'linked.csv'));
  await symlink(join(sandbox.folder, 'outside.png'), join(sandbox.workspace, 'linked.png'));
  await symlink(sandbox.folder, join(sandbox.workspace, 'inside'));
  const editor = await openEditorIn(t, sandbox, { settings: await exampleSettings(sink.port) });
  for (const name of ['byPath.md', 'byLink.md', 'byFolder.md', 'attached.md', 'image.md']) {
    await editor.openFile(name);
    await editor.page.locator('.codelens-decoration').first().waitFor();
    await editor.runCommand('Envoi: Send Newsletter…');
    const refused = editor.notification(/Nothing was sent\./);
    await refused.waitFor();
    assert.match(await refused.innerText(), /is outside|must be in the document’s folder/, name);
    await editor.runCommand('Notifications: Clear All Notifications');
    await refused.waitFor({ state: 'detached' });
  }
  assert.equal(sink.connections, 0);
});

test('pipes and devices in place of files are refused with an explanation, and nothing waits for them', async (t) => {
  const sink = await SmtpServer.start();
  t.after(() => sink.close());
  const letter = (lines: string, text = '') => `---\nsubject: Hello\nkind: internal\n${lines}\n---\n\nHello.\n${text}`;
  const sandbox = await makeSandbox(t, {
    files: {
      'list.md': letter('recipients: pipe.csv'),
      'device.md': letter('recipients: zero.csv'),
      'image.md': letter('recipients: list.csv', '\n![Sun](pipe.png)\n'),
      'attachment.md': letter('recipients: list.csv\nattachments: [pipe.pdf]'),
      'layout.md': letter('recipients: list.csv\nlayout: pipe.html'),
      'list.csv': 'email\nada@post.example\n',
      'good.md': letter('recipients: list.csv'),
    },
  });
  for (const name of ['pipe.csv', 'pipe.png', 'pipe.pdf', 'pipe.html', 'envoi.json'])
    execFileSync('mkfifo', [join(sandbox.workspace, name)]);
  await symlink('/dev/zero', join(sandbox.workspace, 'zero.csv'));
  const editor = await openEditorIn(t, sandbox, { settings: await exampleSettings(sink.port) });
  const refusals: [file: string, says: RegExp][] = [
    ['list.md', /pipe/],
    ['device.md', /pipe or a device|is outside/],
    ['image.md', /pipe/],
    ['attachment.md', /pipe/],
    ['layout.md', /pipe/],
  ];
  for (const [file, says] of refusals) {
    await editor.openFile(file);
    await editor.page.locator('.codelens-decoration').first().waitFor();
    await editor.runCommand('Envoi: Send Newsletter…');
    const refused = editor.notification(says);
    await refused.waitFor();
    await editor.runCommand('Notifications: Clear All Notifications');
    await refused.waitFor({ state: 'detached' });
  }
  // All is alive: the next letter goes out.
  await editor.openFile('good.md');
  await editor.runCommand('Envoi: Send Newsletter…');
  await editor.dialogText();
  await editor.pressButton(/^Send to/);
  await editor.notification(/sent to 1 recipient\./).waitFor();
  assert.deepEqual(
    sink.messages.map(({ to }) => to),
    [['ada@post.example']],
  );
});
