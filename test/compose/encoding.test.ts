import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base64Lines } from '../../src/compose/message/base64.ts';
import {
  encodedWords,
  fold,
  formatDate,
  longHeader,
  mailboxHeader,
  parameter,
  textHeader,
} from '../../src/compose/message/headers.ts';
import { appendStatic, createSink, encodeStatic, encodeText } from '../../src/compose/message/quotedPrintable.ts';
import { parseMailbox } from '../../src/shared/address.ts';

/** A decoder after RFC 2045 6.7, apart from the encoder's code. */
function decode(encoded: string): string {
  const bytes = encoded
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Numbers that look random and are the same in every run. */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const alphabet = [
  'a',
  'b',
  '.',
  ' ',
  '  ',
  '\t',
  '=',
  '\n',
  '\n\n',
  'é',
  '観',
  '👩‍🚀',
  'x'.repeat(74),
  'y'.repeat(75),
  'z'.repeat(76),
  ' .',
  '. ',
];

test('quoted-printable in pieces decodes to the same text, in short lines, already canonical', () => {
  const random = sequence(20_261_123);
  for (let round = 0; round < 4000; round++) {
    const sink = createSink(16);
    let text = '';
    for (let piece = random(6); piece >= 0; piece--) {
      let words = '';
      for (let count = random(9); count > 0; count--) words += alphabet[random(alphabet.length)];
      text += words;
      if (random(2)) appendStatic(sink, encodeStatic(words));
      else encodeText(sink, words);
    }
    const encoded = sink.buffer.toString('latin1', 0, sink.end);
    assert.equal(decode(encoded), text.replace(/\n/g, '\r\n'));
    for (const line of encoded.split('\r\n')) {
      assert.ok(line.length <= 76, `${line.length}: ${JSON.stringify(text)}`);
      assert.doesNotMatch(line, /[ \t]$| {2}|\t|[^\x20-\x7e]/);
    }
  }
});

test('subjects fold, encode and decode without loss', () => {
  const random = sequence(7);
  const words = ['Hello', 'été', '観測会', '👩‍🚀', '=?utf-8?Q?x?=', 'a'.repeat(40), ',', '"q"', 'Ünïcödé'.repeat(9)];
  for (let round = 0; round < 500; round++) {
    const subject = Array.from({ length: 1 + random(12) }, () => words[random(words.length)]).join(' ');
    const field = textHeader('Subject', subject);
    for (const line of field.trimEnd().split('\r\n')) assert.ok(line.length <= 78, line);
    assert.equal(decodeWords(field.replace(/^Subject: /, '').replace(/\r\n/g, '')), subject);
  }
});

test('an accented name makes a subject of one charset, in one encoded word where it fits', () => {
  for (const name of ['Hélène', 'Jörg', 'Łukasz', 'Владимир', '美咲']) {
    const subject = `${name}, our news`;
    assert.match(textHeader('Subject', subject), /^Subject: =\?utf-8\?[QB]\?[^?\s]+\?=\r\n$/, name);
    const long = textHeader('Subject', `${name}, ${'and more of it '.repeat(8)}`);
    assert.match(long, /^Subject: (?:=\?utf-8\?[QB]\?[^?\s]+\?=(?:\r\n )?)+\r\n$/, name);
    const [kind, ...kinds] = [...long.matchAll(/\?utf-8\?([QB])\?/g)].map(([, one]) => one);
    assert.ok(kinds.every((one) => one === kind));
  }
});

/** RFC 2047 6.2: space between encoded words is not shown. */
function decodeWords(value: string): string {
  return value
    .replace(/(\?=)\s+(?==\?)/g, '$1')
    .replace(/=\?utf-8\?([QB])\?([^?]*)\?=/g, (_, kind: string, body: string) =>
      kind === 'B'
        ? Buffer.from(body, 'base64').toString('latin1')
        : body
            .replace(/_/g, ' ')
            .replace(/=([0-9A-F]{2})/g, (__, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    )
    .replace(/[\x80-\xff]+/g, (bytes) => Buffer.from(bytes, 'latin1').toString('utf8'));
}

test('an encoded word never splits a character and never exceeds 75', () => {
  for (const text of ['観'.repeat(100), '👩‍🚀'.repeat(50), 'é'.repeat(200), `${'a'.repeat(70)}é`]) {
    for (const word of encodedWords(text, 9).split('\r\n ')) {
      assert.ok(word.length <= 75, word);
      assert.doesNotMatch(decodeWords(word), /\ufffd/);
    }
  }
});

test('folding keeps words and is undone by unfolding', () => {
  const line = `X: ${Array.from({ length: 60 }, (_, index) => 'w'.repeat(1 + (index % 17))).join(' ')}`;
  const folded = fold(line);
  assert.equal(folded.replace(/\r\n(?= )/g, ''), `${line}\r\n`);
  for (const part of folded.split('\r\n')) assert.ok(part.length <= 78);
  assert.equal(fold(`X: ${'w'.repeat(200)}`), `X: ${'w'.repeat(200)}\r\n`);
});

test('List-Unsubscribe stays on one line up to 998', () => {
  assert.equal(longHeader('List-Unsubscribe', `<https://example.org/${'x'.repeat(900)}>`).split('\r\n').length, 2);
});

test('display names are plain, quoted or encoded as needed, and contain no address', () => {
  const header = (name: string) => mailboxHeader('To', { name, address: 'eve@example.com' }).trimEnd();
  assert.equal(header(''), 'To: eve@example.com');
  assert.equal(header('Eve Adams'), 'To: Eve Adams <eve@example.com>');
  assert.equal(header('Adams, Eve "E"'), 'To: "Adams, Eve \\"E\\"" <eve@example.com>');
  assert.equal(header('x <y@example.net>,'), 'To: "x <y@example.net>," <eve@example.com>');
  assert.equal(header('a\r\nBcc: b@example.net'), 'To: "a Bcc: b@example.net" <eve@example.com>');
  assert.match(header('Zoé'), /^To: =\?utf-8\?Q\?Zo=C3=A9\?= <eve@example\.com>$/);
});

test('mailboxes are parsed, and invalid ones are refused with a reason', () => {
  const read = (text: string) => {
    const parsed = parseMailbox(text);
    return parsed.ok ? [parsed.name, parsed.address] : 'refused';
  };
  assert.deepEqual(read('Ada Byron <ada@example.org>'), ['Ada Byron', 'ada@example.org']);
  assert.deepEqual(read('"Byron, \\"Ada\\"" <ada@EXAMPLE.org>'), ['Byron, "Ada"', 'ada@example.org']);
  assert.deepEqual(read('ada@bücher.example'), ['', 'ada@xn--bcher-kva.example']);
  for (const text of ['', 'Ada', 'a@example.org, b@example.org', 'A <a@example.org> <b@example.org>', 'Ada <>'])
    assert.equal(read(text), 'refused', text);
});

test('file names are plain, quoted, or in sections of UTF-8', () => {
  assert.equal(parameter('filename', 'a.pdf'), ';\r\n filename=a.pdf');
  assert.equal(parameter('filename', 'a b.pdf'), ';\r\n filename="a b.pdf"');
  assert.equal(parameter('filename', 'é.pdf'), ";\r\n filename*=utf-8''%C3%A9.pdf");
  for (const line of parameter('filename', '観測'.repeat(40)).split('\r\n')) assert.ok(line.length <= 78);
  assert.doesNotMatch(parameter('filename', 'a"\r\nX: y'), /\r\nX/);
});

test('base64 has lines of 76 and gives the bytes back', () => {
  for (const size of [0, 1, 56, 57, 58, 114, 1000]) {
    const bytes = Buffer.alloc(size, 0xa7);
    const lines = base64Lines(bytes).toString('latin1');
    assert.ok(lines === '' || lines.endsWith('\r\n'));
    for (const line of lines.split('\r\n')) assert.ok(line.length <= 76);
    assert.ok(Buffer.from(lines, 'base64').equals(bytes));
  }
});

test('dates are in the form of RFC 5322', () => {
  assert.equal(formatDate(Date.UTC(2026, 0, 5, 3, 4, 5)), 'Mon, 5 Jan 2026 03:04:05 +0000');
});
