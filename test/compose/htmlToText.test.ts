import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { composerOf, contentOf, person, png, withSubject } from './letter.ts';

/* The words of our text part against those that html-to-text finds in the same HTML: docs/decisions/html-to-text.md. */

const { convert } = createRequire(import.meta.url)('html-to-text') as {
  convert(html: string, options: object): string;
};

const THEIRS = {
  wordwrap: false,
  selectors: [
    { selector: 'img', options: { linkBrackets: false } },
    // Their plain tables put the words of two cells into one.
    { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'h1', options: { uppercase: false } },
    { selector: 'h2', options: { uppercase: false } },
    { selector: 'h3', options: { uppercase: false } },
    { selector: '[hidden]', format: 'skip' },
    { selector: '[style*="display:none"]', format: 'skip' },
    { selector: '[style*="display: none"]', format: 'skip' },
  ],
};

/** Letters and digits in their order; addresses, which we write behind a link's words and they do not, left out. */
function wordsOf(text: string): string[] {
  return (
    text
      .replace(/\(?(?:https?:|mailto:|tel:|cid:)[^\s)]*\)?/g, ' ')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** The layout around the letter is left out of the text but for the footer, which comes last. */
function assertSameWords(html: string, text: string, atLeast: number): void {
  const theirs = wordsOf(convert(contentOf(html), THEIRS));
  assert.ok(theirs.length > atLeast, theirs.join(' '));
  assert.deepEqual(wordsOf(text).slice(0, theirs.length), theirs);
}

const letters: Record<string, string> = {
  'prose, lists and a quotation': `# One

Two **three** *four* [five](https://x.example/a) \`six\`.

- seven
- eight
  1. nine
  2. ten

> eleven

---

| twelve | thirteen |
| --- | --- |
| fourteen | fifteen |
`,
  'raw HTML within': `<table><tr><td>one</td><td>two <b>three</b></td></tr></table>

<div>four<br>five</div><p>six&nbsp;seven &amp; eight</p>
<ul><li>nine<ul><li>ten</li></ul></li></ul>
`,
  'other scripts': `Grüße aus Köln, 美咲さん, Владимир, مرحبا\n\n## Ärger – mit Ümläuten…\n`,
  'fields and tags': `Dear {{ first_name }}, {% if city %}from {{ city }}{% endif %}.\n\n{% for n in (1..3) %}- item {{ n }}\n{% endfor %}\n`,
};

for (const [name, body] of Object.entries(letters))
  test(`the same words in the same order: ${name}`, async () => {
    const composer = await composerOf(withSubject(body), { fields: ['first_name', 'city'] });
    const { html, text } = await composer.render(person({ first_name: 'Zoé', city: 'Lille' }));
    assertSameWords(html, text, 5);
  });

test('the same words in the same order: the example that is sent by the demo', async () => {
  const example = join(import.meta.dirname, '../../examples');
  const source = readFileSync(join(example, 'newsletter.md'), 'utf8');
  const paths = [...source.matchAll(/(?:\]\(|src=")((?:images|files)\/[^)"]+)/g)].map((found) => found[1] ?? '');
  const files = Object.fromEntries(paths.map((path) => [path, path.startsWith('images') ? png : 'a file']));
  const composer = await composerOf(source.replace(/^attachments:.*\n(?:\s+-.*\n)*/m, ''), { files });
  const { html, text } = await composer.render(person({ first_name: 'Zoé' }));
  assertSameWords(html, text, 100);
});
