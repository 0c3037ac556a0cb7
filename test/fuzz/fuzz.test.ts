import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { names, type Parser, parse } from './parsers.ts';

/*
 * Texts that nobody would write, made of pieces that mean something to each parser. Nothing may come of them but an answer or a
 * refusal in words, in good time. A short run here; `npm run fuzz` runs long. What a run finds goes into seeds.json and is tried
 * first ever after: fast-check prints the text, made as small as it gets, and the seed.
 */
const runs = Number(process.env.ENVOI_FUZZ_RUNS ?? 60);
const seed = process.env.ENVOI_FUZZ_SEED === undefined ? undefined : Number(process.env.ENVOI_FUZZ_SEED);
const TOO_LONG_MS = 3_000;

const seeds = JSON.parse(readFileSync(new URL('seeds.json', import.meta.url), 'utf8')) as Record<Parser, string[]>;

const pieces: Record<Parser, string[]> = {
  mailbox: ['<', '>', '"', '\\', '@', 'a@example.org', ',', ' ', '(', ')', 'Ada', 'é', '\u0000', '\n'],
  csv: [
    'email',
    ',',
    ';',
    '\t',
    '"',
    '\n',
    '\r\n',
    'a@example.org',
    ' ',
    '\ufeff',
    'sep=;',
    "'",
    'name',
    '\u0000',
    '|',
    '__proto__',
  ],
  frontMatter: [
    'subject: ',
    'from: ',
    '- ',
    ':',
    '\n',
    '  ',
    '[',
    ']',
    '{',
    '}',
    '&a ',
    '*a',
    '!!',
    '#',
    '"',
    "'",
    '|',
    '>',
    'attachments: ',
  ],
  document: ['---\n', '<!--', '-->', '\n', 'subject: x', ' ', '...', '{{ a }}', '\r\n', '\ufeff'],
  markdown: [
    '#',
    '*',
    '_',
    '`',
    '[',
    ']',
    '(',
    ')',
    '|',
    '-',
    '\n',
    ' ',
    '<b>',
    '{{ a }}',
    '{% if a %}',
    '{% endif %}',
    '![](x.png)',
    '&',
    '\\',
  ],
  html: [
    '<',
    '>',
    '<div>',
    '</div>',
    '<table>',
    '<td>',
    '<a href="',
    '"',
    '<!--',
    '-->',
    '<![endif]',
    '{{ a }}',
    '<style>',
    '</style>',
    '&#',
    ';',
    '\0',
    '<img src=x>',
  ],
  css: [
    '{',
    '}',
    '*',
    '.a',
    '#b',
    ':',
    ';',
    '/*',
    '*/',
    '@media',
    '@import',
    'url(',
    ')',
    '!important',
    '"',
    '\\',
    'color: red',
    ',',
    '>',
    '[x]',
    '~',
    '(',
  ],
  liquid: [
    'a',
    '|',
    'default:',
    '"',
    "'",
    '.',
    '[',
    ']',
    '%}',
    '{%',
    '}}',
    '{{',
    'if',
    'for x in a',
    'endfor',
    '(',
    '1..9',
    '-',
    ',',
    'date: ',
  ],
  cell: [
    '<',
    '>',
    '"',
    '{{',
    '}}',
    '{%',
    '\r\n',
    '.',
    ' ',
    'é',
    '\ud800',
    '\u202e',
    'javascript:',
    '=?utf-8?',
    '?=',
    '\u0000',
    'x',
  ],
  smtpReplies: ['250', '-', ' ', '\r\n', '\n', '550 5.1.1', '\r', '\0', 'é', '5.7.1', '4'],
  dns: ['\0', '\x01', '\xc0', '\x0c', '\x03www', '\x07example', '\xff', '\x00\x01', '\x80', '\x3f'],
  pipe: ['Content-Length: ', '5', '\r\n', '\r\n\r\n', '{}', '-1', '9999999999', ' ', '\0'],
  settings: [
    '{',
    '}',
    '[',
    ']',
    '"envoi.servers"',
    '"envoi.from"',
    ':',
    ',',
    '"',
    '//',
    '/*',
    '*/',
    '1',
    'null',
    '"__proto__"',
    '"host"',
    '"envoi.direct.port"',
    '\n',
  ],
};

for (const name of names) {
  test(`${name}: earlier findings`, async () => {
    for (const text of seeds[name] ?? []) await inTime(name, text);
  });

  test(`${name}: arbitrary input`, async () => {
    const piece = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...pieces[name]) },
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    const text = fc.array(fc.tuple(piece, fc.integer({ min: 1, max: 12 })), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, (parts) => inTime(name, parts.map(([part, times]) => part.repeat(times)).join(''))),
      { numRuns: runs, ...(seed === undefined ? {} : { seed }) },
    );
  });
}

async function inTime(name: Parser, text: string): Promise<void> {
  const before = process.cpuUsage();
  await parse(name, text);
  const { user, system } = process.cpuUsage(before);
  assert.ok((user + system) / 1000 < TOO_LONG_MS, `${(user + system) / 1000} ms for ${text.length} characters`);
}
