import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { openEditor } from './harness/openEditor.ts';

test('the harness opens a file, runs a command and reads the screen', async (t) => {
  const editor = await openEditor(t, { files: { 'letter.md': '# Hello\n' } });
  await editor.openFile('letter.md');
  await editor.page.locator('.statusbar-item', { hasText: 'Markdown' }).waitFor();
  assert.ok(await editor.offersCommand('View: Toggle Word Wrap'));
  assert.ok(!(await editor.offersCommand('View: Toggle')));
  await editor.runCommand('Preferences: Open User Settings (JSON)');
  await editor.page.locator('.tab.active', { hasText: 'settings.json' }).waitFor();
  assert.match(await readFile(editor.settingsFile, 'utf8'), /"envoi\.stateDirectory": ".*\/state"/);
});
