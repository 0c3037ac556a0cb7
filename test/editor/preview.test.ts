import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Frame } from 'playwright-core';
import type { EditorDriver } from './harness/editorDriver.ts';
import { examples } from './harness/exampleLetter.ts';
import { openEditor } from './harness/openEditor.ts';

const settings = {
  'envoi.from': 'Ada Byron <ada@example.org>',
  'envoi.postalAddress': '12 Analytical Row, London',
  'envoi.unsubscribe': { url: 'https://example.org/leave?t={{ token }}' },
};
const letter = `---
subject: "{{ first_name }}, our news"
preheader: In short
recipients: readers.csv
---

# Hello {{ first_name }}

We are in {{ city }}.
`;
const files = {
  'letter.md': letter,
  'readers.csv': 'email,first_name,city\neve@example.org,Eve,Lille\nbob@example.org,Bob,Porto\nbad,Zoe,Köln\n',
  'README.md': '---\ntitle: A project\n---\n\n# Plain {{ mustache }} and a [link](http://example.org)\n',
};

/** One black pixel. */
const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

async function openPreview(editor: EditorDriver) {
  await editor.openFile('letter.md');
  const offers = () => editor.offersCommand('Envoi: Preview Newsletter');
  await editor.until(offers, (offered) => offered, 'the palette to offer the preview');
  await editor.runCommand('Envoi: Preview Newsletter');
  await editor.frameWith('[data-line]');
  return editor.frameWith('.toolbar .picker');
}

async function chooseInMenu(shell: Frame, label: string): Promise<void> {
  await shell.getByRole('button', { name: 'More', exact: true }).click();
  await shell.locator('.menu [role^="menuitem"]').filter({ hasText: label }).first().click();
}

/** The heading of the letter in the preview; the frame that shows it changes with every letter. */
async function heading(editor: EditorDriver): Promise<string> {
  for (const frame of editor.page.frames())
    if (
      frame.parentFrame()?.name() !== undefined &&
      (await frame
        .locator('h1[data-line]')
        .count()
        .catch(() => 0)) > 0
    )
      return (
        (await frame
          .locator('h1[data-line]')
          .innerText()
          .catch(() => '')) ?? ''
      );
  return '';
}

test('the preview shows a real recipient’s letter and follows what is typed', async (t) => {
  const editor = await openEditor(t, { files, settings });
  const shell = await openPreview(editor);
  await editor.until(
    () => heading(editor),
    (text) => text === 'Hello Eve',
    'the first recipient’s letter',
  );
  await shell.getByRole('button', { name: /^Next recipient/ }).click();
  await editor.until(
    () => heading(editor),
    (text) => text === 'Hello Bob',
    'the next recipient’s letter',
  );
  await chooseInMenu(shell, 'As an inbox shows it');
  assert.match(await shell.locator('.inbox-text').innerText(), /^Bob, our news — In short$/);
  await chooseInMenu(shell, 'As an inbox shows it');

  await editor.page.locator('.view-line', { hasText: 'We are in' }).click();
  await editor.replaceText(letter.replace('# Hello', '# Good morning'));
  await editor.until(
    () => heading(editor),
    (text) => text === 'Good morning Bob',
    'what was typed, unsaved',
  );
  await editor.replaceText(letter.replace('# Hello', '# {% fi %} Hello'));
  await shell.locator('.banner').waitFor();
  assert.equal(await heading(editor), 'Good morning Bob', 'the last good letter stays');
  await editor.replaceText(letter);
  await shell.locator('.banner').waitFor({ state: 'hidden' });
  await editor.screenshot('preview');
});

test('pictures next to the letter are shown, those of the example and one that changes on disk', async (t) => {
  const editor = await openEditor(t, { copyOf: examples, settings });
  await editor.openFile('newsletter.md');
  await editor.until(
    () => editor.offersCommand('Envoi: Preview Newsletter'),
    (offered) => offered,
    'the palette to offer the preview',
  );
  await editor.runCommand('Envoi: Preview Newsletter');
  const widths = async () => {
    const letter = await editor.frameWith('[data-line]');
    return letter
      .evaluate<number[]>('[...document.images].map((image) => image.naturalWidth)')
      .catch((): number[] => []);
  };
  const shown = await editor.until(
    widths,
    (all) => all.length > 0 && all.every((width) => width > 0),
    'every picture of the example to have a width',
  );
  await writeFile(join(editor.workspace, 'images/observatory.jpg'), dot);
  await editor.until(
    widths,
    (all) => all.length === shown.length && all.includes(1),
    'the picture that was replaced on disk',
  );
});

