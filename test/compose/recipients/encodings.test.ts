import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { indexRecipients, memoryList } from '../../../src/compose/index.ts';
import { readList } from './lists.ts';

/** What TextDecoder reads as this text, for encodings of one byte. */
function encode(label: string, text: string): Uint8Array {
  const decoder = new TextDecoder(label);
  const bytes = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(new Uint8Array([byte])), byte]));
  return Uint8Array.from(text, (character) => bytes.get(character) ?? 63);
}

const lists: [label: string, names: string[]][] = [
  ['windows-1252', ['Zoë Gâtinais', 'François Lefèvre', 'l’Été']],
  ['windows-1252', ['Jürgen Groß', 'Bärbel Müller']],
  ['windows-1252', ['José Muñoz', 'Begoña']],
  ['macintosh', ['Zoë Gâtinais', 'François Lefèvre', 'Hélène']],
  ['windows-1250', ['Łukasz Żak', 'Małgorzata']],
  ['windows-1251', ['Анна Иванова', 'Пётр Сидоров', 'Ольга']],
  ['koi8-r', ['Анна Иванова', 'Пётр Сидоров', 'Ольга']],
  ['windows-1253', ['Γιώργος Παπαδόπουλος', 'Μαρία Νικολάου']],
  ['windows-1255', ['דוד כהן', 'שרה לוי']],
];

describe('names come out right in the encodings that spreadsheets write', () => {
  for (const [label, names] of lists)
    test(`${label}: ${names[0]}`, async () => {
      const bytes = encode(label, `email,name\r\n${names.map((name, n) => `r${n}@x.example,${name}\r\n`).join('')}`);
      for (const size of [1, 7, 65536]) {
        const { rows, batches } = await readList(bytes, size);
        assert.deepEqual(
          rows.map(({ fields }) => fields.name),
          names,
        );
        assert.equal(batches[0]?.facts.guessed, label !== 'windows-1252');
      }
      const index = await indexRecipients(memoryList(bytes), { file: 'list.csv' });
      assert.equal((await index.recipientAt(names.length - 1))?.fields.name, names.at(-1));
    });
});

const twoBytes: [label: string, hex: string, name: string][] = [
  ['shift_jis', '93636392c6', '田中'],
  ['gb18030', 'cdf5b7bc', '王芳'],
];
describe('and in those of two bytes a character', () => {
  for (const [label, hex, name] of twoBytes)
    test(label, async () => {
      const expected = new TextDecoder(label).decode(Buffer.from(hex, 'hex'));
      assert.ok(expected.startsWith(name.slice(0, 1)));
      const bytes = Buffer.concat([
        Buffer.from('email,name\na@x.example,'),
        Buffer.from(hex, 'hex'),
        Buffer.from('\n'),
      ]);
      const { rows, batches } = await readList(bytes);
      assert.equal(rows[0]?.fields.name, expected);
      assert.equal(batches[0]?.facts.example, expected);
    });
});

test('the author overrules', async () => {
  const bytes = encode('windows-1254', 'email,ad\na@x.example,Ayşe Yılmaz\n');
  const { rows } = await readList(bytes, 65536, undefined, { encoding: 'cp1254' });
  assert.equal(rows[0]?.fields.ad, 'Ayşe Yılmaz');
});

test('single lines that are not UTF-8 are repaired and named, in the stream as in the index', async () => {
  const good = (n: number) => Buffer.from(`r${n}@x.example,Zoë ${n}\n`);
  const bad = (n: number) => Buffer.from(`r${n}@x.example,Ren\xe9 ${n}\n`, 'latin1');
  const rows = Array.from({ length: 9000 }, (_, n) => (n === 3 || n === 8500 ? bad(n) : good(n)));
  const bytes = Buffer.concat([Buffer.from('email,name\n'), ...rows]);
  assert.ok(bytes.length > 3 * 65536, 'the second one lies beyond what is looked at first');
  const read = await readList(bytes, 10_000);
  assert.equal(read.rows[3]?.fields.name, 'René 3');
  assert.equal(read.rows[4]?.fields.name, 'Zoë 4');
  assert.equal(read.rows[8500]?.fields.name, 'René 8500');
  assert.deepEqual(read.batches.at(-1)?.facts.repaired, { count: 2, lines: [5, 8502] });
  const index = await indexRecipients(memoryList(bytes), { file: 'list.csv' });
  assert.equal((await index.recipientAt(8500))?.fields.name, 'René 8500');
  assert.deepEqual(index.profile.text.repaired, { count: 2, lines: [5, 8502] });
});

