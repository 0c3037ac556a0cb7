import { isAscii } from 'node:buffer';
import { byMark, type Detected, detectEncoding, type Encoding, FALLBACK, isBreak } from './detectEncoding.ts';

export type { Encoding } from './detectEncoding.ts';

/** How a list turned out to be written. */
export interface TextFacts {
  encoding: Encoding;
  /** Another encoding is possible. */
  guessed: boolean;
  /** Some of the text, where the encoding was guessed. */
  example: string;
  /** Lines that are not UTF-8 in a list that is: they were read as Windows-1252. */
  repaired: { count: number; lines: number[] };
  /** Of a workbook: which sheet was read, and which others hold addresses. */
  sheet?: string;
  otherSheets?: readonly string[];
}

/** Text of a list as it arrives, with line ends as `\n`; `facts` are whole at its end. */
export interface DecodedText extends AsyncIterable<string> {
  readonly facts: TextFacts;
}

/** How much of it is looked at, from the first byte beyond ASCII on. */
export const SAMPLE_BYTES = 65_536;
/** Text without any line end is cut here all the same. */
const MAX_LINE = 262_144;
const MAX_REPAIRED = 10;

/**
 * Decodes a list by its byte order mark, by zero bytes (UTF-16 without a mark), or by what stands from its first byte
 * beyond ASCII on. Before that byte all encodings are the same, so that nothing has to be read ahead.
 */
export function decodeText(source: AsyncIterable<Uint8Array>, encoding?: Encoding): DecodedText {
  const lines = new LineDecoder(encoding);
  async function* pieces(): AsyncGenerator<string> {
    let held: Uint8Array = new Uint8Array(0);
    let first = true;
    for await (const chunk of source) {
      const bytes = held.length > 0 ? join(held, chunk) : chunk;
      held = new Uint8Array(0);
      if (first && bytes.length < 4) {
        held = bytes;
        continue;
      }
      if (first) lines.begin(bytes);
      first = false;
      const at = lines.settled ? -1 : firstBeyondAscii(bytes);
      if (at >= 0 && bytes.length - at < SAMPLE_BYTES) {
        held = bytes;
        continue;
      }
      if (at >= 0) lines.settle(detectEncoding(bytes.subarray(wordStart(bytes, at), at + SAMPLE_BYTES), false));
      yield lines.decode(bytes, false);
    }
    if (first) lines.begin(held);
    const at = lines.settled ? -1 : firstBeyondAscii(held);
    if (at >= 0) lines.settle(detectEncoding(held.subarray(wordStart(held, at), at + SAMPLE_BYTES), true));
    yield lines.decode(held, true);
  }
  return { facts: lines.facts, [Symbol.asyncIterator]: pieces };
}

export function firstBeyondAscii(bytes: Uint8Array): number {
  if (isAscii(bytes)) return -1;
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] ?? 0) >= 0x80) return i;
  return -1;
}

/** Where the cell around a byte begins, as far as the buffer reaches. */
export function wordStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && at - start < 64 && !isBreak(bytes[start - 1] ?? 0)) start--;
  return start;
}

/** Bytes to text, by whole lines, so that a line in another encoding than the rest can be decoded separately. */
export class LineDecoder {
  readonly facts: TextFacts;
  #settled: boolean;
  #rest: Uint8Array = new Uint8Array(0);
  #line = 1;
  #start = true;

  constructor(encoding?: Encoding) {
    this.facts = { encoding: encoding ?? 'utf-8', guessed: false, example: '', repaired: { count: 0, lines: [] } };
    this.#settled = encoding !== undefined;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** The first bytes, which may be a byte order mark. */
  begin(bytes: Uint8Array): void {
    const mark = this.#settled ? null : byMark(bytes);
    if (mark) this.settle({ encoding: mark, sure: true, example: '' });
  }

  settle({ encoding, sure, example }: Detected): void {
    this.facts.encoding = encoding;
    this.facts.guessed = !sure;
    this.facts.example = sure ? '' : example;
    this.#settled = true;
  }

  decode(bytes: Uint8Array, last: boolean): string {
    const all = this.#rest.length > 0 ? join(this.#rest, bytes) : bytes;
    const end = last ? all.length : lineEnd(all, this.facts.encoding);
    this.#rest = all.slice(end);
    if (end === 0) return '';
    const text = decodeLines(all.subarray(0, end), this.facts, this.#line, this.#start);
    this.#start = false;
    if (this.facts.encoding === 'utf-8') this.#line += newlines(text);
    return text;
  }
}

/** Whole lines, or all that is left, as text with `\n`. `line` is the number of the first, for what is repaired. */
export function decodeLines(bytes: Uint8Array, facts: TextFacts, line: number, start: boolean): string {
  const { encoding } = facts;
  if (encoding !== 'utf-8') return plain(new TextDecoder(encoding, { ignoreBOM: !start }).decode(bytes));
  try {
    return plain(new TextDecoder('utf-8', { fatal: true, ignoreBOM: !start }).decode(bytes));
  } catch {
    return repair(bytes, facts, line, start);
  }
}

function repair(bytes: Uint8Array, { repaired }: TextFacts, line: number, start: boolean): string {
  let text = '';
  let number = line;
  for (let from = 0; from < bytes.length; number++) {
    const end = bytes.indexOf(0x0a, from);
    const part = bytes.subarray(from, end < 0 ? bytes.length : end + 1);
    try {
      text += plain(new TextDecoder('utf-8', { fatal: true, ignoreBOM: !start || from > 0 }).decode(part));
    } catch {
      text += plain(new TextDecoder(FALLBACK).decode(part));
      repaired.count++;
      if (repaired.lines.length < MAX_REPAIRED) repaired.lines.push(number);
    }
    from += part.length;
  }
  return text;
}

function plain(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

export function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** Where the last whole line ends; 0 when there is none. Text without line ends is cut where no character is. */
export function lineEnd(bytes: Uint8Array, encoding: Encoding): number {
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return lineEnd16(bytes, encoding === 'utf-16le' ? 0 : 1);
  const feed = bytes.lastIndexOf(0x0a);
  if (feed >= 0) return feed + 1;
  // Old Macs end lines by CR alone; before an LF it is half of one end.
  const carriage = bytes.length > 1 ? bytes.lastIndexOf(0x0d, bytes.length - 2) : -1;
  if (carriage >= 0 && bytes.length > 32_768) return carriage + 1;
  if (bytes.length < MAX_LINE) return 0;
  let end = bytes.length;
  while (end > bytes.length - 8 && (bytes[end - 1] ?? 0) >= 0x80) end--;
  return end;
}

function lineEnd16(bytes: Uint8Array, low: 0 | 1): number {
  const whole = bytes.length - (bytes.length % 2);
  for (let at = whole - 2; at >= 0; at -= 2) {
    if (bytes[at + low] === 0x0a && bytes[at + 1 - low] === 0) return at + 2;
  }
  if (whole < MAX_LINE) return 0;
  const high = bytes[whole - 1 - low] ?? 0;
  return (high & 0xfc) === 0xd8 ? whole - 2 : whole;
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
