import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexRecipients, memoryList } from '../../../src/compose/index.ts';
import { AddressSet } from '../../../src/compose/recipients/addressSet.ts';
import { noFacts } from '../../../src/compose/values/columnFacts.ts';
import { UserError } from '../../../src/shared/errors.ts';
import { type Encoding, encode, readList } from './lists.ts';

const options = { file: 'list.csv' };

/** A list with everything that could shift an offset: quoted line ends, bad rows, duplicates, blank lines. */
function trickyList(rows: number, letters: readonly string[]): string {
  let text = 'email;name;note\r\n';
  for (let n = 0; n < rows; n++) {
    const letter = letters[n % letters.length];
    if (n % 97 === 0) text += '\r\n';
    if (n % 31 === 0) text += `broken${n};x;y\r\n`;
    if (n % 41 === 0) text += `user0@example.org;twice;${n}\r\n`;
    text += `user${n}@example.org;${letter?.repeat(n % 50)};"first ${letter}\r\nsecond ""${n}"""\r\n`;
  }
  return text;
}

test('the n-th recipient of the index is the n-th that is sent to, in every encoding', async () => {
  const lists: [Encoding, string[]][] = [
    ['utf-8', ['é', '例', '😀', 'a']],
    ['utf-8-bom', ['é', '例', '😀', 'a']],
    ['utf-16le', ['é', '例', '😀', 'a']],
    ['utf-16be', ['é', '例', '😀', 'a']],
    ['windows-1252', ['é', 'ü', 'a']],
  ];
  for (const [encoding, letters] of lists) {
    const bytes = encode(trickyList(6000, letters), encoding);
    assert.ok(bytes.length > 6 * 32768, 'the list must span several blocks');
    const { rows, refused } = await readList(bytes);
    const index = await indexRecipients(memoryList(bytes), options);
    assert.equal(index.profile.count, rows.length);
    const { noAddress, invalidAddress, duplicate, malformedRow } = index.profile.refused;
    assert.equal(noAddress + invalidAddress + duplicate + malformedRow, refused.length);
    for (let n = 0; n < rows.length; n += 61) assert.deepEqual(await index.recipientAt(n), rows[n], `${encoding} ${n}`);
    assert.deepEqual(await index.recipientAt(rows.length - 1), rows.at(-1));
    assert.equal(await index.recipientAt(rows.length), null);
    assert.equal(await index.recipientAt(-1), null);
  }
});

test('every recipient of a list truncated anywhere can be read', async () => {
  for (let cut = 0; cut < 40; cut++) {
    const text = trickyList(40, ['é', '😀']);
    const bytes = encode(text.slice(0, text.lastIndexOf('\r\n', text.length - cut * 7)));
    const expected = await readList(bytes).catch((error: unknown) => error);
    if (expected instanceof UserError) {
      await assert.rejects(indexRecipients(memoryList(bytes), options), { code: expected.code });
      continue;
    }
    const { rows } = expected as Awaited<ReturnType<typeof readList>>;
    const index = await indexRecipients(memoryList(bytes), options);
    for (const [n, row] of rows.entries()) assert.deepEqual(await index.recipientAt(n), row);
  }
});

test('one recipient is read from a few blocks, not the whole list', async () => {
  const list = memoryList(encode(trickyList(20_000, ['a'])));
  let bytesRead = 0;
  const counted = {
    size: list.size,
    read: (offset: number, length: number) => {
      bytesRead += length;
      return list.read(offset, length);
    },
  };
  const index = await indexRecipients(counted, options);
  bytesRead = 0;
  await index.recipientAt(15_000);
  assert.ok(bytesRead <= 4 * 32768, `${bytesRead} of ${list.size} bytes read`);
});

test('a recipient is found by address or by any field, from any position', async () => {
  const index = await indexRecipients(memoryList(encode(trickyList(5000, ['a']))), options);
  assert.equal(await index.find('USER4321@'), 4321);
  assert.equal(await index.find('second "17"'), 17);
  assert.equal(await index.find('user12', 130), 1200);
  assert.equal(await index.find('nobody'), -1);
});

test('the profile describes each field for an editor', async () => {
  const text =
    'email,First Name,Town\na@example.org,Ada,Paris\nb@example.org,,Lille\nc@example.org,Cy,Paris\nd@example.org,,\nbad,x,y\n';
  const { profile } = await indexRecipients(memoryList(encode(text)), options);
  assert.deepEqual(profile.fields[1], {
    name: 'first_name',
    title: 'First Name',
    values: ['Ada', 'Cy'],
    blanks: 2,
    blankLines: [3, 5],
    longest: 'Ada',
    facts: { ...noFacts(), words: { count: 2, lines: [2, 4], sample: 'Ada' } },
  });
  assert.deepEqual(profile.fields[2]?.values, ['Paris', 'Lille']);
  assert.equal(profile.count, 4);
  assert.deepEqual(
    profile.refusals.map((row) => row.line),
    [6],
  );
  assert.deepEqual(profile.jumps, { longest: 0, withBlanks: 3 });
});

test('indexing fails in the same way as reading, and stops on request', async () => {
  for (const [text, code] of [
    ['', 'emptyList'],
    ['email\n', 'emptyList'],
    ['ada@example.org\n', 'noHeader'],
    ['name\nAda\n', 'noAddressColumn'],
  ] as const)
    await assert.rejects(indexRecipients(memoryList(encode(text)), options), { code });
  const signal = AbortSignal.abort();
  await assert.rejects(indexRecipients(memoryList(encode(trickyList(10, ['a']))), { ...options, signal }), {
    name: 'AbortError',
  });
});

test('the set of addresses distinguishes a million similar ones', () => {
  const set = new AddressSet();
  let wrong = 0;
  for (let n = 1; n <= 1_000_000; n++) if (set.add(`user${n}@example${n % 10}.org`, n) !== 0) wrong++;
  assert.equal(wrong, 0);
  assert.equal(set.size, 1_000_000);
  assert.equal(set.add('user7@example7.org', 2_000_000), 7);
});
