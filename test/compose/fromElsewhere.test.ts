import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeLetter } from '../../src/compose/document/decodeLetter.ts';
import { compile, composerOf, findingsOf, parseMail, person, renderBody, withSubject } from './letter.ts';

test('merge tags of other programs are reported, with their replacements', async () => {
  const fields = ['email', 'first_name', 'company'];
  for (const [tag, meant] of [
    ['*|FNAME|*', '{{ first_name }}'],
    ['*|UNSUB|*', '{{ unsubscribe_url }}'],
    ['*|LIST:ADDRESS|*', '{{ postal_address }}'],
    ['%FIRST_NAME%', '{{ first_name }}'],
    ['%%First Name%%', '{{ first_name }}'],
    ['[First Name]', '{{ first_name }}'],
    ['[[company]]', '{{ company }}'],
    ['<<Company>>', '{{ company }}'],
    ['{{{company}}}', '{{ company }}'],
    ['{{#if company}}', '{% if company %}'],
    ['{{/if}}', '{% endif %}'],
    ['%recipient.first_name%', '{{ first_name }}'],
    ['{!Contact.FirstName}', '{{ first_name }}'],
    ['{$name}', '{{ name }}'],
    ['[%first_name%]', '{{ first_name }}'],
    ['<%= first_name %>', '{{ first_name }}'],
    ['$' + '{company}', '{{ company }}'],
    ['##FIRST_NAME##', '{{ first_name }}'],
    ['@@company@@', '{{ company }}'],
    ['{First Name}', '{{ first_name }}'],
    ['{first_name|friend}', '{{ first_name }}'],
  ] as const) {
    const { findings } = await compile(withSubject(`Dear ${tag} there`), { fields });
    const found = findings.find(({ code }) => code === 'mergeTag');
    assert.equal(found?.data?.suggestion, meant, tag);
    assert.equal(found?.data?.tag, tag);
    assert.deepEqual([found?.place.line, found?.place.column, found?.place.endColumn], [4, 6, 6 + tag.length], tag);
  }
  const { findings } = await compile('---\nsubject: Hello *|FNAME|*\n---\nx', { fields });
  assert.deepEqual(
    findings.map(({ code, place }) => [code, place.line, place.column]),
    [['mergeTag', 2, 16]],
  );
  const innocent =
    '50% off, 100%NICE%, [a link](https://x.example), [see below], [1], {{ company }}, *bold* | *x*, a << b, 20%A%, {color}, $\x7bprice}, ## Part ##, @@, .x{margin:0}, {a|b}, {{ company | upcase }}';
  assert.deepEqual(await findingsOf(withSubject(innocent), { fields }), []);
});

test('a letter in any encoding is decoded, and nothing in it is lost', () => {
  const text = 'Été à Zürich – “déjà vu”\n';
  const utf16 = Buffer.from(text, 'utf16le');
  for (const bytes of [
    Buffer.from(text),
    Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]),
    Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()]),
    Buffer.from('---\n'.repeat(1) + text, 'utf16le'),
  ])
    assert.ok(decodeLetter(bytes).includes(text), bytes.subarray(0, 8).toString('hex'));
  assert.equal(decodeLetter(Buffer.from([0xc9, 0x74, 0xe9, 0x20, 0x93, 0x78, 0x94])), 'Été “x”');
  // What a page declares counts, where it is not UTF-8 and can be true.
  const page = (charset: string, ...words: number[]) =>
    decodeLetter(Buffer.concat([Buffer.from(`<html><head><meta charset="${charset}"></head>`), Buffer.from(words)]));
  assert.match(page('windows-1251', 0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2), /Привет$/);
  assert.match(page('Shift_JIS', 0x82, 0xb1, 0x82, 0xf1), /こん$/);
  assert.match(page('utf-8', 0xe9), /é$/);
  assert.match(page('no-such-thing', 0xe9), /é$/);
  assert.match(page('windows-1251', ...Buffer.from('é')), /é$/);
});

