import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDecodedDom } from '../../src/compose/html/dom.ts';
import { composerOf, parseMail, person } from './letter.ts';

// Every place a value can stand in, in one letter.
const letter = `---
subject: "For {{ cell }}"
preheader: "About {{ cell }}"
toName: "{{ cell }}"
from: '"Byron, Ada \\"Countess\\"" <ada@example.org>'
---
# {{ cell }}

Text {{ cell }} and raw {{ cell | raw }} and captured {% capture c %}{{ cell }}{% endcapture %}{{ c }} and **{{ cell }}**.
{{ cell | newline_to_br }} {{ cell | escape }} {{ cell | upcase }} {{ cell | append: "<i>" }}

[link]({{ cell }}) [other](https://example.org/?q={{ cell }} "{{ cell }}") ![alt {{ cell }}](https://example.org/{{ cell }}.png)

| {{ cell }} | b |
| --- | --- |
| {{ cell }} | {{ cell | split: "," | first }} |

<a href={{ cell }} title='{{ cell }}' style="color: {{ cell }}">unquoted</a>
<a {% if cell %}href="{{ cell }}"{% endif %} {% if cell %}onclick="{{ cell }}" title="t"{% endif %} style='color: {{ cell }}'>chosen</a>
<iframe srcdoc="{{ cell }}"></iframe><meta http-equiv="refresh" content="0;url={{ cell }}"><object data="{{ cell }}"></object>
<!-- comment {{ cell }} -->
<!--[if mso]><a href='{{ cell }}' style='color: {{ cell }}'>x</a><![endif]-->
<!--[if mso]><a href={{ cell }}>x</a><![endif]-->
<style>.x { color: {{ cell }}; }</style>
<title>{{ cell }}</title>
<textarea>{{ cell }}</textarea>

\`{{ cell }}\`

    {{ cell }}
`;

const cells: Record<string, string> = {
  'CRLF and a header': 'x\r\nBcc: victim@example.net\r\n\r\n<b>body</b>',
  'bare line feeds and a header': 'x\nTo: victim@example.net\nSubject: other',
  'a bare return': 'x\rCc: victim@example.net',
  'unicode line ends': 'x\u2028Bcc: v@example.net\u0085Bcc: w@example.net\u2029',
  'an SMTP end of data': 'x\r\n.\r\nMAIL FROM:<a@example.net>\n.\nRCPT TO:<b@example.net>\r.\r',
  Liquid: '{{ secret }}{% if true %}evil{% endif %}{{ "a" | upcase }}',
  'the compiler’s own tags': '{% endenvoi_url %}{% endenvoi_css %}{% raw %}',
  'a script': '<script>alert(1)</script><img src=x onerror=alert(1)>',
  'closing tags': '</style></title></textarea></a></td></table></body></html><h1>evil</h1>',
  'a comment end': '--><b>evil</b><!-- <![endif]--><i>',
  'attribute quotes': '" onmouseover="alert(1)" x=\' onclick=\'alert(1)',
  'an unquoted attribute': 'x onmouseover=alert(1) style=color:red',
  'a script URL': 'javascript:alert(1)',
  'a script URL in disguise': ' \tJaVa\nScRiPt:alert(1)',
  'a script URL in entities': '&#106;avascript&colon;alert(1)',
  'a data URL': 'data:text/html,<script>alert(1)</script>',
  CSS: 'red; background: url(https://evil.example/x) } * { display: none',
  Markdown: '**bold** [x](https://evil.example) ![y](https://evil.example/p.png) `c` | cell |\n# h',
  'NUL and controls': 'a\0b\x01\x07\x1b[31m\x7f\x1f\x1e\x1dz',
  'half a surrogate pair': 'a\ud800b\udc00c',
  'right to left': 'مرحبا بالعالم \u202e evil \u202c שלום',
  CJK: '观测站的十一月通讯 ご購読ありがとうございます 안녕하세요',
  emoji: '👩‍🚀🏳️‍🌈 e\u0301',
  'encoded words': '=?utf-8?Q?evil?= =?utf-8?B?QmNjOg==?=',
  boundaries: '--=_envoi_x_alternative--\r\n\r\n--=_envoi_x_mixed',
  'a long cell': 'long <word> & "quote" '.repeat(470),
  'a long word': 'x'.repeat(10_240),
  'a name with quotes': 'Anna "Nan" O’Neil, <b@example.net>; group: c@example.net',
  'a mailbox': '<other@example.net>, Someone <third@example.net>',
};

