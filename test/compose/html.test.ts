import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileNewsletter } from '../../src/compose/compileNewsletter.ts';
import { parseDocument } from '../../src/compose/document/document.ts';
import {
  bare,
  compile,
  composerOf,
  contentOf,
  filesOf,
  findingsOf,
  person,
  png,
  renderBody,
  settings,
  withSubject,
} from './letter.ts';

test('Liquid survives tables, links, images, code and HTML blocks', async () => {
  const { content } = await renderBody(
    [
      '| Day | {{ "a|b" | split: "|" | last }} |',
      '| --- | --- |',
      '| {{ day | default: "none | at all" }} | [go]({{ url }} "{{ day }}") |',
      '',
      '<div class="x" data-v="{{ day | default: "q" }}">{{ day }}</div>',
      '',
      '![{{ day }}](https://example.org/{{ day }}.png)',
      '',
      'Use `{{ day }}` and **{{ day }}** and *{{ day | upcase }}*.',
    ].join('\n'),
    { url: 'https://example.org/a?b=1&c=2' },
  );
  assert.equal(
    content,
    '<table><thead><tr><th>Day</th><th>b</th></tr></thead><tbody><tr><td>none | at all</td><td><a href="https://example.org/a?b=1&amp;c=2" title="">go</a></td></tr></tbody></table>' +
      '<div class="x" data-v="q"></div>' +
      '<p><img src="https://example.org/.png" alt=""></p>' +
      '<p>Use <code></code> and <strong></strong> and <em></em>.</p>',
  );
});

test('a value between angle brackets is a link, never a tag', async () => {
  const { content } = await renderBody('<{{ url }}>\n\nSee <{{ url }}>.', { url: 'https://example.org/a' });
  const link = '<a href="https://example.org/a">https://example.org/a</a>';
  assert.equal(content, `<p>${link}</p><p>See ${link}.</p>`);
  assert.match(
    (await renderBody('<{{ url }}>', { url: 'img src=x onerror=alert(1)' })).content,
    /^<p><a href="img src=x onerror=alert\(1\)">img/,
  );
});

test('a value that stands inside a tag is an error, and names nothing even in a preview', async () => {
  for (const body of ['<h{{ x }}>y</h{{ x }}>', '<p {{ x }}>y</p>', '<p a{{ x }}="1">y</p>']) {
    assert.deepEqual(await findingsOf(withSubject(body)), ['valueInTag:4'], body);
    assert.doesNotMatch((await renderBody(body, { x: 'img onerror=alert(1)' })).html, /onerror/, body);
  }
});

test('whitespace control on lines of its own does not glue the text part together', async () => {
  const { text } = await renderBody('One\n\n{%- if a -%}\nTwo\n{%- endif -%}\n\nThree', { a: '1' });
  assert.equal(text.split('\n\n-- ')[0], 'One\n\nTwo\n\nThree');
});

test('raw and comment protect their content from Liquid', async () => {
  const { content } = await renderBody(
    '{% raw %}{{ x }} {% if %}{% endraw %} {% comment %}{{ y | nope }}{% endcomment %}end',
  );
  assert.equal(content, '<p>{{ x }} {% if %} end</p>');
});

test('tags on lines of their own leave no stray paragraph', async () => {
  const body = 'Before\n{% if a %}\nOnly A\n{% else %}\nNot A\n{% endif %}\nAfter\n';
  assert.equal((await renderBody(body, { a: 'x' })).content, '<p>Before</p><p>Only A</p><p>After</p>');
  assert.equal((await renderBody(body, { a: '' })).content, '<p>Before</p><p>Not A</p><p>After</p>');
});

