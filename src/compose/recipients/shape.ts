import Papa from 'papaparse';
import { msg, UserError } from '../../shared/errors.ts';
import { namesAddresses } from './addressColumn.ts';
import { readAddress } from './readAddress.ts';

/** How a list is written, and which of its first rows names the columns. */
export interface TableShape {
  delimiter: string;
  quote: '"' | "'";
  /** The first rows, the header among them, blank ones too. */
  rows: readonly (readonly string[])[];
  /** Index of the header in `rows`; -1 when all are blank. */
  header: number;
}

const delimiters = [';', ',', '\t', '|'];
/** Titles, notes and the preamble of an export take at most so many rows. */
const MAX_ABOVE = 30;
const SAMPLE_ROWS = 240;

/** Finds out from the beginning of a list how it is written. */
export function findShape(text: string): TableShape {
  const hint = /^[\s\ufeff]*"?sep=(\t|[^\s"])"?[ \t]*(?:\n|$)/i.exec(text);
  const quote = /^\s*'[^'\n]*' *[;,\t|] *'/.test(text) ? "'" : '"';
  const wanted = hint?.[1];
  const above = hint ? 1 : 0;
  const candidates = wanted ? [wanted] : inOrder(text);
  let best: TableShape | null = null;
  for (const delimiter of candidates) {
    const rows = parse(text, delimiter, quote, true, SAMPLE_ROWS).data;
    const first = rows.findIndex((cells, n) => n >= above && !isBlank(cells));
    const header = first < 0 ? -1 : headerRow(rows, first);
    const shape: TableShape = { delimiter, quote, rows, header };
    // A row that names addresses is the header, whichever separator stands more often above it.
    if (header >= 0 && rows[header]?.some(namesAddresses) && (rows[header]?.length ?? 0) > 1) return shape;
    best ??= shape;
  }
  return best ?? { delimiter: ',', quote, rows: [], header: -1 };
}

export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.replaceAll('\u001a', '').trim() === '');
}

/**
 * The first row, unless one below it names a column of addresses before any address stands; of several that do the one
 * with most names.
 */
function headerRow(rows: readonly (readonly string[])[], first: number): number {
  let best = -1;
  for (let at = first, seen = 0; at < rows.length && seen < MAX_ABOVE; at++) {
    const cells = rows[at] ?? [];
    if (isBlank(cells)) continue;
    seen++;
    if (cells.some((cell) => cell.includes('@') && readAddress(cell).ok)) break;
    if (!cells.some((cell) => cell.length < 60 && namesAddresses(cell))) continue;
    if (best < 0 || filled(cells) > filled(rows[best] ?? [])) best = at;
  }
  if (best >= 0) return best;
  return isComment(rows[first]) ? nextRow(rows, first) : first;
}

function filled(cells: readonly string[]): number {
  return cells.filter((cell) => cell.trim() !== '').length;
}

function isComment(cells: readonly string[] | undefined): boolean {
  return cells !== undefined && /^\s*(?:#|\/\/)/.test(cells[0] ?? '');
}

function nextRow(rows: readonly (readonly string[])[], first: number): number {
  const next = rows.findIndex((cells, at) => at > first && !isBlank(cells) && !isComment(cells));
  return next < 0 ? first : next;
}

/** The separators, the one that stands most often in the first line outside quotes first. */
function inOrder(text: string): string[] {
  const counts = new Map(delimiters.map((delimiter) => [delimiter, 0]));
  let quoted = false;
  let any = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (character === '\n' && !quoted) {
      if (any) break;
    } else if (!quoted && counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
    if (character.trim() !== '') any = true;
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const best = sorted[0]?.[1] ?? 0;
  if (best === 0) return [',', ...delimiters.filter((delimiter) => delimiter !== ',')];
  return sorted.map(([delimiter]) => delimiter);
}

/** Rows of a piece of text; without `last`, an unfinished one at its end is left: `cursor` is where it begins. */
export function parse(text: string, delimiter: string, quote: '"' | "'", last: boolean, preview = 0) {
  const config = { delimiter, newline: '\n', preview, quoteChar: quote } as Papa.ParseConfig;
  const parser = new Papa.Parser(config);
  const { data, errors, meta } = parser.parse(blanksInside(text, delimiter, quote), 0, !last) as Papa.ParseResult<
    string[]
  >;
  // A line end at the very end of the text begins no row.
  if (last && data.length > 0 && data.at(-1)?.length === 1 && data.at(-1)?.[0] === '') data.pop();
  return { data, errors, cursor: last ? text.length : meta.cursor };
}

/**
 * `a@…, "Ann, B"`: blanks between a separator and a quotation mark go behind the mark, where they are trimmed off. The
 * text keeps its length, so that places in it stay true.
 */
function blanksInside(text: string, delimiter: string, quote: string): string {
  const escaped = delimiter.replace(/[|\\^$*+?.()[\]{}]/g, '\\$&');
  if (!new RegExp(`(?:^|\\n|${escaped}) +${quote}`).test(text)) return text;
  let out = '';
  let from = 0;
  for (let at = 0; at < text.length; ) {
    // At the beginning of a cell.
    let start = at;
    while (text[start] === ' ') start++;
    if (text[start] === quote) {
      if (start > at) {
        out += text.slice(from, at) + quote + text.slice(at, start);
        from = start + 1;
      }
      at = quotedEnd(text, start + 1, quote);
    }
    while (at < text.length && text[at] !== delimiter && text[at] !== '\n') at++;
    at++;
  }
  return out + text.slice(from);
}

function quotedEnd(text: string, from: number, quote: string): number {
  let at = text.indexOf(quote, from);
  while (at >= 0 && text[at + 1] === quote) at = text.indexOf(quote, at + 2);
  return at < 0 ? text.length : at + 1;
}

const refusals: readonly { is: (text: string) => boolean; what: string }[] = [
  { is: (text) => /^\s*BEGIN:VCARD/i.test(text), what: 'vcard' },
  { is: (text) => /^(?:#[^\n]*\n|version:[^\n]*\n|[^\S\n]*\n)*dn::? /i.test(text), what: 'ldif' },
  { is: (text) => /^\s*<(?:!doctype|html|\?xml|table)/i.test(text), what: 'markup' },
  { is: (text) => /^\s*[[{]\s*["{[]/.test(text) && /["}\]]\s*$/.test(text.trimEnd()), what: 'json' },
];

/** Throws a UserError for text that is no table. */
export function refuseOtherText(text: string, file: string): void {
  const found = refusals.find(({ is }) => is(text))?.what;
  if (found === undefined) return;
  const place = { file, line: 1, column: 1 };
  switch (found) {
    case 'vcard':
      throw new UserError(
        'listKind',
        msg('This is a file of contacts (vCard), not a table.'),
        msg('Import it into your address book, and export that as CSV.'),
        place,
      );
    case 'ldif':
      throw new UserError(
        'listKind',
        msg('This is a directory export (LDIF), not a table.'),
        msg('Export the address book as CSV instead: in Thunderbird, Tools > Export > Comma Separated.'),
        place,
      );
    case 'json':
      throw new UserError('listKind', msg('This is JSON, not a table.'), msg('Export the list as CSV instead.'), place);
    default:
      throw new UserError(
        'listKind',
        msg('This is a web page, not a table.'),
        msg('Export the list as CSV instead. Check whether the download asked you to sign in.'),
        place,
      );
  }
}
