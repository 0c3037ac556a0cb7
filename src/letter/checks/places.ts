import type { Document } from '../../compose/document/document.ts';
import type { Place } from '../../shared/errors.ts';

/** The place of `length` characters at this offset of the document's text. */
export function placeAt(document: Document, offset: number, length: number): Place {
  const start = lineColumn(document.text, offset);
  const end = lineColumn(document.text, offset + length);
  return {
    file: document.path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}

/** The value of a front-matter key; the document's first line when it has no such key. */
export function placeOfKey(document: Document, key: string): Place {
  const place = document.places[key];
  return place ? { file: document.path, ...place.value, key } : { file: document.path, line: 1, column: 1 };
}

/** Where the body begins in the document's text. */
export function bodyOffset(document: Document): number {
  return document.text.length - document.body.length;
}

/** Where the value of a front-matter key begins in the document's text; -1 when it has none. */
export function valueOffset(document: Document, key: string): number {
  const span = document.places[key]?.value;
  if (!span) return -1;
  let offset = 0;
  for (let line = 1; line < span.line; line++) offset = document.text.indexOf('\n', offset) + 1;
  return offset + span.column - 1;
}

function lineColumn(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}
