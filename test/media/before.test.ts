import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BeforeLine, beforeYouSend } from '../../src/letter/plan/beforeYouSend.ts';
import { msg } from '../../src/shared/errors.ts';
import { plainWords } from '../../src/shared/words.ts';
import { accessibilityFaults } from './axe.ts';
import { openPage } from './openPage.ts';
import { themes } from './themes.ts';

const lines: BeforeLine[] = [
  {
    section: 'look',
    level: 'warning',
    text: msg('The folder has another list: {0}.', 'a-very-long-name.csv'.repeat(5)),
  },
  { section: 'list', level: 'info', text: msg('Read as UTF-8.') },
  { section: 'checks', level: 'info', text: msg('A hint'), place: { href: 'file:///a.md#L3', label: 'a.md:3' } },
];
const confirmation = {
  question: 'Send to 1,204 recipients?',
  lines: [
    { kind: 'letter', label: 'Letter', text: '“Spring”, from spring.md' },
    { kind: 'to', label: 'To', text: '1,204 recipients from members.csv' },
  ],
  notes: ['This text has not been sent as a test yet.'],
  button: 'Send',
} as const;
const actions = [
  { label: 'Send Newsletter…', href: 'command:a', primary: true },
  { label: 'Send Test…', href: 'command:b' },
];

for (const { name, theme, themeClass } of themes)
  test(`nothing on the page Before You Send is inaccessible, or overflows: ${name}`, async (t) => {
    const still = `<main class="before">${beforeYouSend(confirmation, lines, plainWords, (href) => href, actions)}</main>`;
    const { page } = await openPage(t, { bundle: 'before', still, strings: {}, theme, themeClass });
    // A wide column, a narrow one, and the narrow one at 200 %.
    for (const width of [1200, 460, 230]) {
      await page.setViewportSize({ width, height: 600 });
      assert.deepEqual(await accessibilityFaults(page), [], `${width} px`);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, `${width} px`);
    }
  });
