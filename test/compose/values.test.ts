import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { memoryList } from '../../src/compose/index.ts';
import { columnsOf } from '../../src/compose/recipients/columns.ts';
import { indexRecipients } from '../../src/compose/recipients/indexRecipients.ts';
import { orderOf, readDate } from '../../src/compose/values/readDate.ts';
import { readNumber, signOf } from '../../src/compose/values/readNumber.ts';
import { composerOf, parseMail, person } from './letter.ts';

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

/** The subject and the text of the message to one row of a list, as another library reads it. */
async function mailOf(template: string, list: string, front = ''): Promise<{ subject: string; text: string }[]> {
  const source = `---\nsubject: 's ${template.replaceAll("'", "''")}'\n${front}---\n${template}\n`;
  const index = await indexRecipients(memoryList(Buffer.from(list)), { file: 'list.csv' });
  const composer = await composerOf(source, { columns: columnsOf(index.profile) });
  const mails: { subject: string; text: string }[] = [];
  for (let n = 0; n < index.profile.count; n++) {
    const { bytes } = await composer.compose((await index.recipientAt(n)) ?? person());
    const { subject = '', text = '' } = await parseMail(bytes);
    mails.push({ subject: subject.replace(/^s ?/, ''), text: text.split('\n\n-- ')[0]?.trim() ?? '' });
  }
  return mails;
}

const one = async (template: string, cell: string, front = '') => {
  const [mail] = await mailOf(template, `email,x\na@example.org,"${cell}"\n`, front);
  assert.equal(mail?.subject, mail?.text);
  return mail?.text;
};