test('a whole paragraph, heading, list item or row under a condition leaves nothing when it fails', async () => {
  const body =
    '{% if a %}Para {{ a }}{% endif %}\n\n## {% if a %}Head{% endif %}\n\n- one\n- {% if a %}two{% endif %}\n\n| x |\n| - |\n{% if a %}\n| row |\n{% endif %}\n';
  assert.equal(
    (await renderBody(body, { a: '' })).content,
    '<ul><li>one</li></ul><table><thead><tr><th>x</th></tr></thead><tbody></tbody></table>',
  );
  assert.equal(
    (await renderBody(body, { a: 'A' })).content,
    '<p>Para A</p><h2>Head</h2><ul><li>one</li><li>two</li></ul><table><thead><tr><th>x</th></tr></thead><tbody><tr><td>row</td></tr></tbody></table>',
  );
});

test('a loop repeats table rows, and a table inside a condition stays whole', async () => {
  const rows = await renderBody('| n |\n| - |\n{% for n in (1..3) %}\n| {{ n }} |\n{% endfor %}\n| end |\n');
  assert.equal(
    rows.content,
    '<table><thead><tr><th>n</th></tr></thead><tbody><tr><td>1</td></tr><tr><td>2</td></tr><tr><td>3</td></tr><tr><td>end</td></tr></tbody></table>',
  );
  const body = '{% if a %}\n| n |\n| - |\n| 1 |\n{% endif %}\nafter';
  assert.equal((await renderBody(body, {})).content, '<p>after</p>');
  assert.equal(
    (await renderBody(body, { a: '1' })).content,
    '<table><thead><tr><th>n</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table><p>after</p>',
  );
});

test('names work as normalised, as in the header, with spaces and in brackets', async () => {
  const body =
    '{{ first_name }} {{ First_Name }} {{ First Name }} {{ ["First Name"] }} {{ First Name | upcase }} {{ first-name }}';
  const { content } = await renderBody(body, { first_name: 'Zoé' }, { fields: ['First Name'] });
  assert.equal(content, '<p>Zoé Zoé Zoé Zoé ZOÉ Zoé</p>');
});

test('an empty cell is false, takes the default, and leaves room for a front-matter variable', async () => {
  const composer = await composerOf(
    withSubject('{% if town %}T{% else %}-{% endif %} {{ name | default: "reader" }} {{ club }}', 'club: Astro\n'),
  );
  const { html } = await composer.render(person({ town: '', name: '', club: '' }));
  assert.equal(bare(contentOf(html)), '<p>- reader Astro</p>');
  assert.equal(bare(contentOf((await composer.render(person({ club: 'Chess' }))).html)), '<p>- reader Chess</p>');
});

test('CSS is inlined by specificity and order; media queries and :hover stay; inline style wins', async () => {
  const composer = await composerOf(
    `---\nsubject: x\nlayout: none\n---\n<html><head><style>
      p { color: red; margin: 0 } /* comment { } */
      .a { color: green } #i { color: blue !important }
      p.a:hover { color: pink }
      td > p:first-child, .none { padding: 1px }
      @media (max-width: 500px) { p { color: black !important } }
      @font-face { font-family: "X; }"; src: url("a;b{}") }
      p { background: url("x;y.png") }
    </style></head><body><p>one</p><p class="a" style="margin: 5px">two</p><p id="i" style="color: {{ c }}">three</p></body></html>`,
    { path: 'a.html' },
  );
  const { html } = await composer.render(person({ c: 'gray' }));
  assert.match(html, /<p style="color: red; margin: 0; background: url\('x;y\.png'\)">one/);
  // Pink made important would beat the black of small screens, so green stays a rule that pink beats by itself.
  assert.match(html, /<p class="a" style="background: url\('x;y\.png'\); margin: 5px">two/);
  assert.match(html, /\.a \{ color: green; \}/);
  assert.match(
    html,
    /<p id="i" style="margin: 0; background: url\('x;y\.png'\); color: blue !important; color: gray">three/,
  );
  assert.match(html, /@media \(max-width: 500px\) \{\s*p \{ color: black !important; \}\s*\}/);
  assert.match(html, /p\.a:hover \{ color: pink; \}/);
  assert.match(html, /@font-face \{ font-family: "X; \}"; src: url\("a;b\{\}"\) \}/);
  assert.match(html, /td > p:first-child, \.none \{ padding: 1px; \}/);
  assert.doesNotMatch(html, /comment/);
});

