import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument } from '../../src/compose/document/document.ts';
import { format } from '../../src/shared/errors.ts';

const codes = (text: string, path = 'a.md') =>
  parseDocument(text, path).findings.map((finding) => `${finding.code}:${finding.place.line}:${finding.place.column}`);

test('front matter is read with the place of every key and value', () => {
  const document = parseDocument(
    '---\nsubject: "Hello"\nattachments:\n  - a.pdf\n  - b.pdf\ntown: Lille\n---\n# Body\n',
    'a.md',
  );
  assert.deepEqual(document.frontMatter, { subject: 'Hello', attachments: ['a.pdf', 'b.pdf'] });
  assert.deepEqual(document.variables, { town: 'Lille' });
  assert.deepEqual(document.places.subject, {
    key: { line: 2, column: 1, endLine: 2, endColumn: 8 },
    value: { line: 2, column: 10, endLine: 2, endColumn: 17 },
  });
  assert.equal(document.places['attachments[1]']?.value.line, 5);
  assert.equal(document.body, '# Body\n');
  assert.equal(document.bodyLine, 8);
  assert.deepEqual(document.findings, []);
});

test('a document without front matter is all body', () => {
  const document = parseDocument('# Hello\n\n---\n\nrule above', 'a.md');
  assert.equal(document.hasFrontMatter, false);
  assert.equal(document.body, '# Hello\n\n---\n\nrule above');
  assert.equal(document.bodyLine, 1);
});

test('a byte order mark and CRLF line ends make no difference', () => {
  const document = parseDocument('\ufeff---\r\nsubject: Hi\r\n---\r\nBody\r\n', 'a.md');
  assert.equal(document.frontMatter.subject, 'Hi');
  assert.equal(document.bodyLine, 4);
  assert.equal(document.body, 'Body\r\n');
});

test('an HTML document has its front matter at the top or in its first comment', () => {
  const plain = parseDocument('---\nsubject: A\n---\n<p>x</p>', 'a.html');
  const comment = parseDocument('<!--\n---\nsubject: B\n---\n-->\n<p>x</p>', 'a.htm');
  const oneLine = parseDocument('<!-- ---\nsubject: C\n--- -->\n<p>x</p>', 'a.html');
  assert.deepEqual([plain.format, plain.frontMatter.subject, plain.body, plain.bodyLine], ['html', 'A', '<p>x</p>', 4]);
  assert.deepEqual([comment.frontMatter.subject, comment.body, comment.bodyLine], ['B', '<p>x</p>', 6]);
  assert.equal(comment.places.subject?.key.line, 3);
  assert.deepEqual([oneLine.frontMatter.subject, oneLine.bodyLine], ['C', 4]);
});

test('every error is reported with its place, and nothing throws', () => {
  assert.deepEqual(codes('---\nsubject: Hi\n'), ['frontMatterUnclosed:1:1']);
  assert.deepEqual(codes('---\nsubject: [a, b]\n---\n'), ['frontMatterType:2:10']);
  assert.deepEqual(codes('---\nkind: leaflet\n---\n'), ['frontMatterValue:2:7']);
  assert.deepEqual(codes('---\naccent: red\n---\n'), ['frontMatterValue:2:9']);
  assert.deepEqual(codes('---\nreply_to: a@example.org\n---\n'), ['frontMatterSpelling:2:1']);
  assert.deepEqual(codes('---\n- a\n- b\n---\n'), ['frontMatterShape:2:1']);
  assert.match(codes('---\nsubject: "x\nfrom: b\n---\n')[0] ?? '', /^frontMatterYaml:/);
  assert.match(codes('---\na: 1\na: 2\n---\n')[0] ?? '', /^frontMatterYaml:3:/);
  assert.equal(codes('---\nsubject: "Hi"}}"\nrecipients: a.csv\n---\n').length, 1);
  for (const hostile of [
    '---\n---',
    '---\n\0\n---\n',
    '---\n? [a]: b\n---\n',
    '---\n&a [*a]\n---\n',
    '---\n__proto__: {x: 1}\n---\n',
  ])
    assert.doesNotThrow(() => parseDocument(hostile, 'a.md'));
  assert.equal(({} as { x?: number }).x, undefined);
});

test('numbers and booleans count as their text where a string is expected', () => {
  assert.equal(parseDocument('---\nsubject: 2026\n---\n', 'a.md').frontMatter.subject, '2026');
});

