import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, msg, UserError } from '../../../src/shared/errors.ts';
import { type Encoding, encode, readList } from './lists.ts';

const failsWith = (code: string, words?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.equal(error.code, code);
  if (words) assert.match(error.message, words);
  return true;
};

test('rows become recipients with their line and fields', async () => {
  const { rows, refused } = await readList('Email,First Name\nada@example.org,Ada\nbob@example.org, Bob \n');
  assert.deepEqual(rows, [
    { line: 2, address: 'ada@example.org', fields: { email: 'ada@example.org', first_name: 'Ada' } },
    { line: 3, address: 'bob@example.org', fields: { email: 'bob@example.org', first_name: 'Bob' } },
  ]);
  assert.deepEqual(refused, []);
});

test('every encoding is read the same, however the bytes arrive', async () => {
  const text = 'e-mail;prénom\r\nada@example.org;Zoë – no\r\nbob@example.org;François\r\n'.replace('–', '-');
  const expected = await readList(text);
  assert.deepEqual(
    expected.rows.map((row) => row.fields.prénom),
    ['Zoë - no', 'François'],
  );
  const names: Encoding[] = ['utf-8', 'utf-8-bom', 'utf-16le', 'utf-16be', 'utf-16le-bare', 'windows-1252'];
  for (const name of names) {
    for (const size of [1, 2, 3, 5, 64, 65536]) {
      const read = await readList(encode(text, name), size);
      assert.deepEqual(read.rows, expected.rows, `${name} in pieces of ${size}`);
    }
  }
});

test('Windows-1252 has its euro and its apostrophe', async () => {
  const { rows, batches } = await readList(encode('mail;note\nada@example.org;5 € l’an\n', 'windows-1252'));
  assert.equal(rows[0]?.fields.note, '5 € l’an');
  assert.equal(batches[0]?.facts.encoding, 'windows-1252');
});

test('the separator is found among comma, semicolon, tab and pipe', async () => {
  const rows: [string, string][] = [
    ['email,name\na@example.org,"B; C; D"\n', ','],
    ['email;name\na@example.org;B, C, D\n', ';'],
    ['email\tname\na@example.org\tB, C\n', '\t'],
    ['email|name\na@example.org|B, C\n', '|'],
    ['"name, first";email\nB;a@example.org\n', ';'],
    ['sep=|\nemail|a,b,c\na@example.org|x\n', '|'],
    ['email\na@example.org\n', ','],
  ];
  for (const [text, delimiter] of rows) {
    const read = await readList(text);
    assert.equal(read.batches[0]?.header.delimiter, delimiter, text);
    assert.equal(read.rows[0]?.address, 'a@example.org', text);
  }
});

test('quoted line ends belong to the cell, and line numbers stay right', async () => {
  const text =
    'email,note\r\n\r\na@example.org,"one\r\ntwo\r\nthree"\r\nb@example.org,"say ""hi"""\r\nbad,x\r\nc@example.org,\r\n';
  for (const size of [1, 7, 65536]) {
    const { rows, refused } = await readList(text, size);
    assert.deepEqual(
      rows.map((row) => [row.line, row.fields.note]),
      [
        [3, 'one\ntwo\nthree'],
        [6, 'say "hi"'],
        [8, ''],
      ],
    );
    assert.deepEqual(
      refused.map((row) => [row.line, row.address, row.reason]),
      [[7, 'bad', 'invalidAddress']],
    );
  }
});

test('header names are normalised, made unique and never empty', async () => {
  const { rows, batches } = await readList(' E-Mail , Name,name,,Prénom Usuel,NAME \na@example.org,1,2,3,4,5\n');
  assert.deepEqual(rows[0]?.fields, {
    e_mail: 'a@example.org',
    name: '1',
    name_2: '2',
    column_4: '3',
    prénom_usuel: '4',
    name_3: '5',
  });
  assert.equal(batches[0]?.header.fields[4]?.title, 'Prénom Usuel');
});

test('the address column is found by name before content, and streets are not addresses', async () => {
  const rows: [text: string, address: string][] = [
    ['name,Courriel\nx,a@example.org\n', 'a@example.org'],
    ['address,e-mail\n1 High Street,a@example.org\n', 'a@example.org'],
    ['Adresse;Ville\na@example.org;Lille\n', 'a@example.org'],
    ['who,where,contact\nx,y,a@example.org\n', 'a@example.org'],
    ['address,contact\n1 High Street,a@example.org\n', 'a@example.org'],
    ['sponsor_email,email\nz@example.net,a@example.org\n', 'a@example.org'],
    ['Correo electrónico|x\na@example.org|1\n', 'a@example.org'],
    ['email\nfirst@is..wrong\na@example.org\n', 'a@example.org'],
  ];
  for (const [text, address] of rows) assert.equal((await readList(text)).rows[0]?.address, address, text);
});

test('a named address column wins', async () => {
  const text = 'email,second\na@example.org,b@example.org\n';
  assert.equal((await readList(text, 65536, 'Second')).rows[0]?.address, 'b@example.org');
});

