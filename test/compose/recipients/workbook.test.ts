import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexRecipients, memoryList } from '../../../src/compose/index.ts';
import { UserError } from '../../../src/shared/errors.ts';
import { workbook, zip } from '../../support/zip.ts';
import { readList } from './lists.ts';

const book = workbook({
  Notes: [['Members 2026'], ['made by Ada']],
  Members: [
    ['Members of 2026'],
    ['Email', 'Name', 'Status'],
    ['ada@x.example', 'Ada, B', ''],
    ['nobody', 'No', ''],
    ['bo@x.example', 'Bo', ''],
  ],
  Old: [['Email'], ['old@x.example']],
});

test('the sheet of a workbook that contains the readers is read, with its row numbers', async () => {
  for (const size of [100, 65536]) {
    const { rows, refused, batches } = await readList(book, size);
    assert.deepEqual(
      rows.map(({ line, address, fields }) => [line, address, fields.name]),
      [
        [3, 'ada@x.example', 'Ada, B'],
        [5, 'bo@x.example', 'Bo'],
      ],
    );
    assert.deepEqual(
      refused.map(({ line }) => line),
      [4],
    );
    assert.deepEqual([batches[0]?.facts.sheet, batches[0]?.facts.otherSheets], ['Members', ['Old']]);
  }
  const index = await indexRecipients(memoryList(book), { file: 'book.xlsx' });
  assert.equal((await index.recipientAt(1))?.address, 'bo@x.example');
  assert.equal(index.profile.text.sheet, 'Members');
});

const refused: [what: string, bytes: Uint8Array, says: RegExp][] = [
  ['an OpenDocument spreadsheet', zip({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet' }), /OpenDocument/],
  ['a ZIP archive', zip({ 'a.csv': 'email\na@x.example\n' }), /Excel workbook or a ZIP archive that cannot be read/],
  ['a workbook that is cut off', book.subarray(0, 900), /cannot be read/],
  ['an old workbook', Buffer.from('d0cf11e0a1b11ae1000000', 'hex'), /old or encrypted Excel/],
  ['a PDF', Buffer.from('%PDF-1.7\n'), /PDF/],
  ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108', 'hex'), /binary/],
  ['contacts', Buffer.from('BEGIN:VCARD\nFN:Ada\nEND:VCARD\n'), /vCard/],
  ['a directory', Buffer.from('version: 1\n\ndn: cn=Ada\nmail: ada@x.example\n'), /LDIF/],
  ['a page', Buffer.from('<!DOCTYPE html><title>Sign in</title>'), /web page/],
  ['JSON', Buffer.from('[{"email":"a@x.example"}]\n'), /JSON/],
];
for (const [what, bytes, says] of refused)
  test(`${what} is refused with an explanation, and nothing of it is shown`, async () => {
    const check = (error: unknown) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, says);
      assert.doesNotMatch(error.message, /[\u0000-\u001f\u0080-\u009f\ufffd]/);
      return true;
    };
    await assert.rejects(readList(bytes), check);
    await assert.rejects(indexRecipients(memoryList(bytes), { file: 'list' }), check);
  });

test('the author may choose the sheet; a missing one is refused with a list of the existing ones', async () => {
  const { rows, batches } = await readList(book, 65536, undefined, { sheet: 'old ' });
  assert.deepEqual(
    rows.map(({ address }) => address),
    ['old@x.example'],
  );
  assert.deepEqual([batches[0]?.facts.sheet, batches[0]?.facts.otherSheets], ['Old', []]);
  const index = await indexRecipients(memoryList(book), { file: 'book.xlsx', sheet: 'Old' });
  assert.equal((await index.recipientAt(0))?.address, 'old@x.example');
  const place = { file: 'letter.md', line: 4, key: 'sheet' };
  await assert.rejects(readList(book, 65536, undefined, { sheet: 'Readers', sheetPlace: place }), (error: unknown) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, /no sheet “Readers”; its sheets are Notes, Members, Old/);
    assert.deepEqual([error.code, error.place], ['sheetUnknown', place]);
    return true;
  });
});