/** Names of all elements and attributes, in order: the shape of a page without its words. */
function shapeOf(html: string): string {
  return [...JSON.stringify(tree(parseDecodedDom(html) as unknown as Node_))].join('');
}

interface Node_ {
  type: string;
  name?: string;
  attribs?: Record<string, string>;
  children?: Node_[];
}

function tree(node: Node_): unknown {
  const children = (node.children ?? []).filter((child) => child.type !== 'text' && child.name !== 'br');
  return [node.type, node.name ?? '', Object.keys(node.attribs ?? {}), children.map(tree)];
}

const composer = await composerOf(letter);
const harmless = await composer.render(person({ cell: 'word' }));
const expectedHeaders = [
  'from',
  'to',
  'date',
  'subject',
  'message-id',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'list-id',
  'precedence',
  'x-auto-response-suppress',
  'mime-version',
  'content-type',
];

for (const [name, cell] of Object.entries(cells)) {
  test(`a cell with ${name} is text and nothing else`, async () => {
    const shown = await composer.render(person({ cell }));
    const message = await composer.compose(person({ cell }));
    const raw = Buffer.from(message.bytes).toString('latin1');
    const mail = await parseMail(message.bytes);

    assert.doesNotMatch(raw, /\r(?!\n)|(?<!\r)\n|\0/, 'only CRLF, no NUL');
    assert.deepEqual(
      mail.headerLines.map((line) => line.key),
      expectedHeaders,
      'no header more or less',
    );
    assert.equal(message.to, 'eve@example.com');
    assert.deepEqual(
      mail.to?.value.map((one) => one.address),
      ['eve@example.com'],
    );
    assert.deepEqual(mail.from?.value, [{ address: 'ada@example.org', name: 'Byron, Ada "Countess"' }]);
    assert.equal(mail.cc, undefined);
    assert.equal(mail.attachments.length, 0);
    assert.doesNotMatch(shown.subject, /[\r\n]/);
    for (const line of raw.split('\r\n')) assert.ok(line.length <= 998, 'lines of at most 998 octets');

    assert.equal(shapeOf(shown.html), shapeOf(harmless.html), 'the page has the same elements and attributes');
    assert.equal(String(mail.html).replace(/\r\n/g, '\n').trimEnd(), shown.html.replace(/\r\n?/g, '\n').trimEnd());
    assert.doesNotMatch(shown.html, /(?:href|src)=["']\s*(?:j|&#106;)/i, 'no script URL');
    assert.doesNotMatch(shown.html, /<iframe|<meta http|<object|onclick="|srcdoc=/);
    assert.doesNotMatch(shown.html, /(?:href|src)=["']data:/i);
    for (const style of shown.html.matchAll(/(?:style=["']color: ([^"']*)["']|\.x \{ color: ([^;]*);)/g))
      assert.doesNotMatch(style[1] ?? style[2] ?? '', /url\(|[{}<>]/, 'no CSS beyond a value');
    assert.equal(shown.html.includes('AEVIL'), false);
  });
}

test('Liquid in a cell comes out as it was typed', async () => {
  const shown = await composer.render(person({ cell: '{{ address }}' }));
  assert.match(shown.subject, /^For \{\{ address \}\}$/);
  assert.ok(shown.text.includes('{{ address }}'));
  assert.ok(!shown.text.includes('eve@example.com'));
});

test('columns named like parts of the language or of the object model are ordinary columns', async () => {
  const names = [
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'unsubscribe_url',
    'postal_address',
    'token',
  ];
  const strange = await composerOf(
    `---\nsubject: x\n---\n${names.map((name) => `${name}={{ ["${name}"] }};`).join('\n')}`,
  );
  const fields = Object.fromEntries(names.map((name) => [name, 'cell']));
  const { html } = await strange.render(person(fields));
  assert.match(html, /constructor=cell;/);
  assert.doesNotMatch(html, /native code|\[object/);
  assert.doesNotMatch(html, /unsubscribe_url=cell|postal_address=cell|token=cell/, 'what the letter needs wins');
  const none = await strange.render(person({}));
  assert.doesNotMatch(none.html, /native code|\[object/);
});
