import { byMark, type Encoding, firstBeyondAscii, sequenceAt } from './decodeText.ts';

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
 * A list in blocks that can be decoded each for itself, so that reading may begin at any of them: no character and no
 * line end is cut. The text is the same as `decodeText` makes of the whole.
 */
export class BlockReader {
  readonly #list: ListFile;
  /** Byte at which each block begins; where its text begins in UTF-16 units. Grown as the list is walked through. */
  readonly #byteStarts: number[] = [];
  readonly #textStarts: number[] = [];
  #encoding: Encoding | null = null;

  constructor(list: ListFile) {
    this.#list = list;
  }

  get encoding(): Encoding {
    return this.#encoding ?? 'utf-8';
  }

  /** The whole text, block by block; notes where each begins. */
  async *all(): AsyncGenerator<string> {
    this.#byteStarts.length = 0;
    this.#textStarts.length = 0;
    this.#encoding = await this.#findEncoding();
    let textStart = 0;
    for (let at = 0; at < this.#list.size; ) {
      const block = await this.#block(at);
      this.#byteStarts.push(at);
      this.#textStarts.push(textStart);
      textStart += block.text.length;
      at = block.next;
      yield block.text;
    }
  }

  /** The text from this place on, block by block. Only after `all` has gone through. */
  async *from(textAt: number): AsyncGenerator<string> {
    let index = lastAtMost(this.#textStarts, textAt);
    let skip = textAt - (this.#textStarts[index] ?? 0);
    for (; index < this.#byteStarts.length; index++) {
      const { text } = await this.#block(this.#byteStarts[index] ?? 0);
      yield text.slice(skip);
      skip = 0;
    }
  }

  async #block(at: number): Promise<{ text: string; next: number }> {
    const bytes = await this.#list.read(at, BLOCK);
    const next = at + bytes.length;
    const length = next >= this.#list.size ? bytes.length : wholeLength(bytes, this.encoding);
    const decoder = new TextDecoder(this.encoding, { ignoreBOM: at > 0 });
    return { text: decoder.decode(bytes.subarray(0, length)).replace(/\r\n?/g, '\n'), next: at + length };
  }

  async #findEncoding(): Promise<Encoding> {
    for (let at = 0; at < this.#list.size; ) {
      const bytes = await this.#list.read(at, BLOCK);
      const mark = at === 0 ? byMark(bytes) : null;
      if (mark) return mark;
      const beyond = firstBeyondAscii(bytes);
      if (beyond >= 0) {
        const found = sequenceAt(await this.#list.read(at + beyond, 4), 0);
        return found === true ? 'utf-8' : 'windows-1252';
      }
      at += Math.max(1, bytes.length);
    }
    return 'utf-8';
  }
}

/** How many bytes to decode, so that neither a character nor CR LF is cut. */
function wholeLength(bytes: Uint8Array, encoding: Encoding): number {
  let end = bytes.length;
  switch (encoding) {
    case 'utf-8': {
      let start = end - 1;
      while (start > end - 4 && start > 0 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--;
      if (sequenceAt(bytes, start) === 'cut') end = start;
      break;
    }
    case 'utf-16le':
    case 'utf-16be': {
      end -= end % 2;
      const high = (at: number) => bytes[encoding === 'utf-16le' ? at + 1 : at] ?? 0;
      if (end >= 2 && (high(end - 2) & 0xfc) === 0xd8) end -= 2;
      break;
    }
    case 'windows-1252':
      break;
    default:
      encoding satisfies never;
  }
  const unit = encoding.startsWith('utf-16') ? 2 : 1;
  const low = bytes[encoding === 'utf-16be' ? end - 1 : end - unit] ?? 0;
  const rest = unit === 1 ? 0 : (bytes[encoding === 'utf-16be' ? end - 2 : end - 1] ?? 0);
  if (low === 0x0d && rest === 0) end -= unit;
  return end > 0 ? end : bytes.length;
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
