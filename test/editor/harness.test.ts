import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEditor } from './harness/openEditor.ts';

test('the harness opens the editor on a workspace, runs a command and takes a picture', async (t) => {
  const editor = await openEditor(t, { files: { 'letter.md': '# Hello\n' } });
  await editor.openFile('letter.md');
  await editor.runCommand('View: Toggle Terminal');
  await editor.screenshot('harness');
  console.log(await editor.statusBar());
  assert.ok(true);
});
