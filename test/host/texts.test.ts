import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument } from '../../src/compose/document/document.ts';
import { maskAddresses } from '../../src/host/mask.ts';
import { frontMatterEdit } from '../../src/host/openLetter/frontMatterEdit.ts';
import { looksLikeNewsletter } from '../../src/host/openLetter/looksLikeNewsletter.ts';
import { subjectWords } from '../../src/shared/subjectWords.ts';

const apply = (text: string, key: string, value: string) => {
  const { from, to, text: put } = frontMatterEdit(text, key, value);
  return text.slice(0, from) + put + text.slice(to);
};

test('a key is set in place, and the rest of the front matter stays as it was', () => {
  const text = '---\n# mine\nsubject: Hi\nrecipients: old.csv # why\nlist: x\n---\nBody\n';
  assert.equal(apply(text, 'recipients', 'new.csv'), text.replace('recipients: old.csv # why', 'recipients: new.csv'));
});

test('a missing key is added at the end of the block, a missing block at the top', () => {
  assert.equal(
    apply('---\r\nsubject: Hi\r\n---\r\nBody', 'recipients', 'a.csv'),
    '---\r\nsubject: Hi\r\nrecipients: a.csv\r\n---\r\nBody',
  );
  assert.equal(apply('Body\n', 'recipients', 'a.csv'), '---\nrecipients: a.csv\n---\n\nBody\n');
  assert.equal(apply('---\n---\nBody\n', 'recipients', 'a.csv'), '---\nrecipients: a.csv\n---\nBody\n');
});

test('what is written is read back by the document reader, whatever the path', () => {
  for (const path of [
    'list.csv',
    '../lists/été 2026.csv',
    'yes',
    '12',
    'a: b.csv',
    'a #b.csv',
    '"q".csv',
    '#x.csv',
    "l'été.csv",
    '-x.csv',
  ]) {
    for (const before of [
      '# Hello\n',
      '---\nsubject: Hi\n---\nx',
      '---\nrecipients: "old"\nsubject: x\n---\n',
      '---\nrecipients:\n  - a.csv\n  - b.csv\nsubject: x\n---\n',
    ]) {
      const document = parseDocument(apply(before, 'recipients', path), 'letter.md');
      assert.deepEqual(document.frontMatter.recipients, [path]);
      assert.deepEqual(document.findings, []);
    }
  }
});

test('a newsletter is recognized by its front matter; other Markdown is left alone', () => {
  assert.ok(looksLikeNewsletter('---\nsubject: Hi\n---\nBody'));
  assert.ok(looksLikeNewsletter('\ufeff---\r\ntitle: x\r\nrecipients: a.csv\r\n---\r\n'));
  assert.ok(looksLikeNewsletter('<!--\n---\nsubject: Hi\n---\n-->\n<p>x</p>'));
  assert.ok(looksLikeNewsletter('---\nsubject: Hi\n\nBody, and the line below is missing'));
  assert.ok(!looksLikeNewsletter('---\n\nA rule above.\nsubject: no\n'));
  assert.ok(!looksLikeNewsletter('# README\n\nsubject: no\n'));
  assert.ok(!looksLikeNewsletter('---\ntitle: A post\nlayout: post\n---\nsubject: no'));
  assert.ok(!looksLikeNewsletter('text\n---\nsubject: Hi\n---\n'));
});

test('no complete address is left in a masked text', () => {
  assert.equal(
    maskAddresses('550 <ada.byron@example.org>: no, not "x@y.example"'),
    '550 <a***@example.org>: no, not "x***@y.example"',
  );
  assert.equal(maskAddresses('nothing here'), 'nothing here');
});

test('a subject template reads as words in lists', () => {
  assert.equal(subjectWords(`{{ first_name | default: 'Hello' }}, our news`), 'Hello, our news');
  assert.equal(subjectWords('{{ name | capitalize | default: "reader" }}: news'), 'reader: news');
  assert.equal(subjectWords('{% if vip %}Dear {% endif %}{{ name }}!'), 'Dear …!');
  assert.equal(subjectWords('Plain'), 'Plain');
  assert.equal(subjectWords('{{ name }}, the garden opens'), 'the garden opens');
  assert.equal(subjectWords('[Test] {{ name }}: news'), '[Test] news');
  assert.equal(subjectWords('{{ name }}!'), '…!');
});
