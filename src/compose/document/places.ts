import type { Place } from '../../shared/errors.ts';
import { TextLines } from '../../shared/textLines.ts';
import type { Document } from './documentTypes.ts';

const known = new WeakMap<Document, TextLines>();

/** The lines of the document's text; computed once. */
export function linesOf(document: Document): TextLines {
  let lines = known.get(document);
  if (!lines) {
    lines = new TextLines(document.text);
    known.set(document, lines);
  }
  return lines;
}

/** The place of `length` characters at this offset of the document's text. */
export function placeAt(document: Document, offset: number, length: number): Place {
  const lines = linesOf(document);
  const start = lines.at(offset);
  const end = lines.at(offset + length);
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
  return place ? { file: document.path, ...place.value, key } : { file: document.path, line: 1, column: 1, key };
}

/** The body's first character: for what has no better place. */
export function placeOfBody(document: Document): Place {
  return { file: document.path, line: document.bodyLine, column: 1 };
}

/** Where the body begins in the document's text. */
export function bodyOffset(document: Document): number {
  return document.text.length - document.body.length;
}

/** Where the value of a front-matter key begins in the document's text; -1 when it has none. */
export function valueOffset(document: Document, key: string): number {
  const span = document.places[key]?.value;
  return span ? linesOf(document).startOf(span.line) + span.column - 1 : -1;
}

/**
 * Finds sources in the body again, asked for in the order of the document: each search goes on where the last one
 * ended, so that a second image of the same name is not taken for the first, and many of them cost one pass.
 */
export class BodyFinder {
  readonly #document: Document;
  readonly #nowhere = new Set<string>();
  #at = 0;

  constructor(document: Document) {
    this.#document = document;
  }

  /** The body's first line when the source came in by way of the layout. */
  find(source: string): Place {
    const { body } = this.#document;
    const spellings = source.includes('%') ? [source, decoded(source)] : [source];
    for (const spelling of spellings) {
      if (spelling === '' || this.#nowhere.has(spelling)) continue;
      const ahead = body.indexOf(spelling, this.#at);
      const at = ahead >= 0 || this.#at === 0 ? ahead : body.indexOf(spelling);
      if (at < 0) {
        this.#nowhere.add(spelling);
        continue;
      }
      if (ahead >= 0) this.#at = at + spelling.length;
      return placeAt(this.#document, bodyOffset(this.#document) + at, spelling.length);
    }
    return placeOfBody(this.#document);
  }
}

function decoded(source: string): string {
  try {
    return decodeURIComponent(source);
  } catch {
    return source;
  }
}
