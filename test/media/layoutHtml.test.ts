import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { chromium } from 'playwright-core';
import { composerOf, person, png, withSubject } from '../compose/letter.ts';
import { browserPath } from './openPage.ts';

const body =
  '# Hello {{ name }}\n\n![A tulip](a.png)\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n**[Go](https://x.example/)**\n\n- [x] a\n\nA[^1]\n\n> [!NOTE]\n> x\n\n```\ncode\n```\n\n[^1]: n\n';
const letters: [name: string, front: string][] = [
  ['the built-in layout', ''],
  ['with a preheader', 'preheader: What the inbox shows\n'],
  ['from right to left', 'lang: fa\n'],
  ['with another colour', 'accent: "#b3261e"\n'],
  ['without a layout', 'layout: none\n'],
];
const htmlOf = async (front: string) => {
  const composer = await composerOf(withSubject(body, front), { files: { 'a.png': png } });
  return (await composer.render(person({ name: 'Ada' }))).html;
};

/** What mail programs need, and a page would not have. */
const mail = {
  'no-inline-style': 'off',
  'no-deprecated-attr': 'off',
  'no-trailing-whitespace': 'off',
  'no-conditional-comment': 'off',
  'presentation-role-style': 'off',
  'prefer-tbody': 'off',
  'prefer-native-element': 'off',
  'doctype-style': 'off',
} as const;

describe('the HTML of the layouts', () => {
  for (const [name, front] of letters)
    it(`is valid: ${name}`, async () => {
      const validator = new HtmlValidate({ extends: ['html-validate:recommended'], rules: mail });
      const report = await validator.validateString(await htmlOf(front));
      assert.deepEqual(
        report.results.flatMap(({ messages }) =>
          messages.map(({ ruleId, line, message }) => `${ruleId}:${line} ${message}`),
        ),
        [],
      );
    });

  it('is accessible, in light and dark', async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const browser = await chromium.launch({
      executablePath: await browserPath(),
      args: ['--no-sandbox', '--disable-gpu'],
    });
    try {
      const page = await browser.newPage({ offline: true });
      for (const [name, front] of letters)
        for (const colorScheme of ['light', 'dark'] as const) {
          // Without a layout there are no colours of ours: a mail program has its own for the dark.
          if (front.includes('none') && colorScheme === 'dark') continue;
          await page.emulateMedia({ colorScheme });
          await page.setContent(await htmlOf(front));
          await page.addScriptTag({ content: axe });
          // A letter is no page: it has no landmarks, and its pictures come with the message.
          const found = await page.evaluate<string[]>(
            `axe.run({ runOnly: ['wcag2a', 'wcag2aa'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ html }) => html.slice(0, 80)).join(' | ')))`,
          );
          assert.deepEqual(found, [], `${name}, ${colorScheme}`);
        }
    } finally {
      await browser.close();
    }
  });
});