test('a date without a time is the same day in every time zone, in subject, HTML and text', async () => {
  for (const tz of ['America/New_York', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Africa/Cairo', 'UTC']) {
    process.env.TZ = tz;
    for (const [written, shown] of [
      ['2026-03-04', '04/03/2026 00:00'],
      ['2026/03/04', '04/03/2026 00:00'],
      ['20260304', '04/03/2026 00:00'],
      ['04.03.2026', '04/03/2026 00:00'],
      ['25/03/2026', '25/03/2026 00:00'],
      ['2026-03-08 02:30', '08/03/2026 02:30'],
      ['2026-03-08T02:30:00', '08/03/2026 02:30'],
      ['2026-04-24', '24/04/2026 00:00'],
      ['March 4, 2026', '04/03/2026 00:00'],
      ['4 Mar 2026 18:05', '04/03/2026 18:05'],
      ['03/04/2026 6:05 pm', '04/03/2026 18:05'],
    ] as const)
      assert.equal(await one('{{ x | date: "%d/%m/%Y %H:%M" }}', written), shown, `${written} in ${tz}`);
    assert.equal(await one('{{ when | date: "%d/%m/%Y" }}', 'x', 'when: 2026-03-04\n'), '04/03/2026', tz);
  }
});

test('a time with a zone is shown in the requested zone', async () => {
  process.env.TZ = 'America/New_York';
  for (const [template, shown] of [
    ['{{ x | date: "%F %H:%M %z", "Europe/Paris" }}', '2026-03-08 03:30 +0100'],
    ['{{ x | date: "%F %H:%M %z", 0 }}', '2026-03-08 02:30 +0000'],
    ['{{ x | date: "%F %H:%M %z" }}', '2026-03-07 21:30 -0500'],
    ['{{ x | date_to_xmlschema }}', '2026-03-07T21:30:00-05:00'],
  ] as const)
    assert.equal(await one(template, '2026-03-08T02:30:00Z'), shown);
});

test('names of months and days follow the letter, with or without a format', async () => {
  for (const [lang, format, shown] of [
    ['fr', ': "%A %-d %B %Y"', 'mercredi 4 mars 2026'],
    ['de', ': "%A, %-d. %B"', 'Mittwoch, 4. März'],
    ['ru', ': "%-d %B"', '4 марта'],
    ['fr', '', '4 mars 2026'],
    ['fr-CA', ': "full"', 'mercredi 4 mars 2026'],
    ['en-GB', ': "short"', '04/03/2026'],
    ['en-US', ': "medium"', 'Mar 4, 2026'],
    ['pt_BR', ': "long"', '4 de março de 2026'],
    ['no language!', '', 'March 4, 2026'],
  ] as const)
    assert.equal(await one(`{{ x | date${format} }}`, '2026-03-04', `lang: "${lang}"\n`), shown, lang);
});

test('a text that is not a date stays as it is', async () => {
  for (const written of ['soon', '2026-02-31', '45/45/2026', '12', '2026-03-04 25:00'])
    assert.equal(await one('{{ x | date: "%F" }}', written), written);
});

test('dates of one column have one order', async () => {
  const at = async (cells: string[], front = '') =>
    (
      await mailOf(
        '{{ x | date: "%F" }}',
        `email,x\n${cells.map((cell, n) => `p${n}@example.org,${cell}\n`).join('')}`,
        front,
      )
    ).map(({ text }) => text);
  assert.deepEqual(await at(['04/03/2026', '25/03/2026']), ['2026-03-04', '2026-03-25']);
  assert.deepEqual(await at(['04/03/2026', '03/25/2026'], 'lang: fr\n'), ['2026-04-03', '2026-03-25']);
  assert.deepEqual(await at(['04-03-26', '31-12-26']), ['2026-03-04', '2026-12-31']);
  assert.deepEqual(await at(['04/03/2026']), ['2026-04-03']);
  assert.deepEqual(await at(['04/03/2026'], 'lang: fr\n'), ['2026-03-04']);
  assert.deepEqual(await at(['04/03/2026'], 'lang: en-GB\n'), ['2026-03-04']);
});

test('numbers count as the list writes them, and results are written so', async () => {
  for (const [template, cell, shown] of [
    ['{{ x | times: 2 }}', '12,50', '25'],
    ['{{ x | times: 3 }}', '12,50', '37,5'],
    ['{{ x | plus: 1 }}', '12,50', '13,5'],
    ['{{ x | round }}', '12,50', '13'],
    ['{{ x | times: 3 }}', '12.50', '37.5'],
    ['{{ x | plus: "1,5" }}', '1.234,50 €', '1236'],
    ['{{ x | times: 2 }}', '1 234,50', '2469'],
    ['{{ x | times: 2 }}', '$1,200.25', '2400.5'],
    ['{{ x | minus: 0.1 }}', '0.3', '0.2'],
    ['{{ x }} {% if x > 10 %}more{% else %}less{% endif %}', '12,50', '12,50 more'],
    ['{% if x == 12.5 %}same{% endif %}', '12,50', 'same'],
    ['{{ x | append: " a" | upcase }}', '12,50 €', '12,50 € A'],
    ['{{ x | size }}', '12,50', '5'],
    ['{{ x | times: 2 }}', 'many', '0'],
    ['{{ x | number }}', '1234,5', '1,234.5'],
    ['{{ x | currency: "EUR" }}', '1234,5', '€1,234.50'],
    ['{{ x | number: 1 }}', 'many', 'many'],
  ] as const)
    assert.equal(await one(template, cell), shown, `${template} of ${cell}`);
  assert.equal(await one('{{ x | currency: "EUR" }}', '1234.5', 'lang: fr\n'), '1\u202f234,50\u00a0€');
  assert.equal(await one('{{ x | number: 2 }}', '1234.5', 'lang: de\n'), '1.234,50');
});

test('an ambiguous value is read like the rest of its column', async () => {
  const doubled = async (...cells: string[]) =>
    (
      await mailOf('{{ x | times: 2 }}', `email;x\n${cells.map((cell, n) => `p${n}@example.org;${cell}\n`).join('')}`)
    ).map(({ text }) => text);
  assert.deepEqual(await doubled('1.234', '12,50'), ['2468', '25']);
  assert.deepEqual(await doubled('1,234', '12,50'), ['2,468', '25']);
  assert.deepEqual(await doubled('1,234', '12.50'), ['2468', '25']);
  assert.deepEqual(await doubled('1.234', '12.50'), ['2.468', '25']);
});

test('parsing of dates and numbers, by table', () => {
  for (const [written, order] of [
    ['25/03/2026', 'dmy'],
    ['03/25/2026', 'mdy'],
    ['04/03/2026', 'either'],
    ['04/04/2026', null],
    ['04.03.2026', null],
    ['2026-03-04', null],
    ['45/03/2026', null],
  ] as const)
    assert.equal(orderOf(written), order, written);
  assert.equal(readDate('2026-03-04', 'dmy')?.zone, null);
  assert.equal(readDate('2026-03-04T10:00:00+02:00', 'dmy')?.zone, 120);
  assert.equal(readDate('31/02/2026', 'dmy'), null);
  for (const [written, number] of [
    ['12', 12],
    ['-12,5', -12.5],
    ["1'234.50", 1234.5],
    ['1.234.567', 1234567],
    ['1,234,567.8', 1234567.8],
    ['EUR 12,50', 12.5],
    ['12,50 EUR', 12.5],
    ['15 %', 15],
    ['1,2,3', null],
    ['12,50,', null],
    ['1.2.3', null],
    ['12 Main Street', null],
    ['', null],
  ] as const)
    assert.equal(readNumber(written, null), number, written);
  for (const [written, sign] of [
    ['12,5', ','],
    ['1.234,5', ','],
    ['1,234.5', '.'],
    ['1,234', 'either'],
    ['1,234,567', '.'],
    ['12', null],
  ] as const)
    assert.equal(signOf(written), sign, written);
});
