import {
  decodeLines,
  firstBeyondAscii,
  LineDecoder,
  lineEnd,
  newlines,
  SAMPLE_BYTES,
  type TextFacts,
  wordStart,
} from './decodeText.ts';
import { detectEncoding, type Encoding } from './detectEncoding.ts';

/** A list that can be read from any byte on: a file, or the text of an editor. */
export interface ListFile {
  size: number;
  /** Up to `length` bytes from `offset`; fewer only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export function memoryList(bytes: Uint8Array): ListFile {
  return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}

const BLOCK = 32768;

/**
 * A list in blocks of whole lines that can be decoded each for itself, so that reading may begin at any of them. The text
 * is the same as `decodeText` makes of the whole.
 */
export class BlockReader {
  readonly #list: ListFile;
  /** Byte at which each block begins; where its text begins in UTF-16 units. Grown as the list is walked through. */
  readonly #byteStarts: number[] = [];
  readonly #textStarts: number[] = [];
  readonly #wanted: Encoding | undefined;
  #facts: TextFacts;

  constructor(list: ListFile, encoding?: Encoding) {
    this.#list = list;
    this.#wanted = encoding;
    this.#facts = new LineDecoder(encoding).facts;
  }

  get facts(): TextFacts {
    return this.#facts;
  }

  /** The whole text, block by block; notes where each begins. */
  async *all(): AsyncGenerator<string> {
    this.#byteStarts.length = 0;
    this.#textStarts.length = 0;
    this.#facts = await this.#findEncoding();
    let textStart = 0;
    let line = 1;
    for (let at = 0; at < this.#list.size; ) {
      const block = await this.#block(at, this.#facts, line);
      this.#byteStarts.push(at);
      this.#textStarts.push(textStart);
      textStart += block.text.length;
      line += newlines(block.text);
      at = block.next;
      yield block.text;
    }
  }

  /** The text from this place on, block by block. Only after `all` has gone through. */
  async *from(textAt: number): AsyncGenerator<string> {
    let index = lastAtMost(this.#textStarts, textAt);
    let skip = textAt - (this.#textStarts[index] ?? 0);
    const { encoding } = this.#facts;
    const facts: TextFacts = { encoding, guessed: false, example: '', repaired: { count: 0, lines: [] } };
    for (; index < this.#byteStarts.length; index++) {
      const { text } = await this.#block(this.#byteStarts[index] ?? 0, facts, 1);
      yield text.slice(skip);
      skip = 0;
    }
  }

  async #block(at: number, facts: TextFacts, line: number): Promise<{ text: string; next: number }> {
    for (let length = BLOCK; ; length *= 4) {
      const bytes = await this.#list.read(at, length);
      const last = at + bytes.length >= this.#list.size;
      const end = last ? bytes.length : lineEnd(bytes, facts.encoding);
      if (end > 0 || bytes.length === 0)
        return { text: decodeLines(bytes.subarray(0, end), facts, line, at === 0), next: at + Math.max(1, end) };
    }
  }

  async #findEncoding(): Promise<TextFacts> {
    const lines = new LineDecoder(this.#wanted);
    lines.begin(await this.#list.read(0, 4));
    for (let at = 0; at < this.#list.size && !lines.settled; ) {
      const bytes = await this.#list.read(at, BLOCK);
      const beyond = firstBeyondAscii(bytes);
      if (beyond >= 0) {
        const from = at + wordStart(bytes, beyond);
        const sample = await this.#list.read(from, at + beyond - from + SAMPLE_BYTES);
        lines.settle(detectEncoding(sample, from + sample.length >= this.#list.size));
      }
      at += Math.max(1, bytes.length);
    }
    return lines.facts;
  }
}

/** Index of the last entry of an ascending list that is at most `value`. */
export function lastAtMost(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
