import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { mailboxHeader, parameter, textHeader } from '../../src/compose/message/headers.ts';
import { createSink, encodeText } from '../../src/compose/message/quotedPrintable.ts';
import { randomly } from '../support/randomly.ts';

/* Our writing of headers and of quoted-printable, read by libmime and libqp: docs/decisions/composer.md. */

const require = createRequire(import.meta.url);
const libmime = require('libmime') as {
  decodeWords(text: string): string;
  parseHeaderValue(text: string): { value: string; params: Record<string, string> };
};
const libqp = createRequire(require.resolve('libmime'))('libqp') as { decode(text: string): Buffer };

const random = randomly(2047);
const pieces = [
  'a',
  'Z',
  '7',
  ' ',
  '  ',
  '.',
  ',',
  '"',
  '\\',
  '=',
  '=?',
  '?=',
  '_',
  'é',
  'ß',
  '–',
  '美',
  'ж',
  '👩‍👩‍👧',
  '🇫🇷',
  'word',
];
const text = (most: number) => Array.from({ length: random(most) }, () => pieces[random(pieces.length)]).join('');

const unfold = (header: string) => header.replace(/\r\n(?=[ \t])/g, '').replace(/\r\n$/, '');
const value = (header: string) => unfold(header).slice(header.indexOf(': ') + 2);

function assertLines(header: string): void {
  assert.match(header, /^[\x20-\x7e\r\n]*\r\n$/);
  for (const word of header.match(/=\?utf-8\?[QB]\?[^?]*\?=/g) ?? []) assert.ok(word.length <= 75, word);
}

test('a subject of any characters is decoded as it was written', () => {
  for (let round = 0; round < 3000; round++) {
    const subject = text(60).replace(/\s+/g, ' ').trim();
    const header = textHeader('Subject', subject);
    assertLines(header);
    assert.equal(libmime.decodeWords(value(header)), subject);
  }
});

test('so is a display name, quoted or encoded', () => {
  for (let round = 0; round < 3000; round++) {
    const name = text(30).replace(/\s+/g, ' ').trim();
    const header = mailboxHeader('To', { name, address: 'ada@example.org' });
    assertLines(header);
    const [, phrase = ''] = /^(.*?) ?<ada@example\.org>$|/.exec(value(header)) ?? [];
    const shown = phrase.startsWith('"') ? phrase.slice(1, -1).replace(/\\(.)/g, '$1') : libmime.decodeWords(phrase);
    assert.equal(name === '' ? '' : shown, name);
  }
});

test('so is a file’s name, in pieces when it is long', () => {
  for (let round = 0; round < 2000; round++) {
    const name = `${text(40).replace(/\s+/g, ' ').trim()}.pdf`;
    const header = `attachment${parameter('filename', name)}`.replace(/\r\n/g, '');
    assert.match(header, /^[\x20-\x7e]*$/);
    assert.equal(libmime.parseHeaderValue(header).params.filename, name);
  }
});

test('so is a text in quoted-printable, with every line within 76 characters', () => {
  const lines = [...pieces, '\n', '\r\n', '\t', ' \n', '\n.', '\n\n'];
  for (let round = 0; round < 2000; round++) {
    const written = Array.from({ length: random(300) }, () => lines[random(lines.length)]).join('');
    const sink = createSink(64);
    encodeText(sink, written);
    const encoded = sink.buffer.toString('latin1', 0, sink.end);
    assert.equal(libqp.decode(encoded).toString(), written.replace(/\r\n?|\n/g, '\r\n'));
    for (const line of encoded.split('\r\n')) {
      assert.ok(line.length <= 76, line);
      assert.doesNotMatch(line, /^\.|[ \t]$/);
    }
  }
});