test('a style sheet with Liquid tags chooses rules by recipient and is left whole', async () => {
  const composer = await composerOf(
    '---\nsubject: x\nlayout: none\n---\n<style>{% if vip %}p { color: gold }{% endif %}</style><p>x</p>',
    { path: 'a.html' },
  );
  assert.match((await composer.render(person({ vip: '1' }))).html, /<style>p \{ color: gold \}<\/style><p>x/);
  assert.match((await composer.render(person({}))).html, /<style><\/style><p>x/);
});

test('tags may choose attributes and table rows of HTML', async () => {
  const composer = await composerOf(
    '---\nsubject: x\nlayout: none\n---\n<table>{% for n in (1..2) %}<tr><td {% if n == 1 %}class="a"{% endif %}>{{ n }}</td></tr>{% endfor %}</table>',
    { path: 'a.html' },
  );
  assert.match(
    (await composer.render(person())).html,
    /<table><tr><td class="a" ?>1<\/td><\/tr><tr><td ?>2<\/td><\/tr><\/table>/,
  );
});

test('a custom layout inserts the letter at {{ content }}', async () => {
  const files = {
    'layouts/mine.html':
      '<html><body><h6>{{ subject }}</h6>{{ content }}<a href="{{ unsubscribe_url }}">out</a>{{ postal_address }}</body></html>',
  };
  const composer = await composerOf(withSubject('Hi {{ name }}', 'layout: layouts/mine.html\n'), { files });
  const { html, text } = await composer.render(person({ name: 'Zoé' }));
  assert.match(html, /<h6>A letter<\/h6><p>Hi Zoé<\/p><a href="https:\/\/example\.org\/leave\?t=[\w-]+">out<\/a>/);
  assert.match(text, /^Hi Zoé\n\n-- \n1 rue/);
});

test('missing and wrong things are reported with their line', async () => {
  const head = (extra: string) => withSubject('a\n', extra);
  assert.deepEqual(await findingsOf(head('layout: no.html\n')), ['layoutMissing:3']);
  assert.deepEqual(await findingsOf(head('layout: ../no.html\n')), ['layoutOutside:3']);
  assert.deepEqual(await findingsOf(head('layout: l.html\n'), { files: { 'l.html': 'nothing' } }), ['layoutContent:3']);
  assert.deepEqual(await findingsOf(head('text: no.txt\n')), ['textMissing:3']);
  assert.deepEqual(await findingsOf(head('attachments:\n  - yes.pdf\n  - no.pdf\n'), { files: { 'yes.pdf': 'x' } }), [
    'attachmentMissing:5',
  ]);
  assert.deepEqual(await findingsOf(head('attachments: /etc/passwd\n')), ['attachmentOutside:3']);
  assert.deepEqual(await findingsOf(withSubject('a\n\n![x](no.png)\n')), ['imageMissing:6']);
  assert.deepEqual(await findingsOf(withSubject('![x](../no.png)')), ['imageOutside:4']);
  assert.deepEqual(await findingsOf(withSubject('![x](a.png)'), { files: { 'a.png': 'text' } }), ['imageFormat:4']);
  assert.deepEqual(await findingsOf(withSubject('<p {{ a }}>x</p>')), ['valueInTag:4']);
  assert.deepEqual(await findingsOf(withSubject('<script>1</script>')), ['script:4']);
  assert.deepEqual(await findingsOf('a'), ['subjectMissing:1']);
  assert.deepEqual(await findingsOf(head('from: nobody\n')), ['fromInvalid:3']);
  assert.deepEqual(await findingsOf(head(''), { settings: { from: '' } }), ['fromMissing:1']);
  assert.deepEqual(
    await findingsOf(head(''), { settings: { unsubscribe: { mailto: '', url: '' }, postalAddress: '' } }),
    ['unsubscribeMissing:1', 'postalAddressMissing:1'],
  );
  assert.deepEqual(
    await findingsOf(head('kind: internal\n'), {
      settings: { unsubscribe: { mailto: '', url: '' }, postalAddress: '' },
    }),
    [],
  );
});