test('the preview comes back after the window was reloaded, as it was left', async (t) => {
  const editor = await openEditor(t, { files, settings });
  const shell = await openPreview(editor);
  await shell.getByRole('button', { name: /^Next recipient/ }).click();
  await shell.getByRole('radio', { name: /^Phone/ }).click();
  await editor.until(
    () => shell.locator('.picker').innerText(),
    (text) => /2 of 2/.test(text),
    'the second reader’s letter',
  );
  await editor.page.locator('.tab', { hasText: 'letter.md' }).first().click();
  await editor.reload();
  await editor.frameWith('[data-line]');
  const restored = await editor.frameWith('.toolbar .picker');
  await editor.until(
    () => restored.locator('.picker').innerText(),
    (text) => /2 of 2/.test(text),
    'the preview to come back at Bob',
  );
  assert.equal(await restored.getByRole('radio', { name: /^Phone/ }).getAttribute('aria-checked'), 'true');
});

test('the preview of an HTML letter follows the editor', async (t) => {
  const long = Array.from({ length: 120 }, (_, n) => `<p id="p${n}">Paragraph ${n} for {{ first_name }}.</p>`).join(
    '\n',
  );
  const html = `---\nsubject: Hello\nrecipients: readers.csv\n---\n<h1 data-x="1">Hello</h1>\n${long}\n`;
  const editor = await openEditor(t, { files: { ...files, 'letter.html': html }, settings });
  await editor.openFile('letter.html');
  const offers = () => editor.offersCommand('Envoi: Preview Newsletter');
  await editor.until(offers, (offered) => offered, 'the palette to offer the preview');
  await editor.runCommand('Envoi: Preview Newsletter');
  const letterFrame = await editor.frameWith('p[data-line]');
  await editor.page.locator('.view-line', { hasText: 'Paragraph 3 for' }).first().click();
  await editor.page.keyboard.press('Control+End');
  await editor.until(
    () => letterFrame.evaluate<number>('document.scrollingElement.scrollTop'),
    (top) => top > 1000,
    'the letter to be scrolled to where the editor is',
  );
});

test('the preview follows the person to another letter, stays when it is locked, and survives a rename', async (t) => {
  const other = letter.replace('# Hello', '# Other').replace('"{{ first_name }}, our news"', 'Other');
  const editor = await openEditor(t, { files: { ...files, 'other.md': other }, settings });
  const shell = await openPreview(editor);
  const shows = (text: string) =>
    editor.until(
      () => heading(editor),
      (shown) => shown === text,
      `the heading "${text}"`,
    );
  const groups = () => editor.page.locator('.editor-group-container').count();
  const beside = await groups();
  await editor.page.locator('.tab', { hasText: 'letter.md' }).first().click();
  await editor.openFile('README.md');
  await editor.openFile('other.md');
  await shows('Other Eve');
  await editor.page.locator('.tab', { hasText: 'Preview other.md' }).waitFor();
  assert.equal(await shell.locator('h1').textContent(), 'Preview of other.md');

  await chooseInMenu(shell, 'Lock to This Document');
  await editor.page.locator('.tab', { hasText: '[Preview] other.md' }).waitFor();
  await editor.page.locator('.tab', { hasText: 'other.md' }).first().click();
  await editor.openFile('letter.md');
  await editor.runCommand('Envoi: Preview Newsletter');
  await editor.page.locator('.tab', { hasText: /^Preview letter.md/ }).waitFor();
  assert.equal(await editor.page.locator('.tab', { hasText: '[Preview] other.md' }).count(), 1);
  assert.equal(await groups(), beside, 'no third column');

  // Renamed in the explorer, as a person does it.
  await shows('Hello Eve');
  await editor.page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'letter.md' }).click();
  await editor.page.keyboard.press('F2');
  const box = editor.page.locator('.explorer-folders-view input');
  await box.fill('spring.md');
  await box.press('Enter');
  await editor.page.locator('.tab', { hasText: /^Preview spring.md/ }).waitFor();
  await editor.openFile('spring.md');
  await editor.replaceText(letter.replace('# Hello', '# Renamed'));
  await shows('Renamed Eve');
  assert.equal(await editor.page.locator('.tab', { hasText: /Preview/ }).count(), 2, 'and no second one opened');
});

