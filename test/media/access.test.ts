import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibilityFaults } from './axe.ts';
import { messageOf, openPreview } from './previewPage.ts';
import { openReport } from './reportPage.ts';
import { someReport } from './someReport.ts';
import { themes } from './themes.ts';

const matter = '---\nsubject: News for {{ first_name }}\npreheader: In short\nattachments: [a.pdf]\n---\n';
const recipients = {
  index: 1,
  total: 1204,
  label: 'Eve',
  address: 'eve@example.org',
  line: 3,
  refused: 2,
  blanks: 1,
  emptyFields: ['city'],
  list: 'r.csv',
};
/** A wide column, a narrow one, and the narrow one at 200 %. */
const WIDTHS = [1200, 460, 230];

for (const { name, theme, themeClass } of themes) {
  test(`nothing in the preview is inaccessible: ${name}`, async (t) => {
    const preview = await openPreview(t, { theme, themeClass });
    const { page } = preview;
    await preview.send(
      await messageOf(`${matter}# Hello {{ first_name }}\n\n![A dot](https://images.example/a.png)\n`),
    );
    await preview.letter();
    await preview.send({ type: 'recipients', recipients });
    await preview.send({
      type: 'problems',
      problems: (['error', 'warning', 'info'] as const).map((severity) => ({ severity, text: 'A hint', where: 'a:1' })),
    });
    await preview.send({ type: 'failure', failure: { text: 'No', remedy: 'Do', hasPlace: true } });
    await page.locator('.problem-badge').click();
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 600 });
      assert.deepEqual(await accessibilityFaults(page), [], `${width} px`);
      await page.getByRole('button', { name: 'more', exact: true }).click();
      assert.deepEqual(await accessibilityFaults(page), [], `${width} px, with the menu`);
      await page.keyboard.press('Escape');
    }
    await page.keyboard.press('Control+F');
    for (const tab of ['text', 'source', 'attachments']) {
      await page.getByRole('button', { name: 'more', exact: true }).click();
      await page.locator('.menu [role^="menuitem"]').filter({ hasText: tab }).first().click();
      assert.deepEqual(await accessibilityFaults(page), [], tab);
    }
  });

  test(`nothing in the report is inaccessible: ${name}`, async (t) => {
    const report = await openReport(t, { theme, themeClass });
    await report.send({ type: 'report', report: someReport });
    await report.rows();
    for (const width of WIDTHS) {
      await report.page.setViewportSize({ width, height: 800 });
      assert.deepEqual(await accessibilityFaults(report.page), [], `${width} px`);
    }
  });
}