test('a letter with a custom layout and no unsubscribe link causes a warning', async () => {
  const own = '---\nsubject: x\n---\n<html><body>{% if a %}{{ LINK }}{% endif %}</body></html>';
  assert.deepEqual(await findingsOf(own, { path: 'a.html' }), [
    'unsubscribeLink:4',
    'postalAddressHidden:4',
    'langMissing:4',
  ]);
  const shown = own
    .replace('LINK', 'unsubscribe_url')
    .replace('<html>', '<html lang="en">')
    .replace('</body>', '{{ postal_address }}</body>');
  assert.deepEqual(await findingsOf(shown, { path: 'a.html' }), []);
});

test('blocks carry their line in the preview, not in mail', async () => {
  const document = parseDocument('---\nsubject: x\n---\n# One\n\nTwo\n\n- three\n', 'a.md');
  const request = { document, settings, files: filesOf({}) };
  const preview = await compileNewsletter({ ...request, lines: true });
  const mail = await compileNewsletter(request);
  assert.match(preview.newsletter?.html ?? '', /<h1 data-line="0"[^>]*>One<\/h1>\n<p data-line="2"/);
  assert.equal(preview.newsletter?.html.replace(/ data-line="\d+"/g, ''), mail.newsletter?.html);
});

test('broken Liquid is reported at its place, and nothing is compiled', async () => {
  const at = async (body: string) => {
    const { newsletter, findings } = await compile(withSubject(body));
    assert.equal(newsletter, null);
    return findings.map((finding) => `${finding.code}:${finding.place.line}:${finding.place.column}`);
  };
  assert.deepEqual(await at('a\n\n  {% if x %}\nnever closed'), ['liquidSyntax:6:3']);
  assert.deepEqual(await at('a {{ x | nope }}'), ['liquidSyntax:4:3']);
  assert.deepEqual(await at('a {% include "x" %}'), ['liquidSyntax:4:3']);
  assert.deepEqual(await at('a {{ x'), ['liquidSyntax:4:3']);
  assert.deepEqual(await findingsOf('---\nsubject: "A {{ b | nope }}"\n---\n'), ['liquidSyntax:2']);
});

test('an unknown name is reported wherever it is, with the likely intended one', async () => {
  const { findings } = await compile(
    '---\nsubject: "Hi {{ frist_name }}"\nclub: x\n---\n{{ First Name }} {{ club }} {{ address }}\n{% if citty %}{% assign z = 1 %}{{ z }}{% endif %}\n',
    {
      fields: ['First Name', 'City'],
    },
  );
  assert.deepEqual(
    findings.map((finding) => [finding.code, finding.place.line, finding.place.column, finding.data]),
    [
      ['unknownField', 2, 17, { field: 'frist_name', suggestion: 'first_name' }],
      ['unknownField', 6, 7, { field: 'citty', suggestion: 'city' }],
    ],
  );
});

test('the text part reads well: headings, links, lists, tables, footer', async () => {
  const { text } = await renderBody(
    '# Title\n\nA **bold** [link](https://example.org/x) and https://example.org.\n\n- one\n- two\n  - deep\n\n1. first\n2. second\n\n> quoted\n> words\n\n| Day | What |\n| --- | --- |\n| Monday | {{ what }} |\n| Tue | {{ other }} |\n\n---\n\n```\ncode  here\n```\n\n![A dome](a.png)\n',
    { what: '観測会', other: 'talk' },
    { files: { 'a.png': png } },
  );
  assert.equal(
    text.replace(/t=[\w-]{43}/, 't=TOKEN'),
    `Title
=====

A bold link (https://example.org/x) and https://example.org.

- one
- two
  - deep

1. first
2. second

> quoted words

Day     What
------  ------
Monday  観測会
Tue     talk

* * *

code  here

[A dome]

-- 
1 rue de l’Étoile
59000 Lille
Unsubscribe: https://example.org/leave?t=TOKEN
`,
  );
});

