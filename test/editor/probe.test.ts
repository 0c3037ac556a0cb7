import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitedScript } from '../support/limitedServer.ts';
import { SmtpServer } from '../support/smtpServer.ts';
import { openEditor } from './harness/openEditor.ts';

test('a server is tested in depth from its view, with progress and Cancel; one click sets what was found', async (t) => {
  const relay = await SmtpServer.start(limitedScript({ perConnection: 4 }));
  t.after(() => relay.close());
  const office = { host: '127.0.0.1', port: relay.port, security: 'none', auth: 'none' };
  const editor = await openEditor(t, {
    files: { 'a.txt': 'x' },
    settings: {
      'envoi.from': 'Ada Byron <ada@example.org>',
      'envoi.servers': { office },
      'envoi.testRecipients': ['ada@post.example'],
    },
  });
  const { page } = editor;
  await page.locator('.activitybar .action-label[aria-label^="Envoi"]').click();
  const rows = page.locator('.pane', { hasText: 'Servers' }).locator('.monaco-list-row');
  const begin = async () => {
    await rows.filter({ hasText: 'office' }).first().click({ button: 'right' });
    const entry = page.locator('.monaco-menu').getByText('Test Server in Depth…');
    // A menu does not take a click while it is opening.
    for (let open = true; open; ) {
      await entry.click();
      open = await entry.waitFor({ state: 'hidden', timeout: 3_000 }).then(
        () => false,
        () => true,
      );
    }
  };

  // Nobody answers any more after the third message, so it is Cancel that ends it.
  relay.allow(3);
  await begin();
  const asked = await editor.dialogText();
  assert.match(
    asked,
    /Test office with at most 100 messages, in at most 3 min\? They go to ada@post\.example and nobody else\./,
  );
  await editor.screenshot('probe-question');
  await editor.pressButton('Test in Depth');
  await relay.received(3);
  const progress = editor.notification('Testing office');
  await progress.filter({ hasText: '3 messages accepted' }).waitFor();
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await editor.notification('The test was stopped.').waitFor();
  assert.equal(relay.messages.length, 3);

  relay.allow(Number.POSITIVE_INFINITY);
  await begin();
  assert.match(await editor.dialogText(), /Already tested: 20 connections or more/);
  await editor.pressButton('Test Again');
  const told = editor.notification('4 per connection');
  await told.filter({ hasText: '20 connections or more · 4 per connection · no limit seen in' }).waitFor();
  await editor.screenshot('probe-result');
  await rows.filter({ hasText: 'office' }).first().locator('.monaco-tl-twistie').click();
  const line = rows.filter({ hasText: '4 per connection' });
  await line.waitFor();
  await line.hover();
  await editor.clickFor(
    line.getByRole('button', { name: 'Use as a Setting' }),
    page.locator('.statusbar', { hasText: 'office now stays within' }),
  );
  const written = async () => JSON.parse(await editor.settingsText())['envoi.servers'].office;
  await editor.until(written, ({ maxMessagesPerConnection }) => maxMessagesPerConnection === 4, 'the settings');
  assert.deepEqual(await written(), { ...office, maxMessagesPerConnection: 4 });
  await line.getByRole('button', { name: 'Use as a Setting' }).waitFor({ state: 'detached' });
  assert.deepEqual([...new Set(relay.messages.flatMap(({ to }) => to))], ['ada@post.example']);
  assert.ok(relay.messages.length <= 103);
  await editor.screenshot('probe-view');
});