test('the preview opens where the editor is; Ctrl+F finds words in the letter', async (t) => {
  const long = `${letter}\n${Array.from({ length: 90 }, (_, n) => `Paragraph ${n}.`).join('\n\n')}\n`;
  const editor = await openEditor(t, { files: { ...files, 'letter.md': long }, settings });
  await editor.openFile('letter.md');
  await editor.page.locator('.view-line', { hasText: 'We are in' }).click();
  await editor.page.keyboard.press('Control+End');
  await editor.page.locator('.view-line', { hasText: 'Paragraph 89' }).waitFor();
  await editor.runCommand('Envoi: Preview Newsletter');
  const frame = await editor.frameWith('p[data-line]');
  await editor.until(
    () => frame.evaluate<number>('document.scrollingElement.scrollTop'),
    (top) => top > 1000,
    'the letter to open where the editor is',
  );
  await frame.locator('p', { hasText: 'Paragraph 80.' }).click();
  await editor.page.keyboard.press('Control+F');
  const shell = await editor.frameWith('.toolbar .picker');
  await shell.getByRole('textbox', { name: 'Find' }).fill('paragraph 7.');
  assert.equal(await shell.locator('.find-count').innerText(), '1 of 1');
  await editor.until(
    () => frame.evaluate<number>('document.scrollingElement.scrollTop'),
    (top) => top < 1000,
    'the letter to be scrolled to what was found',
  );
  await editor.page.keyboard.press('Escape');
  await shell.locator('.find').waitFor({ state: 'hidden' });
});

test('problems are found while writing and fixed by quick fix; a plain README shows nothing', async (t) => {
  const broken = letter.replace('# Hello {{ first_name }}', '# Hello {{ frist_name }}');
  const editor = await openEditor(t, { files: { ...files, 'letter.md': broken }, settings });
  await editor.openFile('README.md');
  await editor.openFile('letter.md');
  const lenses = editor.page.locator('.codelens-decoration');
  await lenses.getByText('Send to 2 Recipients').waitFor();
  await editor.runCommand('Problems: Focus on Problems View');
  const problems = editor.page.locator('.markers-panel .monaco-list-row');
  await problems.filter({ hasText: 'The list has no column “frist_name”. Did you mean “first_name”?' }).waitFor();
  await problems.filter({ hasText: '“bad” gets no message' }).waitFor();
  assert.equal(await problems.filter({ hasText: 'README' }).count(), 0);
  await problems.locator('a', { hasText: 'unknownField' }).click();
  await editor.page.locator('.tab', { hasText: 'problems.md' }).waitFor();
  const help = await editor.frameWith('#unknownfield');
  assert.match(await help.locator('body').innerText(), /The list has no such column/);
  await editor.openFile('letter.md');
  await editor.screenshot('problems');

  await editor.page.locator('.view-line', { hasText: 'frist_name' }).getByText('frist_name').click();
  await (await editor.quickFix('Replace with “first_name”')).click();
  await editor.page.locator('.view-line', { hasText: '# Hello {{ first_name }}' }).waitFor();
  await problems.filter({ hasText: 'frist_name' }).waitFor({ state: 'detached' });

  await editor.openFile('README.md');
  await editor.page.locator('.view-line', { hasText: 'mustache' }).waitFor();
  assert.equal(await lenses.count(), 0);
});

test('fields are completed from the list', async (t) => {
  const editor = await openEditor(t, { files, settings });
  await editor.openFile('letter.md');
  await editor.page.locator('.codelens-decoration').getByText('Send to 2 Recipients').waitFor();
  await editor.page.keyboard.press('Control+End');
  await editor.page.keyboard.type('From {{');
  const suggestions = editor.page.locator('.suggest-widget .monaco-list-row');
  await suggestions.filter({ hasText: 'city' }).waitFor();
  await editor.screenshot('completion');
  await suggestions.filter({ hasText: 'city' }).first().click();
  await editor.page.locator('.view-line', { hasText: 'From {{ city }}' }).waitFor();
});
