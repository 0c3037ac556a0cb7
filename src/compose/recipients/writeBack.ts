import { foldAddress } from '../../shared/address.ts';
import { fieldName } from '../liquid/fieldName.ts';
import { byMark } from './detectEncoding.ts';
import type { ListHeader } from './listHeader.ts';
import { type RowReadOptions, readRecipients } from './readRecipients.ts';
import { type RecordSpan, recordSpans } from './recordSpans.ts';
import { OWN_STATUS } from './status/ownStatus.ts';
import { fileKind } from './tableBytes.ts';

/** A range of bytes, and the ASCII that replaces it. */
export interface ByteEdit {
  start: number;
  end: number;
  text: string;
}

export interface WriteBack {
  /** In order, without overlaps. */
  edits: readonly ByteEdit[];
  /** Rows marked or removed. */
  rows: number;
}

/**
 * What to change in a list so that those who must not be mailed are marked in it, or gone from it. Everything else stays as
 * it is, byte for byte: encoding, byte order mark, line ends and quoting. `reasonOf` says why an address, in lower case, is
 * not mailed, or undefined. Throws the UserErrors of reading a list; a workbook is refused by giving back null.
 */
export async function writeBack(
  bytes: Uint8Array,
  how: 'mark' | 'remove',
  reasonOf: (address: string) => string | undefined,
  options: RowReadOptions,
): Promise<WriteBack | null> {
  if (fileKind(bytes, options.file) !== 'text') return null;
  const { header, reasons } = await goneRows(bytes, reasonOf, options);
  const units = unitsOf(bytes);
  const spans = [...recordSpans(units.text, header.delimiter, header.quote)];
  // Only where the record is surely the reader's.
  const gone = (span: RecordSpan) => {
    const row = reasons.get(span.line);
    return row && units.text.slice(span.start, span.end).toLowerCase().includes(row.domain) ? row.reason : undefined;
  };
  const found = how === 'remove' ? removed(spans, gone) : marked(spans, gone, header, units.text);
  return {
    rows: found.rows,
    edits: found.edits.map(({ start, end, text }) => ({
      start: units.first + start * units.size,
      end: units.first + end * units.size,
      text,
    })),
  };
}

/** The list with the changes made. */
export function withEdits(bytes: Uint8Array, edits: readonly ByteEdit[]): Uint8Array {
  const mark = byMark(bytes);
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const { start, end, text } of edits) {
    const written = Buffer.from(text, mark?.startsWith('utf-16') ? 'utf16le' : 'latin1');
    pieces.push(bytes.subarray(at, start), mark === 'utf-16be' ? written.swap16() : written);
    at = end;
  }
  return Buffer.concat([...pieces, bytes.subarray(at)]);
}

type GoneRows = Map<number, { reason: string; domain: string }>;

async function goneRows(
  bytes: Uint8Array,
  reasonOf: (address: string) => string | undefined,
  options: RowReadOptions,
): Promise<{ header: ListHeader; reasons: GoneRows }> {
  const reasons: GoneRows = new Map();
  let header: ListHeader | undefined;
  const source = (async function* () {
    yield bytes;
  })();
  for await (const batch of readRecipients(source, options)) {
    header = batch.header;
    for (const { line, address } of [...batch.rows, ...batch.refused]) {
      const reason = reasonOf(foldAddress(address));
      if (reason) reasons.set(line, { reason, domain: foldAddress(address.slice(address.lastIndexOf('@') + 1)) });
    }
  }
  if (!header) throw new Error('a list without a header was read');
  return { header, reasons };
}

/**
 * The text in units of one size, so that places in it are places in the file: a byte each, whatever the encoding, as all but
 * UTF-16 have separators, quotation marks and line ends where ASCII has them.
 */
function unitsOf(bytes: Uint8Array): { text: string; first: number; size: number } {
  const mark = byMark(bytes);
  if (mark !== 'utf-16le' && mark !== 'utf-16be') {
    const first = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    return {
      text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1').slice(first),
      first,
      size: 1,
    };
  }
  const first = bytes[0] === 0xff || bytes[0] === 0xfe ? 2 : 0;
  const units = Buffer.from(bytes.subarray(first, bytes.length - ((bytes.length - first) % 2)));
  return { text: (mark === 'utf-16be' ? units.swap16() : units).toString('utf16le'), first, size: 2 };
}

type Found = { edits: ByteEdit[]; rows: number };

function removed(spans: readonly RecordSpan[], gone: (span: RecordSpan) => string | undefined): Found {
  const edits = spans.filter((span) => gone(span)).map(({ start, next }) => ({ start, end: next, text: '' }));
  return { edits, rows: edits.length };
}

function marked(
  spans: readonly RecordSpan[],
  gone: (span: RecordSpan) => string | undefined,
  header: ListHeader,
  text: string,
): Found {
  const { delimiter, fields } = header;
  const names = fields.map(({ title }) => fieldName(title));
  const last = names.at(-1) ?? '';
  const rows = spans.filter(({ line, start, end }) => line > header.line && text.slice(start, end).trim() !== '');
  const marks = rows.filter((span) => gone(span));
  const insert = (span: RecordSpan, written: string): ByteEdit => ({ start: span.end, end: span.end, text: written });
  if (last === OWN_STATUS) {
    // The column is there already, as the last: what it says stays.
    const empty = marks.filter((span) => span.cells < names.length || text[span.end - 1] === delimiter);
    const edits = empty.map((span) =>
      insert(span, delimiter.repeat(Math.max(0, names.length - span.cells)) + (gone(span) ?? '')),
    );
    return { edits, rows: edits.length };
  }
  const head = spans.find(({ line }) => line === header.line);
  if (!head || marks.length === 0) return { edits: [], rows: 0 };
  const edits = rows.map((span) =>
    insert(span, delimiter.repeat(Math.max(1, names.length + 1 - span.cells)) + (gone(span) ?? '')),
  );
  return { edits: [insert(head, delimiter + OWN_STATUS), ...edits], rows: marks.length };
}
