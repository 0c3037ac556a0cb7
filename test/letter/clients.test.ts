import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { constructs } from '../../src/letter/clients/constructs.ts';
import { repairOf } from '../../src/letter/clients/repairs.ts';
import { constructAt, supportOf } from '../../src/letter/clients/support.ts';

const construct = (slug: string) => constructs.find((item) => item.slug === slug) ?? assert.fail(slug);

/** The text with the repair of what stands at “|”. */
function repaired(slug: string, marked: string): string | null {
  const from = marked.indexOf('|');
  const text = marked.replace('|', '');
  const repair = repairOf(slug, text, from);
  return repair && text.slice(0, repair.from) + repair.text + text.slice(repair.to);
}

describe('what is known against a construct', () => {
  const rows: readonly [slug: string, before: string, after: string | null][] = [
    ['css-position', '<p style="|position: absolute; color: red">', '<p style="color: red">'],
    ['css-position', "<p style='color: red; |position:fixed'>", "<p style='color: red; '>"],
    ['css-transform', 'p { |transform: rotate(3deg);\n  color: red }', 'p { \n  color: red }'],
    ['css-variables', ':root { --ink: #123; } p { color: |var(--ink); }', ':root { --ink: #123; } p { color: #123; }'],
    ['css-variables', 'p { color: |var(--ink, #456) }', 'p { color: #456 }'],
    ['css-variables', ':root { --ink: #123 } .a { --ink: #456 } p { color: |var(--ink) }', null],
    ['css-variables', 'p { color: |var(--ink) }', null],
    [
      'css-linear-gradient',
      '<td style="color: #fff; background: |linear-gradient(#a00, #00a)">',
      '<td style="color: #fff; background-color: #a00; background: linear-gradient(#a00, #00a)">',
    ],
    ['css-linear-gradient', '<td style="background: |linear-gradient(red, blue)">', null],
    [
      'html-video',
      '|<video poster="p.png" controls><source src="https://example.org/a.mp4"></video>.',
      '<a href="https://example.org/a.mp4"><img src="p.png" alt=""></a>.',
    ],
    ['html-video', '|<video src="https://example.org/a.mp4"></video>', null],
    ['html-video', '|<video poster="p.png" src="https://example.org/a.mp4">', null],
    [
      'html-form',
      '|<form action="https://example.org/a"><input name="q"><button>Answer</button></form>',
      '<a href="https://example.org/a">Answer</a>',
    ],
    ['html-form', '|<form action="javascript:alert(1)"><button>x</button></form>', null],
    ['css-display-flex', '<p style="|display:flex">', null],
    ['constructor', '|x', null],
  ];
  for (const [slug, before, after] of rows) it(`${slug}: ${before}`, () => assert.equal(repaired(slug, before), after));
});

describe('support', () => {
  it('is weighted by the list, each mailbox once for all programs of its provider', () => {
    const readers = { count: 200, providers: { outlook: 62, google: 100 } };
    const support = supportOf(construct('css-display-flex'), readers);
    assert.equal(support?.clients.find(({ name }) => name === 'Outlook for Windows')?.percent, 31);
    assert.equal(support?.percent, 31);
    assert.equal(supportOf(construct('css-display-flex'), { count: 0, providers: {} })?.percent, 0);
  });

  it('is found wherever a construct stands, and only there', () => {
    const text = 'a: b\n<p style="color:red; display: flex">flex</p>\n<video src="a">';
    const found = (word: string) => constructAt(text, text.indexOf(word) + 1)?.construct.slug;
    assert.equal(found('display'), 'css-display-flex');
    assert.equal(found('video'), 'html-video');
    assert.equal(found('color'), undefined);
    assert.equal(found('a: b'), undefined);
    assert.equal(constructAt('', 0), null);
  });
});
