import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import * as compose from '../../src/compose/index.ts';
import { withoutMarks } from '../../src/letter/lineMarks.ts';
import { eve, filesOf, letterOf, letterSettings } from '../media/previewPage.ts';

interface Parsed {
  subject?: string;
  html?: string | false;
  text?: string;
  attachments: { contentType: string; filename?: string; content: Buffer }[];
}
const { simpleParser } = createRequire(import.meta.url)('mailparser') as {
  simpleParser(source: Buffer, options: object): Promise<Parsed>;
};

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const text = `---
subject: "{{ first_name }}, our news — très bientôt"
preheader: In short
attachments: [programme.pdf]
---

# Hello {{ first_name | default: "reader" }}

![A dot](dot.png)

| When | Where |
| --- | --- |
| Monday | {{ city }} |

{% if city == "Lille" %}
We are **near** you & your friends: <b>bold</b>, “quoted”, 日本語.
{% endif %}

- one
- two

> {{ city }}
`;
const files = filesOf({ 'dot.png': png, 'programme.pdf': '%PDF-1.4' });
const lines = (value: string) => value.replace(/\r\n/g, '\n').replace(/\n+$/, '');

test('what the preview shows is what the engine’s composer puts into the message', async () => {
  const letter = await letterOf(text, files);
  const { rendered, markedHtml, hasLines } = await letter.render(eve);

  // The engine's way: compiled on its own, pinned as JSON, composed.
  const document = compose.parseDocument(text, 'letter.md');
  const fields = ['email', 'first_name', 'city'];
  const compiled = await compose.compileNewsletter({ document, settings: letterSettings, files, fields });
  const pinned = JSON.parse(JSON.stringify(compiled.newsletter)) as compose.Newsletter;
  const context = { campaign: 'preview', date: Date.UTC(2026, 10, 23), key: new TextEncoder().encode('envoi preview') };
  const composer = await compose.createComposer(pinned, (path) => files.read(path), context, null);
  const { bytes } = await composer.compose(eve);
  assert.deepEqual(Buffer.from(await letter.source(eve)), Buffer.from(bytes), 'headers and source');

  const mail = await simpleParser(Buffer.from(bytes), { keepCidLinks: true, skipImageLinks: true });
  assert.equal(lines(String(mail.html)), lines(rendered.html), 'the HTML part');
  assert.equal(lines(mail.text ?? ''), lines(rendered.text), 'the text part');
  assert.equal(mail.subject, rendered.subject);
  assert.deepEqual(
    mail.attachments.filter(({ contentType }) => contentType === 'application/pdf').map(({ filename }) => filename),
    rendered.attachments.map(({ name }) => name),
  );
  assert.match(rendered.html, /cid:/);

  assert.ok(hasLines, 'the preview can scroll by lines');
  assert.match(markedHtml, / data-line="\d+"/);
  assert.equal(withoutMarks(markedHtml), rendered.html, 'but for the marks, nothing differs');
  assert.doesNotMatch(Buffer.from(bytes).toString('latin1'), /data-line/, 'and no mark is sent');
});

test('a letter that contains marks itself is shown as sent, without following the editor', async () => {
  const letter = await letterOf('---\nsubject: A letter\n---\n<p data-line="7">x</p>\n');
  const { rendered, markedHtml, hasLines } = await letter.render(eve);
  assert.match(rendered.html, /data-line="7"/);
  assert.equal(hasLines, false);
  assert.equal(markedHtml, rendered.html);
});

test('an HTML letter is shown byte for byte except its lines, and its findings keep their place', async () => {
  const body =
    '<h1>{{ first_name }}</h1>\n<!-- <p> -->\n{% if city %}\n<p>In\n{{ city }}</p>{% endif %}\n<ul><li>x</ul> {{ nonsense }}\n';
  const letter = await letterOf(`---\nsubject: A letter\n---\n${body}`, files, 'letter.html');
  const first = await letter.render(eve);
  assert.equal(first.markedHtml, first.rendered.html);
  await first.linesLater;
  const { rendered, markedHtml, hasLines } = await letter.render(eve);
  assert.equal(hasLines, true);
  assert.equal(withoutMarks(markedHtml), rendered.html);
  assert.deepEqual(
    [...markedHtml.matchAll(/<(\w+) data-line="(\d+)"/g)].map(([, tag, line]) => `${tag} ${line}`),
    ['h1 0', 'p 3', 'ul 5', 'li 5'],
  );
  const wrong = letter.findings.find(({ code }) => code === 'unknownField');
  assert.deepEqual([wrong?.place.line, wrong?.place.column], [9, 19]);
});

test('a missing file does not hide the letter', async () => {
  const letter = await letterOf('---\nsubject: A letter\nattachments: [gone.pdf]\n---\n# Hello\n');
  assert.ok(letter.findings.some(({ code }) => code === 'attachmentMissing'));
  assert.match((await letter.render(eve)).rendered.html, /Hello/);
});

test('the preview’s links cannot unsubscribe anybody', async () => {
  const letter = await letterOf('---\nsubject: A letter\n---\n{{ unsubscribe_url }}\n');
  const shown = (await letter.render(eve)).rendered.text;
  const key = new TextEncoder().encode('the key of this installation');
  const real = await compose.createComposer(
    letter.newsletter,
    (path) => files.read(path),
    { campaign: 'c1', date: 0, key },
    null,
  );
  assert.notEqual(shown, (await real.render(eve)).text);
  assert.equal(letterSettings.unsubscribe.url.startsWith('https://example.org/leave'), true);
});
