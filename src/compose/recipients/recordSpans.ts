/** Where a record of a table lies, in units of its text. */
export interface RecordSpan {
  /** Line on which it begins, from 1. */
  line: number;
  start: number;
  /** Before its line end. */
  end: number;
  /** Behind its line end. */
  next: number;
  /** Cells it has. */
  cells: number;
}

/** The records of a table, in one pass. A line end is CR LF, LF or CR; between quotation marks it belongs to the cell. */
export function* recordSpans(text: string, delimiter: string, quote: string): Generator<RecordSpan> {
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const span: RecordSpan = { line, start: at, end: at, next: at, cells: 1 };
    let quoted = false;
    let fresh = true;
    for (; at < text.length; at++) {
      const char = text[at];
      const breaks = char === '\n' || (char === '\r' && text[at + 1] !== '\n');
      if (breaks) line++;
      if (quoted) {
        if (char !== quote) continue;
        if (text[at + 1] === quote) at++;
        else quoted = false;
      } else if (breaks) break;
      else if (char === quote && fresh) quoted = true;
      else if (char === delimiter) {
        span.cells++;
        fresh = true;
      } else if (char !== ' ') fresh = false;
    }
    span.next = Math.min(text.length, at + 1);
    span.end = at > span.start && text[at] === '\n' && text[at - 1] === '\r' ? at - 1 : at;
    at = span.next;
    yield span;
  }
}