test('of rows with one address in any case, the first is sent', async () => {
  const { rows, refused } = await readList(
    'email\nAda@example.org\nbob@example.org\nada@EXAMPLE.org\nada@example.org\n',
  );
  assert.deepEqual(
    rows.map((row) => row.address),
    ['Ada@example.org', 'bob@example.org'],
  );
  assert.deepEqual(
    refused.map((row) => [row.line, row.reason, format(row.detail)]),
    [
      [4, 'duplicate', 'same address as line 2'],
      [5, 'duplicate', 'same address as line 2'],
    ],
  );
});

test('too many cells refuse a row, missing cells are empty, trailing empty cells are ignored', async () => {
  const { rows, refused } = await readList(
    'email,a,b\nx@example.org\ny@example.org,1,2,3\nz@example.org,1,2,,\n,1,2\n',
  );
  assert.deepEqual(
    rows.map((row) => row.fields),
    [
      { email: 'x@example.org', a: '', b: '' },
      { email: 'z@example.org', a: '1', b: '2' },
    ],
  );
  assert.deepEqual(
    refused.map((row) => [row.line, row.reason, format(row.detail)]),
    [
      [3, 'malformedRow', 'it has 4 cells, but the header has 3'],
      [5, 'noAddress', 'the address is empty'],
    ],
  );
});

test('no row is lost: recipients and refused make up all rows that are not blank', async () => {
  const lines = Array.from({ length: 3000 }, (_, n) =>
    n % 7 === 0 ? '' : n % 5 === 0 ? `bad${n},x` : `user${n % 1000}@example.org,"line\nbreak"`,
  );
  const { rows, refused } = await readList(`email,note\n${lines.join('\n')}`, 999);
  assert.equal(rows.length + refused.length, lines.filter((line) => line !== '').length);
  const all = [...rows, ...refused].map((row) => row.line);
  assert.equal(new Set(all).size, all.length);
});

test('a stray quotation mark refuses its row and says how far it reaches', async () => {
  const { rows, refused } = await readList(
    'email,name\na@example.org,"Al" Capone\nb@example.org,"Bo"\nc@example.org,Cy\n',
  );
  assert.deepEqual(
    rows.map((row) => row.address),
    ['c@example.org'],
  );
  assert.equal(refused[0]?.reason, 'malformedRow');
  assert.match(format(refused[0]?.detail ?? msg('')), /continues to line 3/);
});

test('a quotation mark that is never closed is an error at its line and does not swallow the list', async () => {
  const text = `email,name\na@example.org,Al\nb@example.org,"Bo\n${'c@example.org,Cy\n'.repeat(50)}`;
  await assert.rejects(readList(text, 100), (error: unknown) => {
    assert.ok(error instanceof UserError);
    assert.equal(error.code, 'endlessRow');
    assert.equal(error.place?.line, 3);
    return true;
  });
});

test('an unusable list is refused with the reason', async () => {
  await assert.rejects(readList(''), failsWith('emptyList'));
  await assert.rejects(readList(' \n\n'), failsWith('emptyList'));
  await assert.rejects(readList('email,name\n'), failsWith('emptyList', /no recipients/));
  await assert.rejects(readList('email,name\n\n,\n'), failsWith('emptyList', /no recipients/));
  await assert.rejects(readList('ada@example.org,Ada\nbob@example.org,Bob\n'), failsWith('noHeader', /first row/));
  await assert.rejects(readList('Name,Town\nAda,Paris\n'), failsWith('noAddressColumn', /Name, Town/));
  await assert.rejects(readList('name,x\na@example.org,1\n', 65536, 'mail'), failsWith('addressColumn', /name, x/));
});

test('hostile cells stay plain text: no zero bytes, no unbounded value, no prototype', async () => {
  const { rows } = await readList(
    `email,a,__proto__\nx@example.org,"one\u0000two\r\nBcc: y@example.org",evil\ny@example.org,${'z'.repeat(100_000)},\n`,
  );
  assert.equal(rows[0]?.fields.a, 'onetwo\nBcc: y@example.org');
  assert.equal(({} as Record<string, unknown>).evil, undefined);
  assert.equal(typeof rows[0]?.fields, 'object');
  assert.equal(rows[1]?.fields.a?.length, 65536);
});

test('a list as French Excel writes it', async () => {
  const text =
    '\ufeff Prénom ; Nom ; Adresse e-mail ;Ville\r\n' +
    'Zoë;"d\'Arc; ""la"" <b>";zoe@example.org;"Lille\r\nFrance"\r\n' +
    '李;王;li@例え.example;北京\r\n' +
    'שלום;כהן;Shalom@example.org;\r\n' +
    'x;y;zoe@EXAMPLE.org;\r\n' +
    ';;;\r\n' +
    '{{ x }};{% if %};t@example.org;&amp;\r\n';
  const { rows, refused } = await readList(text);
  assert.deepEqual(
    rows.map((row) => [row.line, row.address, row.fields.nom]),
    [
      [2, 'zoe@example.org', 'd\'Arc; "la" <b>'],
      [4, 'li@xn--r8jz45g.example', '王'],
      [5, 'Shalom@example.org', 'כהן'],
      [8, 't@example.org', '{% if %}'],
    ],
  );
  assert.deepEqual(
    refused.map((row) => [row.line, row.reason]),
    [[6, 'duplicate']],
  );
});
