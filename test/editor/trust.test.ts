import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SmtpServer } from '../support/smtpServer.ts';
import { exampleSettings, examples } from './harness/exampleLetter.ts';
import { openEditor } from './harness/openEditor.ts';

test('in Restricted Mode the letter can be looked at but not sent', async (t) => {
  const sink = await SmtpServer.start();
  t.after(() => sink.close());
  const settings = await exampleSettings(sink.port);
  const editor = await openEditor(t, { copyOf: examples, settings, restricted: true });
  await editor.openFile('newsletter.md');
  const offersPreview = () => editor.offersCommand('Envoi: Preview Newsletter');
  await editor.until(offersPreview, (offered) => offered, 'the palette to offer the preview');
  assert.equal(await editor.offersCommand('Envoi: Send Newsletter…'), false);
  assert.equal(await editor.offersCommand('Envoi: Send Test…'), false);
  assert.equal(sink.connections, 0);
});

test('a workspace cannot say where mail goes', async (t) => {
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
