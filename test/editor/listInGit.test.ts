import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeSandbox, openEditorIn } from './harness/openEditor.ts';

const letter = (list: string) => `---\nsubject: News\nkind: internal\nrecipients: ${list}\n---\n\nHello.\n`;

test('a list that git tracks, or does not ignore, is reported once, and one click ignores it', async (t) => {
  const sandbox = await makeSandbox(t, {
    files: {
      'first.md': letter('tracked.csv'),
      'second.md': letter('lists/new.csv'),
      'third.md': letter('hidden.csv'),
      'tracked.csv': 'email\nada@post.example\n',
      'lists/new.csv': 'email\nada@post.example\nbob@post.example\n',
      'hidden.csv': 'email\nada@post.example\nbob@post.example\neve@post.example\n',
      '.gitignore': '/hidden.csv',
    },
  });
  const git = (...args: string[]) => execFileSync('git', ['-C', sandbox.workspace, ...args], { stdio: 'pipe' });
  git('init', '-q');
  git('add', 'tracked.csv', '.gitignore');
  const editor = await openEditorIn(t, sandbox, { settings: { 'git.enabled': true, 'git.autofetch': false } });
  const lens = (text: string) => editor.page.locator('.codelens-decoration').getByText(text).waitFor();
  const ignored = () => readFile(join(editor.workspace, '.gitignore'), 'utf8');

  await editor.openFile('second.md');
  const unignored = editor.notification('Git does not ignore new.csv: the next commit may include its addresses.');
  await unignored.getByText('Add to .gitignore').click();
  await editor.until(ignored, (text) => text === '/hidden.csv\n/lists/new.csv\n', 'the new line in .gitignore');

  await editor.openFile('first.md');
  const tracked = editor.notification(
    'tracked.csv is tracked by Git: anyone who gets this repository gets its addresses too.',
  );
  await tracked.waitFor();
  await editor.screenshot('listInGit');
  await tracked.getByText('Add to .gitignore').click();
  await editor.until(ignored, (text) => text.endsWith('/lists/new.csv\n/tracked.csv\n'), 'both in .gitignore');
  await editor.notification('Git still tracks it: “git rm --cached tracked.csv” stops that').waitFor();
  await editor.runCommand('Notifications: Clear All Notifications');

  await editor.reload();
  await editor.openFile('third.md');
  await lens('Send to 3 Recipients');
  await editor.openFile('first.md');
  await lens('Send to 1 Recipient');
  assert.deepEqual(await editor.notifications(), [], 'neither the ignored one nor one twice');
});
