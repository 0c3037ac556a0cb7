/** Quoted-printable (RFC 2045 6.7) in pieces: what never changes is encoded once and copied for every message. */

const HEX = Buffer.from('0123456789ABCDEF', 'latin1');
/** The longest line, its soft break's "=" included. */
const LINE = 76;
const CR = 13;
const LF = 10;
const EQUALS = 61;
const DOT = 46;
const SPACE = 32;

const literal = new Uint8Array(256);
for (let code = 33; code <= 126; code++) literal[code] = 1;
literal[EQUALS] = 0;

/** A growing buffer with the column of its last line; `end` is where the next byte goes. */
export interface Sink {
  buffer: Buffer;
  end: number;
  column: number;
}

export function createSink(size: number): Sink {
  return { buffer: Buffer.allocUnsafe(size), end: 0, column: 0 };
}

export function reserve(sink: Sink, bytes: number): void {
  if (sink.end + bytes <= sink.buffer.length) return;
  const larger = Buffer.allocUnsafe(Math.max(sink.buffer.length * 2, sink.end + bytes));
  sink.buffer.copy(larger, 0, 0, sink.end);
  sink.buffer = larger;
}

/** A static text, encoded from column 0. */
export interface Encoded {
  bytes: Buffer;
  /** Length of its first line, and the column after its last byte. */
  firstLine: number;
  lastColumn: number;
  endsLine: boolean;
}

export function encodeStatic(text: string): Encoded {
  const sink = createSink(text.length * 2 + 64);
  encodeText(sink, text);
  const bytes = Buffer.from(sink.buffer.subarray(0, sink.end));
  const firstBreak = bytes.indexOf('\r\n');
  return {
    bytes,
    firstLine: firstBreak === -1 ? bytes.length : firstBreak,
    lastColumn: sink.column,
    endsLine: firstBreak !== -1,
  };
}

/** Appends an encoded static text, after a soft line break when its first line would not fit. */
export function appendStatic(sink: Sink, encoded: Encoded): void {
  const { bytes, firstLine } = encoded;
  reserve(sink, bytes.length + 3);
  // Without a line break of its own more may follow on the line, so room for "=" is kept.
  const room = encoded.endsLine ? LINE : LINE - 1;
  if (sink.column > 0 && sink.column + firstLine > room) softBreak(sink);
  bytes.copy(sink.buffer, sink.end);
  sink.end += bytes.length;
  sink.column = encoded.endsLine ? encoded.lastColumn : sink.column + encoded.lastColumn;
}

function softBreak(sink: Sink): void {
  const { buffer } = sink;
  buffer[sink.end++] = EQUALS;
  buffer[sink.end++] = CR;
  buffer[sink.end++] = LF;
  sink.column = 0;
}

const scratch: { buffer: Buffer } = { buffer: Buffer.allocUnsafe(65_536) };

/**
 * Appends a text; any of CR, LF and CRLF becomes CRLF. A space stands for itself only between two other characters
 * of a line, so that the result is its own relaxed canonical form (RFC 6376 3.4.4) and can be hashed as it is. A dot
 * never begins a line: no relay has to double it, and none that forgets to undo that can harm the letter.
 */
export function encodeText(sink: Sink, text: string): void {
  if (text.length * 3 > scratch.buffer.length) scratch.buffer = Buffer.allocUnsafe(text.length * 4);
  const source = scratch.buffer;
  const length = source.write(text, 0, 'utf8');
  // Worst case: three bytes for each, and a soft break of three every 73.
  reserve(sink, length * 3 + Math.ceil((length * 3) / 70) * 3 + 8);
  const out = sink.buffer;
  let { end, column } = sink;
  for (let at = 0; at < length; at++) {
    const code = source[at] as number;
    if (code === CR || code === LF) {
      if (code === CR && source[at + 1] === LF && at + 1 < length) at++;
      out[end++] = CR;
      out[end++] = LF;
      column = 0;
      continue;
    }
    const next = at + 1 < length ? (source[at + 1] as number) : LF;
    const plain =
      literal[code] === 1 ||
      (code === SPACE && next !== SPACE && next !== CR && next !== LF && column > 0 && out[end - 1] !== SPACE);
    const width = plain ? 1 : 3;
    // The last character of a line needs no place for "=", but whether it is the last is only known with the next.
    if (column + width > LINE - 1) {
      const lastOfLine = column + width <= LINE && at + 1 < length && (next === CR || next === LF);
      if (!lastOfLine) {
        out[end++] = EQUALS;
        out[end++] = CR;
        out[end++] = LF;
        column = 0;
      }
    }
    if (plain && !((code === SPACE || code === DOT) && column === 0)) {
      out[end++] = code;
      column++;
    } else {
      out[end++] = EQUALS;
      out[end++] = HEX[code >> 4] as number;
      out[end++] = HEX[code & 15] as number;
      column += 3;
    }
  }
  sink.end = end;
  sink.column = column;
}
