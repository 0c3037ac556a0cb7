import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findingsOf, renderBody, withSubject } from './letter.ts';

const contentOf = async (body: string, fields: Record<string, string> = {}) => (await renderBody(body, fields)).content;

test('footnotes are below the letter, with links both ways', async () => {
  const body = 'A note[^1], {{ name }}.\n\n[^1]: The note for {{ name }}.';
  const { content, text } = await renderBody(body, { name: 'Ada' });
  assert.match(content, /A note<sup[^>]*><a href="#fn1" id="fnref1">\[1\]<\/a><\/sup>, Ada/);
  assert.match(content, /<li id="fn1"[^>]*><p>The note for Ada\. <a href="#fnref1"/);
  assert.match(text, /A note\[1\], Ada\.[\s\S]*1\. The note for Ada\./);
  assert.deepEqual(await findingsOf(withSubject(body)), []);
});

test('tasks become symbols, because mail programs show no forms', async () => {
  assert.equal(
    await contentOf('- [ ] open\n- [x] done\n- [X] done too\n- [y] none'),
    '<ul><li>☐ open</li><li>☑ done</li><li>☑ done too</li><li>[y] none</li></ul>',
  );
});

test('headings and links take an id or a class', async () => {
  assert.equal(
    await contentOf('## Part {#part}\n\n[there](#part)'),
    '<h2 id="part">Part</h2><p><a href="#part">there</a></p>',
  );
  assert.equal(
    await contentOf('[Go](https://x.example/){.button}'),
    '<p class="button"><a href="https://x.example/" class="button">Go</a></p>',
  );
  assert.equal(
    await contentOf('Go [there](https://x.example/){.strong}, now'),
    '<p>Go <a href="https://x.example/" class="strong">there</a>, now</p>',
  );
});

test('boxes are quotes with a class and a symbol', async () => {
  assert.equal(
    await contentOf('> [!NOTE]\n> Mind this.'),
    '<blockquote class="note note-note"><p>ℹ️<br>\nMind this.</p></blockquote>',
  );
  assert.match(await contentOf('> [!warning]\n> Mind this.'), /class="note note-warning"/);
});

test('old letters keep their meaning', async () => {
  for (const [body, html] of [
    ['[^1] alone', '<p>[^1] alone</p>'],
    ['a {b} c', '<p>a {b} c</p>'],
    ['## Set {a, b}', '<h2>Set {a, b}</h2>'],
    ['> [!OTHER]\n> x', '<blockquote><p>[!OTHER]x</p></blockquote>'],
    ['[x] y', '<p>[x] y</p>'],
  ] as const)
    assert.equal((await contentOf(body)).replace(/\n/g, ''), html, body);
});
