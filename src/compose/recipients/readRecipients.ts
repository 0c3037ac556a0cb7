import Papa from 'papaparse';
import { foldAddress, parseAddress } from '../../shared/address.ts';
import { format, msg, type Text, UserError } from '../../shared/errors.ts';
import type { Recipient, RefusalReason, RefusedRow } from '../../shared/recipient.ts';
import { AddressSet } from './addressSet.ts';
import { decodeText, type Encoding } from './decodeText.ts';
import { findDelimiter, type ListHeader, readHeader } from './listHeader.ts';

export interface ReadOptions {
  /** The list as its reader knows it, for errors. */
  file: string;
  /** Address column, when it is not to be found by name or content. */
  addressField?: string;
}

export interface RecipientBatch {
  header: ListHeader;
  encoding: Encoding;
  rows: Recipient[];
  refused: RefusedRow[];
}

const BATCH = 500;
const SAMPLE = 65536;
/** What is longer is cut: no letter needs it, and a stray quote must not swallow a file. */
const MAX_CELL = 65536;
const MAX_ROW = 4 * 1024 * 1024;

/**
 * Reads a list of recipients row by row, in flat memory. Every row ends up in `rows` or, with line and reason, in
 * `refused`; of rows with the same case-folded address the first is taken. Line numbers are those of the file, quoted
 * line ends counted. The first batch comes even when it is empty, as it carries the header.
 * Throws a UserError when there is no header, no address column, or not one row.
 */
export async function* readRecipients(
  source: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<RecipientBatch> {
  const text = decodeText(source);
  const seen = new AddressSet();
  let header: ListHeader | null = null;
  let batch: RecipientBatch | null = null;
  let line = 1;
  let total = 0;
  let pending = '';
  const take = (cells: readonly string[], into: RecipientBatch) => {
    const at = line;
    line += 1 + newlinesIn(cells);
    if (cells.every((cell) => cell.trim() === '')) return;
    total++;
    const read = readRow(cells, at, into.header, seen);
    if ('reason' in read) into.refused.push(read);
    else into.rows.push(read);
  };
  for await (const piece of withEnd(text)) {
    pending += piece ?? '';
    const last = piece === null;
    if (!header) {
      if (!last && pending.length < SAMPLE) continue;
      header = openList(pending, options);
    }
    const { data, cursor } = parseRows(pending, header.delimiter, last);
    pending = pending.slice(cursor);
    if (pending.length > MAX_ROW) throw endlessRow(options.file, line);
    for (const cells of data) {
      if (!batch) {
        batch = { header, encoding: text.encoding, rows: [], refused: [] };
        line += 1 + newlinesIn(cells);
        continue;
      }
      take(cells, batch);
      if (batch.rows.length + batch.refused.length >= BATCH) {
        yield batch;
        batch = { header, encoding: text.encoding, rows: [], refused: [] };
      }
    }
  }
  if (total === 0) {
    throw new UserError(
      'emptyList',
      msg('The list has no recipients.'),
      msg('Add at least one row below the header.'),
      { file: options.file },
    );
  }
  if (batch) yield batch;
}

function openList(text: string, options: ReadOptions): ListHeader {
  const delimiter = findDelimiter(text);
  const { data } = parseRows(text, delimiter, true, 60);
  const [cells, ...sample] = data;
  if (!cells || cells.every((cell) => cell.trim() === '')) {
    throw new UserError(
      'emptyList',
      msg('The list is empty.'),
      msg('Its first row names the columns, such as {0}.', 'email,first_name'),
      { file: options.file, line: 1 },
    );
  }
  return readHeader(cells, sample, { ...options, delimiter });
}

/** Rows of `text`; without `last` an unfinished row at its end is left for the next call, from `cursor` on. */
export function parseRows(
  text: string,
  delimiter: string,
  last: boolean,
  preview = 0,
): { data: string[][]; cursor: number } {
  const parser = new Papa.Parser({ delimiter, newline: '\n', preview } as Papa.ParseConfig);
  const result = parser.parse(text, 0, !last) as Papa.ParseResult<string[]>;
  return { data: result.data, cursor: last ? text.length : result.meta.cursor };
}

export function readRow(
  cells: readonly string[],
  line: number,
  header: ListHeader,
  seen: AddressSet | null,
): Recipient | RefusedRow {
  const written = (cells[header.addressIndex] ?? '').trim();
  const refuse = (reason: RefusalReason, detail: Text): RefusedRow => ({
    line,
    address: written.slice(0, 320),
    reason,
    detail: format(detail),
  });
  if (cells.length > header.fields.length && cells.slice(header.fields.length).some((cell) => cell.trim() !== '')) {
    return refuse('malformedRow', msg('it has {0} cells, the header {1}', cells.length, header.fields.length));
  }
  if (written === '') return refuse('noAddress', msg('the address is empty'));
  const parsed = parseAddress(written);
  if (!parsed.ok) return refuse('invalidAddress', parsed.reason);
  const first = seen?.add(foldAddress(parsed.address), line) ?? 0;
  if (first > 0) return refuse('duplicate', msg('same address as line {0}', first));
  const fields: Record<string, string> = {};
  for (const [index, field] of header.fields.entries()) fields[field.name] = cleanCell(cells[index] ?? '');
  return { line, address: parsed.address, fields };
}

function endlessRow(file: string, line: number): UserError {
  return new UserError(
    'endlessRow',
    msg('The row that begins here never ends: a quotation mark is not closed.'),
    msg('Close it, or double it where it belongs to the text.'),
    { file, line },
  );
}

function cleanCell(cell: string): string {
  const trimmed = cell.trim();
  return (trimmed.length > MAX_CELL ? trimmed.slice(0, MAX_CELL) : trimmed).replaceAll('\u0000', '');
}

function newlinesIn(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) count++;
  }
  return count;
}

async function* withEnd(text: AsyncIterable<string>): AsyncGenerator<string | null> {
  yield* text;
  yield null;
}
