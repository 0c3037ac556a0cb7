import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, it, test } from 'node:test';
import fc from 'fast-check';
import { dkimVerify } from 'mailauth';
import { finishText } from '../../src/compose/html/textLines.ts';
import { createProgram } from '../../src/compose/liquid/program.ts';
import { createBodyHash } from '../../src/compose/message/dkim.ts';
import { Field, relaxField } from '../../src/compose/message/field.ts';
import { createFinishedPart } from '../../src/compose/message/mimeParts.ts';
import { createSink, type Sink } from '../../src/compose/message/quotedPrintable.ts';
import { dotStuff } from '../../src/engine/delivery/dotStuff.ts';
import { composerOf, parseMail, person, withSubject } from './letter.ts';

/*
 * What is made once for all messages, against the plain way: everything made anew. The same letter, whatever stands in the cells.
 */

const piece = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', '.', ' ', '\t', '\n', '\n\n', '=', '-', 'é', '観', '\r', '\r\n'),
    maxLength: 12,
  }),
  fc.constantFrom(
    '-- \n',
    '\n-- ',
    '.',
    '\n.',
    ' \n \n \n',
    'x'.repeat(75),
    `\n${'y'.repeat(76)}\n`,
    '\n\n\n\n',
    'a word or two, and more',
    '',
  ),
);
const value = fc.oneof(
  piece,
  fc.string({ unit: 'binary' }),
  fc.constantFrom('.\r\n.\r\n', '\r\nBcc: x@example.net\r\n\r\n'),
);

const written = (sink: Sink) => sink.buffer.toString('latin1', 0, sink.end);

/** A decoder after RFC 2045 6.7, apart from the encoder's code. */
function decoded(encoded: string): string {
  const bytes = encoded
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

describe('a text with tags', () => {
  it('is the same whether it is finished and encoded in pieces or whole', () => {
    const slot = fc.constantFrom(
      '{{ a }}',
      '{{ b }}',
      '{% if a %}{{ a }}{% endif %}',
      '{% if b %}\n\nb\n\n{% endif %}\n',
      ' -',
      '- \n',
      '--',
    );
    let inPieces = 0;
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 2, arbitrary: piece }, slot), { maxLength: 12 }),
        value,
        value,
        (source, a, b) => {
          const program = createProgram(source.join(''), 'text');
          const part = createFinishedPart(program);
          const rendered = program.render({ a, b });
          const mine = createSink(16);
          part.append(mine, rendered);
          if (part.encoding === 'base64') return;
          inPieces++;
          const whole = finishText(rendered.join('')).replace(/\r\n?|\n/g, '\r\n');
          assert.equal(decoded(written(mine)), Buffer.from(whole).toString());
          for (const line of written(mine).split('\r\n')) {
            assert.ok(line.length <= 76, line);
            assert.doesNotMatch(line, /^\.|[ \t]$| {2}|\t|[^\x20-\x7e]/);
          }
          assert.ok(written(mine).startsWith(Buffer.from(part.prefix).toString('latin1')));
        },
      ),
      { numRuns: 4000 },
    );
    assert.ok(inPieces > 1000, `only ${inPieces} were in quoted-printable`);
  });
});

test('the common start of all bodies is hashed once, and the hash is that of the whole', () => {
  const body = Buffer.from('0123456789abcdef'.repeat(1000));
  const whole = createHash('sha256').update(body).digest('base64');
  for (const length of [0, 1, 63, 64, 2047, 2048, 2049, 8000, 15_999, 16_000]) {
    const hashOf = createBodyHash(body.subarray(0, length));
    // Twice: what was begun is not used up.
    assert.deepEqual([hashOf(body), hashOf(body)], [whole, whole], `${length}`);
  }
});

test('a field is put into relaxed form however it was written', () => {
  for (const [written, relaxed] of [
    ['Subject: A\r\n  b\t c  \r\n', 'subject:A b c\r\n'],
    ['X-Empty:\r\n', 'x-empty:\r\n'],
    ['TO :  a@b.example\r\n', 'to:a@b.example\r\n'],
  ] as const) {
    const field = new Field(written);
    assert.equal(field.relaxed, relaxed);
    assert.equal(field.relaxed, `${relaxField(written)}\r\n`);
    assert.equal(field.text, written);
  }
});

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
const record = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
const dkim = {
  domain: 'example.org',
  selector: 's',
  privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
};
const long = 'A clear night, a blanket, tea. '.repeat(40);
const letters: Record<string, string> = {
  'with its first value far down': `${`${long}\n\n`.repeat(4)}Dear {{ a }},\n\n{{ b }}\n`,
  'with tags': `{{ a }}\n\n{% if b %}{{ b }}{% endif %}\n\n${long}\n\n{% if a %}x{% endif %}\n\n[link](https://a.example/?q={{ b }})\n`,
  'in base64': `${'зима '.repeat(200)}\n\n{{ a }} {{ b }}\n`,
};

for (const [name, body] of Object.entries(letters))
  test(`a letter ${name} is signed as sent, and shows what was rendered, whatever the cells contain`, async () => {
    const composer = await composerOf(withSubject(body), { dkim });
    const ways = [{}, { headers: { 'X-Stream': 'a', 'Feedback-ID': 'x:y' } }, { headers: {} }] as const;
    await fc.assert(
      fc.asyncProperty(value, value, fc.constantFrom(...ways), fc.nat(4e12), async (a, b, way, date) => {
        const reader = person({ a, b });
        const { bytes } = await composer.compose(reader, { ...way, date });
        const { results } = await dkimVerify(Buffer.from(bytes), { resolver: async () => [[record]] } as Parameters<
          typeof dkimVerify
        >[1]);
        assert.equal(results[0]?.status.result, 'pass');
        assert.deepEqual(dotStuff(bytes), Buffer.from(bytes));
        const shown = await composer.render(reader);
        const mail = await parseMail(bytes);
        const lines = (text: string) => text.replace(/\r\n?/g, '\n').trimEnd();
        assert.equal(lines(mail.text ?? ''), lines(shown.text));
        assert.equal(lines(String(mail.html)), lines(shown.html));
      }),
      { numRuns: 60 },
    );
  });