test('conditions leave no gaps in the text part', async () => {
  const body = 'One\n\n{% if a %}\nTwo\n{% endif %}\n\n{% if b %}Three{% endif %}\n\nFour\n';
  const words = async (fields: Record<string, string>) => (await renderBody(body, fields)).text.split('\n\n-- ')[0];
  assert.equal(await words({}), 'One\n\nFour');
  assert.equal(await words({ a: '1', b: '1' }), 'One\n\nTwo\n\nThree\n\nFour');
});

test('a custom text file replaces the generated one', async () => {
  const composer = await composerOf(withSubject('HTML', 'text: plain.txt\n'), {
    files: { 'plain.txt': 'Dear {{ name }} <3\n{{ unsubscribe_url }}' },
  });
  assert.match((await composer.render(person({ name: 'A & B' }))).text, /^Dear A & B <3\nhttps:\/\//);
});

test('a lonely bold link is a button, and images carry the width that Outlook needs', async () => {
  const { html } = await renderBody(
    '**[Book a seat](https://example.org/b)**\n\n![dot](a.png)',
    {},
    { files: { 'a.png': png } },
  );
  assert.match(html, /<p class="button"[^>]*><strong><a href="https:\/\/example\.org\/b" style="display: inline-block/);
  assert.match(html, /<img src="cid:[0-9a-f]{24}@example\.org" alt="dot" width="1"/);
});

test('the layout speaks the letter’s language', async () => {
  const composer = await composerOf(withSubject('x', 'lang: fr\n'));
  const { html, text } = await composer.render(person());
  assert.match(html, /<html lang="fr" dir="ltr"/);
  assert.match(html, />Se désinscrire</);
  assert.match(text, /Se désinscrire: https/);
});

test('a template cannot run away: loops and growing texts are limited', async () => {
  const composer = await composerOf(
    withSubject('{% assign s = "xxxxxxxxxx" %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}{{ s }}'),
  );
  await assert.rejects(composer.render(person()), /memory alloc limit exceeded/);
});

test('a style sheet for print, or for some screens only, stays one', async () => {
  for (const media of ['print', 'handheld', '(max-width: 480px)', 'screen and (max-width: 480px)', 'not screen']) {
    const letter = `<html><head><style media="${media}">.letter{display:none}</style><style>.letter{color:red}</style></head><body><div class="letter">x</div>{{ unsubscribe_url }}</body></html>`;
    const { newsletter } = await compile(withSubject(letter), { path: 'a.html' });
    assert.match(newsletter?.html ?? '', /<div class="letter" style="color: ?red">/, media);
    assert.ok(newsletter?.html.includes(`<style media="${media}">.letter{display:none}</style>`), newsletter?.html);
  }
  for (const media of ['', 'all', 'screen', 'Only Screen']) {
    const letter = `<html><head><style media="${media}">.letter{color:red}</style></head><body><div class="letter">x</div>{{ unsubscribe_url }}</body></html>`;
    const { newsletter } = await compile(withSubject(letter), { path: 'a.html' });
    assert.match(newsletter?.html ?? '', /<div class="letter" style="color: ?red">/, media);
  }
});

test('a text table with emoji is aligned', async () => {
  const { text } = await renderBody(
    '| a | b |\n| - | - |\n| {{ x }} | 1 |\n| family 👨‍👩‍👧 | 2 |\n| flag 🇫🇷 | 3 |\n| key 1️⃣ | 4 |\n',
    {
      x: '👩‍🚀',
    },
  );
  const rows = (text.split('\n\n-- ')[0] ?? '').split('\n');
  assert.deepEqual(rows, [
    'a          b',
    '---------  -',
    '👩‍🚀         1',
    'family 👨‍👩‍👧  2',
    'flag 🇫🇷    3',
    'key 1️⃣     4',
  ]);
});
