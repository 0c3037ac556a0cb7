import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecipients, withEdits, writeBack } from '../../../src/compose/index.ts';
import { seededRandom } from '../../../src/shared/seededRandom.ts';

const reasons: Record<string, string> = { 'b@example.org': 'bounced', 'd@example.org': 'unsubscribed' };
const reasonOf = (address: string) => reasons[address];
const options = { file: 'list.csv' };

async function written(bytes: Uint8Array, how: 'mark' | 'remove'): Promise<Buffer> {
  const result = await writeBack(bytes, how, reasonOf, options);
  assert.ok(result);
  return Buffer.from(withEdits(bytes, result.edits));
}

const lists: readonly [what: string, list: string, removed: string, marked: string][] = [
  [
    'a plain list',
    'email,name\na@example.org,A\nb@example.org,B\n',
    'email,name\na@example.org,A\n',
    'email,name,envoi_status\na@example.org,A,\nb@example.org,B,bounced\n',
  ],
  [
    'one of mixed line ends, without a last one',
    'email;name\r\na@example.org;A\nD@Example.org;D\r\nb@example.org;B',
    'email;name\r\na@example.org;A\n',
    'email;name;envoi_status\r\na@example.org;A;\nD@Example.org;D;unsubscribed\r\nb@example.org;B;bounced',
  ],
  [
    'quoted cells with line ends, separators and marks in them',
    '"email","note"\r\n"b@example.org","two\r\nlines, ""said"""\r\na@example.org,"x\ny"\r\nd@example.org,\r\n',
    '"email","note"\r\na@example.org,"x\ny"\r\n',
    '"email","note",envoi_status\r\n"b@example.org","two\r\nlines, ""said""",bounced\r\na@example.org,"x\ny",\r\nd@example.org,,unsubscribed\r\n',
  ],
  [
    'titles above the header, blank lines, short rows',
    'Our readers\n\nemail\tcity\tplan\n\nb@example.org\na@example.org\tUlm\n',
    'Our readers\n\nemail\tcity\tplan\n\na@example.org\tUlm\n',
    'Our readers\n\nemail\tcity\tplan\tenvoi_status\n\nb@example.org\t\t\tbounced\na@example.org\tUlm\t\t\n',
  ],
  [
    'a list that was marked before keeps what it says',
    'email,envoi_status\na@example.org,\nb@example.org,\nd@example.org,bounced\n',
    'email,envoi_status\na@example.org,\n',
    'email,envoi_status\na@example.org,\nb@example.org,bounced\nd@example.org,bounced\n',
  ],
];

for (const [what, list, removed, marked] of lists)
  test(`${what}: suppressed readers are marked or removed, all else stays`, async () => {
    assert.equal((await written(Buffer.from(list), 'remove')).toString(), removed);
    assert.equal((await written(Buffer.from(list), 'mark')).toString(), marked);
  });

test('whatever the encoding, every other byte stays: windows-1252, UTF-8 with a mark, UTF-16 of both orders, Shift-JIS', async () => {
  const list = 'email,name\r\na@example.org,Zoë\r\nb@example.org,B\r\n';
  const rest = 'email,name\r\na@example.org,Zoë\r\n';
  const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
  const forms: [string, (text: string) => Buffer][] = [
    ['windows-1252', (text) => Buffer.from(text, 'latin1')],
    ['utf-8', (text) => Buffer.from(`\ufeff${text}`)],
    ['utf-16le', utf16],
    ['utf-16be', (text) => utf16(text).swap16()],
    ['shift_jis', (text) => Buffer.from(text.replace('Zoë', '\x83\x5c\x83\x7c'), 'latin1')],
  ];
  for (const [name, form] of forms) {
    assert.deepEqual(await written(form(list), 'remove'), form(rest), name);
    const marked = form('email,name,envoi_status\r\na@example.org,Zoë,\r\nb@example.org,B,bounced\r\n');
    assert.deepEqual(await written(form(list), 'mark'), marked, name);
  }
});

test('a list that was marked is left out by the next letter', async () => {
  const list = await written(Buffer.from('email,name\na@example.org,A\nb@example.org,B\nd@example.org,D\n'), 'mark');
  const mailed: string[] = [];
  const source = (async function* () {
    yield list;
  })();
  for await (const { rows } of readRecipients(source, options)) mailed.push(...rows.map(({ address }) => address));
  assert.deepEqual(mailed, ['a@example.org']);
});

test('generated lists: only whole rows are removed, and the others are read as before', async () => {
  const random = seededRandom(20_261_130);
  const pick = (all: readonly string[]) => all[Math.floor(random() * all.length)] ?? '';
  for (let round = 0; round < 200; round++) {
    const end = pick(['\n', '\r\n', '\r']);
    const cell = () => pick(['x', '"a,b"', `"two${end}lines"`, '""', '"say ""hi"""', '', 'é', "o'neil"]);
    const rows = Array.from({ length: 8 }, (_, n) => {
      const address = pick([`a${n}@example.org`, 'b@example.org', '"d@example.org"']);
      return `${address},${cell()},${cell()}`;
    });
    const bytes = Buffer.from(['email,x,y', ...rows].join(end));
    const after = await written(bytes, 'remove');
    const left = rows.filter((row) => !/[bd]@example/.test(row));
    const kept = after
      .toString()
      .slice('email,x,y'.length + end.length)
      .replace(/[\r\n]+$/, '');
    assert.equal(kept, left.join(end), JSON.stringify(bytes.toString()));
  }
});

test('a workbook is left alone', async () => {
  assert.equal(await writeBack(Buffer.from('PK\u0003\u0004 and so on'), 'mark', reasonOf, options), null);
});