const shapes: [what: string, text: string, address: string, fields: Record<string, string>][] = [
  ['a title above', 'Members 2026\n\nemail,name\na@x.example,Ann\n', 'a@x.example', { name: 'Ann' }],
  ['a title as wide as the table', 'Members,,\n,,\nemail,name,city\na@x.example,Ann,X\n', 'a@x.example', { city: 'X' }],
  ['a comment above', '# exported 2026-01-02, by tool\nemail;name\na@x.example;Ann\n', 'a@x.example', { name: 'Ann' }],
  [
    'LinkedIn’s preamble',
    'Notes:\n"When exporting your connection data, you may notice that some of the email addresses are missing. You will only see email addresses for connections who have allowed it."\n\nFirst Name,Last Name,URL,Email Address,Company\nAnn,Bell,https://x.example,a@x.example,Acme\n',
    'a@x.example',
    { first_name: 'Ann', company: 'Acme' },
  ],
  ['sep= with a tab', 'sep=\t\nemail\tname\na@x.example\tAnn, B\n', 'a@x.example', { name: 'Ann, B' }],
  ['a blank before a quotation mark', 'email, name\na@x.example, "Ann, B"\n', 'a@x.example', { name: 'Ann, B' }],
  ['quotes within a cell', 'email,name\na@x.example,Ann "Bo" Bell 5"\n', 'a@x.example', { name: 'Ann "Bo" Bell 5"' }],
  ['single quotes', "'email','name'\n'a@x.example','Ann, ''B'''\n", 'a@x.example', { name: "Ann, 'B'" }],
  ['a number kept as text', 'email,zip\na@x.example,="00123"\n', 'a@x.example', { zip: '00123' }],
  ['Ctrl-Z at the end', 'email,name\na@x.example,Ann\n\x1a', 'a@x.example', { name: 'Ann' }],
  ['line ends of old Macs', 'email,name\ra@x.example,Ann\r', 'a@x.example', { name: 'Ann' }],
  ['a vertical tab in the header', 'email,first\x0bname\na@x.example,Ann\n', 'a@x.example', { first_name: 'Ann' }],
  [
    'a column “Mail” with yes and no',
    'Mail,Contact\nyes,a@x.example\nno,b@x.example\n',
    'a@x.example',
    { mail: 'yes' },
  ],
  ['Google’s two addresses in one cell', 'Name,E-mail 1 - Value\nAnn,a@x.example ::: b@y.example\n', 'a@x.example', {}],
  ['name and address', 'email\n"Bell, Ann <a@x.example>"\n', 'a@x.example', {}],
  ['name and address in parentheses', 'email\n"Bell, Ann (a@x.example)"\n', 'a@x.example', {}],
  ['a link', 'email\nmailto:a@x.example?subject=x\n', 'a@x.example', {}],
];
describe('shapes of lists that are read as they are meant', () => {
  for (const [what, text, address, fields] of shapes)
    test(what, async () => {
      const { rows, refused } = await readList(text);
      assert.equal(refused.length, 0, JSON.stringify(refused));
      assert.equal(rows[0]?.address, address);
      for (const [name, value] of Object.entries(fields)) assert.equal(rows[0]?.fields[name], value);
    });
});

test('what is wrong with an address is said', async () => {
  const { refused } = await readList('email\na\u200b@x.example\n"a@x.example; b@x.example"\na@x.ex\u00adample\n');
  assert.deepEqual(
    refused.map(({ detail }) => detail.args[0]),
    ['U+200B zero width space', 2, 'U+00AD soft hyphen'],
  );
});