test('an invitation arrives as one', async () => {
  const ics = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n';
  const typeOf = async (content: string) => {
    const composer = await composerOf(withSubject('x', 'attachments: meet.ics\n'), { files: { 'meet.ics': content } });
    const raw = Buffer.from((await composer.compose(person())).bytes).toString('latin1');
    return /Content-Type: (text\/calendar[^\r]*)/.exec(raw)?.[1];
  };
  assert.equal(await typeOf(ics), 'text/calendar; charset=utf-8; method=REQUEST;');
  assert.equal(await typeOf(ics.replace('REQUEST', 'cancel')), 'text/calendar; charset=utf-8; method=CANCEL;');
  assert.equal(await typeOf(ics.replace('METHOD:REQUEST\r\n', '')), 'text/calendar; charset=utf-8;');
});

test('a message too large for large providers causes a warning', async () => {
  const wish = (size: number) => ({ files: { 'big.bin': Buffer.alloc(size) } });
  const source = withSubject('x', 'attachments: big.bin\n');
  assert.deepEqual(await findingsOf(source, wish(30_000_000)), ['messageHeavy:3']);
  assert.deepEqual(await findingsOf(source, wish(14_000_000)), ['messageHeavy:3']);
  assert.deepEqual(await findingsOf(source, wish(5_000_000)), []);
});

test('columns may have names that are reserved in Liquid, or that contain brackets', async () => {
  const fields = { nil: 'N', contains: 'C', empty: 'E', 'name_(full)': 'Ada Byron', 'r&d': 'x' };
  const { text } = await renderBody(
    '{{ nil }} {{ contains }} {{ empty | downcase }} {{ Name (full) }} {{- nil -}} {{ nothing }}',
    fields,
  );
  assert.equal(text.split('\n\n-- ')[0], 'N C e Ada ByronN');
});

test('a name is not cut in the middle of a character', async () => {
  const composer = await composerOf(withSubject('x', 'toName: "{{ name }}"\n'));
  const { bytes } = await composer.compose(person({ name: `${'x'.repeat(249)}😀 end` }));
  assert.equal((await parseMail(bytes)).to?.value[0]?.name, 'x'.repeat(249));
});

test('layout columns are not a table, and numbers in a loop count up', async () => {
  const page = (body: string, head = '') =>
    `---\nsubject: x\n---\n<html lang="en"><head>${head}</head><body>${body}<p>{{ unsubscribe_url }} {{ postal_address }}</p></body></html>`;
  const textOf = async (source: string, path = 'a.html') =>
    (await (await composerOf(source, { path })).render(person())).text;
  const columns =
    '<table class="row"><tbody><tr><th class="columns"><h2>One</h2><p>First words</p></th><th class="columns"><p>Second</p><p>words</p></th></tr></tbody></table>';
  assert.match(await textOf(page(columns)), /^One\n-+\n\nFirst words\n\nSecond\n\nwords\n/);
  const data = '<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>';
  assert.match(await textOf(page(data)), /^a {2}b\n- {2}-\n1 {2}2\n/);
  const loop = '<ol><li>first</li>{% for n in (1..3) %}<li>x{{ n }}</li>{% endfor %}<li>last</li></ol>';
  assert.match(await textOf(page(loop)), /1\. first\n2\. x1\n3\. x2\n4\. x3\n5\. last\n/);
  const skipped = '<ol start="4">{% if no %}<li>never</li>{% endif %}<li>y</li><li>z</li></ol>';
  assert.match(await textOf(page(skipped)), /4\. y\n5\. z\n/);
  const hidden = '<div class="pre">Hidden words</div><div style="opacity:0;max-height:0">More</div><p>Shown</p>';
  const text = await textOf(page(hidden, '<style>.pre { display: none }</style>'));
  assert.doesNotMatch(text, /Hidden|More/);
  assert.match(text, /Shown/);
});
