import { isAscii } from 'node:buffer';
import { isWireReady } from '../../shared/wireReady.ts';

const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;
const CRLF = Buffer.from('\r\n');
const EMPTY = Buffer.alloc(0);
const DOT_LINE = Buffer.from('\n.');

/** The message as DATA carries it, without the final dot line; if the composer has already stuffed it, it is only checked. */
export function dataOf(bytes: Uint8Array): Buffer {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const asItIs = isWireReady(bytes) && source[0] !== DOT && source.indexOf(DOT_LINE) < 0 && source.at(-1) === LF;
  return asItIs ? source : dotStuff(bytes);
}

/** The message as BDAT carries it (RFC 3030): the same as by DATA, with every dot as it is. */
export function chunkOf(bytes: Uint8Array): Buffer {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isWireReady(bytes) && source.at(-1) === LF ? source : dotStuff(bytes, false);
}

/**
 * The message as DATA carries it, without the final dot line (RFC 5321 4.5.2): a dot that begins a line is doubled, and
 * the last line is ended. Every bare CR or LF becomes CRLF first, so no variant of an end of data can be smuggled
 * through a server that takes `\n.\n` for one (CVE-2023-51764). Bytes that need nothing are not copied.
 */
export function dotStuff(bytes: Uint8Array, doubling = true): Buffer {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (source.length === 0) return CRLF;
  const parts: Buffer[] = [];
  let from = 0;
  const replace = (at: number, until: number, by: Buffer) => {
    if (at > from) parts.push(source.subarray(from, at));
    if (by.length > 0) parts.push(by);
    from = until;
  };
  const double = (at: number) => {
    if (doubling && source[at] === DOT) replace(at, at, source.subarray(at, at + 1));
  };
  double(0);
  let cr = source.indexOf(CR);
  let lf = source.indexOf(LF);
  while (cr >= 0 || lf >= 0) {
    let next: number;
    if (cr >= 0 && lf === cr + 1) {
      next = lf + 1;
      cr = source.indexOf(CR, next);
      lf = source.indexOf(LF, next);
    } else if (cr >= 0 && (lf < 0 || cr < lf)) {
      next = cr + 1;
      replace(cr, next, CRLF);
      cr = source.indexOf(CR, next);
    } else {
      next = lf + 1;
      replace(lf, next, CRLF);
      lf = source.indexOf(LF, next);
    }
    double(next);
  }
  const last = source[source.length - 1];
  if (last !== LF && last !== CR) replace(source.length, source.length, CRLF);
  if (from === 0 && parts.length === 0) return source;
  if (from < source.length) parts.push(source.subarray(from));
  return parts.length > 1 ? Buffer.concat(parts) : (parts[0] ?? EMPTY);
}

/** Whether any octet has its high bit set: the message then needs 8BITMIME (RFC 6152). */
export function isEightBit(bytes: Uint8Array): boolean {
  return !isAscii(bytes);
}