test('aliases cannot make a small document grow without bound', () => {
  const rows = ['a: &a [x,x,x,x,x,x,x,x,x]'];
  for (let index = 1; index < 9; index++) {
    const name = String.fromCharCode(97 + index);
    const before = String.fromCharCode(96 + index);
    rows.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`);
  }
  const document = parseDocument(`---\n${rows.join('\n')}\n---\n`, 'a.md');
  assert.ok(JSON.stringify(document.variables).length < 200_000);
});

const seen: [line: string, subject: string][] = [
  ['Weekly #12', 'Weekly #12'],
  ['#1 in our hearts', '#1 in our hearts'],
  ['!new stuff', '!new stuff'],
  ['&more', '&more'],
  ['*now* or never', '*now* or never'],
  ['*now*', '*now*'],
  ['007', '007'],
  ['1.10', '1.10'],
  ['0x1F', '0x1F'],
  ['1e3', '1e3'],
  ['True', 'True'],
  ['News: the garden: open', 'News: the garden: open'],
  ['Read this:', 'Read this:'],
  ['@home', '@home'],
  ['%50 off', '%50 off'],
  ['`code`', '`code`'],
  [', and more', ', and more'],
  ['- and more', '- and more'],
  ['? who', '? who'],
  ['| more', '| more'],
  ['> 5 things', '> 5 things'],
  ['[Update] the garden', '[Update] the garden'],
  ['{{ first_name }}', '{{ first_name }}'],
  ['{{ first_name }}, hello', '{{ first_name }}, hello'],
  ['{% if a %}A{% endif %} #3', '{% if a %}A{% endif %} #3'],
  ['"Ada" and friends', '"Ada" and friends'],
  ['"quoted # text"', 'quoted # text'],
  ["'it''s'", "it's"],
  ['"quoted" # comment', 'quoted'],
  ['12:30 today', '12:30 today'],
  ['2026-03-04', '2026-03-04'],
];

for (const [written, subject] of seen)
  test(`the subject ${written} is read as its author sees it`, () => {
    for (const end of ['\n', '\r\n']) {
      const text = ['---', `subject: ${written}`, 'title: next', '---', 'x'].join(end);
      const document = parseDocument(text, 'letter.md');
      assert.equal(document.frontMatter.subject, subject);
      assert.equal(document.variables.title, 'next');
      assert.deepEqual(document.findings, []);
    }
  });

test('variables are read as their author sees them; intended YAML stays YAML', () => {
  const text = `---
issue: 1.10
agent: 007
price: {net: 1.20, gross: 1.5}
items:
  - 03
  - a # comment
base: &base spring
season: *base
typed: !!str 12
wide: [a,
  b]
block: |
  News: x
  #12
ok: yes # comment
---
`;
  assert.deepEqual(
    { ...parseDocument(text, 'letter.md').variables },
    {
      issue: '1.10',
      agent: '007',
      price: { net: '1.20', gross: 1.5 },
      items: ['03', 'a'],
      base: 'spring',
      season: 'spring',
      typed: '12',
      wide: ['a', 'b'],
      block: 'News: x\n#12\n',
      ok: 'yes',
    },
  );
});

const refused: [yaml: string, words: RegExp, quoted: string | undefined, marked: string][] = [
  [
    'subject: "He said "hi" today"',
    /inside the quoted value of “subject”/,
    `'He said "hi" today'`,
    '"He said "hi" today"',
  ],
  ["subject: 'don't'", /inside the quoted value of “subject”/, `"don't"`, "'don't'"],
  ['subject: "Hello', /“Hello” is never closed/, "'Hello'", '"Hello'],
  ['subject: "Hello\nfrom: "Ada"', /“Hello” is never closed/, "'Hello'", '"Hello'],
  ['subject: "a\\qb"', /backslash/, "'a\\qb'", '"a\\qb"'],
  ['subject: [Update]', /must be a string/, "'[Update]'", '[Update]'],
  ['subject: Weekly # 12', /is a comment and is not sent/, "'Weekly # 12'", 'Weekly # 12'],
  ['a: 1\na: 2', /“a” appears twice/, undefined, 'a'],
  ['subject: x\nhello', /“hello” is not a “key: value” line/, undefined, 'hello'],
];

for (const [yaml, words, quoted, marked] of refused)
  test(`${JSON.stringify(yaml)} is explained in plain words`, () => {
    const document = parseDocument(`---\n${yaml}\n---\nx`, 'letter.md');
    const [first] = document.findings;
    assert.match(format(first?.text ?? { template: '', args: [] }), words);
    assert.equal(first?.data?.quoted, quoted);
    const { line = 1, column = 1, endColumn = 1 } = first?.place ?? {};
    assert.equal(document.text.split('\n')[line - 1]?.slice(column - 1, endColumn - 1), marked);
    if (quoted === undefined) return;
    const mended = parseDocument(
      document.text.replace(marked, () => quoted),
      'letter.md',
    );
    assert.ok(mended.findings.length === 0 || yaml.includes('from'), JSON.stringify(mended.findings));
  });
