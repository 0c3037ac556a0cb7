import { msg, UserError } from '../../shared/errors.ts';
import { byMark } from './detectEncoding.ts';
import type { RowReadOptions } from './rowGroups.ts';
import type { SheetTable } from './workbook/index.ts';

/** A workbook is read whole: it can be no larger. */
const MAX_WORKBOOK = 100 * 1024 * 1024;
export const SNIFF_BYTES = 4096;

export type FileKind = 'text' | 'xlsx';

/** What a file is, by its first bytes. Throws a UserError for one that is no table. */
export function fileKind(bytes: Uint8Array, file: string): FileKind {
  const starts = (...magic: number[]) => magic.every((byte, at) => bytes[at] === byte);
  if (starts(0x50, 0x4b, 0x03, 0x04) || starts(0x50, 0x4b, 0x05, 0x06)) {
    if (Buffer.from(bytes.subarray(0, 200)).includes('opendocument')) throw refused('ods', file);
    return 'xlsx';
  }
  if (starts(0xd0, 0xcf, 0x11, 0xe0)) throw refused('xls', file);
  if (starts(0x25, 0x50, 0x44, 0x46)) throw refused('pdf', file);
  // UTF-16 has zero bytes by its nature; other text has none, and no control characters to speak of.
  if (byMark(bytes)?.startsWith('utf-16')) return 'text';
  const odd = bytes
    .subarray(0, SNIFF_BYTES)
    .filter((byte) => byte < 9 || (byte > 13 && byte < 26) || byte === 0x7f).length;
  if (odd * 20 > Math.min(bytes.length, SNIFF_BYTES)) throw refused('binary', file);
  return 'text';
}

function refused(kind: 'ods' | 'xls' | 'pdf' | 'binary' | 'broken', file: string): UserError {
  const place = { file, line: 1, column: 1 };
  const csv = msg('In the spreadsheet: File > Save As, type CSV UTF-8.');
  switch (kind) {
    case 'ods':
      return new UserError('listBinary', msg('This is an OpenDocument spreadsheet (.ods), not a CSV.'), csv, place);
    case 'xls':
      return new UserError('listBinary', msg('This is an old or encrypted Excel workbook, not a CSV.'), csv, place);
    case 'broken':
      return new UserError(
        'listBinary',
        msg('This is an Excel workbook or a ZIP archive that cannot be read.'),
        csv,
        place,
      );
    case 'pdf':
      return new UserError(
        'listBinary',
        msg('This is a PDF, not a table.'),
        msg('Export the list as CSV from the program that holds it.'),
        place,
      );
    default:
      return new UserError(
        'listBinary',
        msg('This is a binary file, not a table.'),
        msg('Export the list as CSV from the program that holds it.'),
        place,
      );
  }
}

/** The bytes of a CSV: as they come, or made of a workbook. `onSheet` is told which sheet was taken. */
export async function* tableBytes(
  source: AsyncIterable<Uint8Array>,
  options: SheetOptions,
  onSheet: (sheet: SheetTable) => void,
): AsyncGenerator<Uint8Array> {
  const { file } = options;
  const held: Uint8Array[] = [];
  let kind: FileKind | null = null;
  let size = 0;
  for await (const chunk of source) {
    if (kind === 'text') {
      yield chunk;
      continue;
    }
    held.push(chunk);
    size += chunk.length;
    if (kind === null && size >= SNIFF_BYTES) kind = fileKind(Buffer.concat(held), file);
    if (kind === 'text') yield* held.splice(0);
    if (size > MAX_WORKBOOK) throw refused('broken', file);
  }
  if (kind === 'text' || size === 0) return;
  const bytes = Buffer.concat(held);
  if ((kind ?? fileKind(bytes, file)) === 'text') {
    yield bytes;
    return;
  }
  const sheet = await sheetOf(bytes, options);
  onSheet(sheet);
  yield sheet.csv;
}

export type SheetOptions = Pick<RowReadOptions, 'file' | 'sheet' | 'sheetPlace'>;

export async function sheetOf(bytes: Uint8Array, { file, sheet, sheetPlace }: SheetOptions): Promise<SheetTable> {
  const { readWorkbook, NoSuchSheet } = await import('./workbook/index.ts');
  try {
    return await readWorkbook(bytes, sheet);
  } catch (error) {
    if (!(error instanceof NoSuchSheet)) throw refused('broken', file);
    throw new UserError(
      'sheetUnknown',
      msg('The workbook has no sheet “{0}”; its sheets are {1}.', sheet ?? '', error.sheets.slice(0, 30).join(', ')),
      msg('Correct “sheet”, or leave it out.'),
      sheetPlace ?? { file },
    );
  }
}
