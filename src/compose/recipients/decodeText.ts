export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Text of a list as it arrives, with line ends as `\n`; `encoding` is right from the first piece on. */
export interface DecodedText extends AsyncIterable<string> {
  readonly encoding: Encoding;
}

/**
 * Decodes a list by its byte order mark, by zero bytes (UTF-16 without a mark), or by its first character beyond ASCII:
 * a well-formed UTF-8 sequence there means UTF-8, anything else Windows-1252. Before that character both are the same,
 * so nothing has to be read ahead.
 */
export function decodeText(source: AsyncIterable<Uint8Array>): DecodedText {
  let encoding: Encoding = 'utf-8';
  async function* pieces(): AsyncGenerator<string> {
    let settled = false;
    let decoder = new TextDecoder('utf-8');
    let held: Uint8Array = new Uint8Array(0);
    let first = true;
    let carry = '';
    const settle = (found: Encoding) => {
      encoding = found;
      settled = true;
      decoder = new TextDecoder(found);
    };
    const text = (bytes: Uint8Array, last: boolean): string => {
      const decoded = carry + decoder.decode(bytes, { stream: !last });
      carry = decoded.endsWith('\r') && !last ? '\r' : '';
      return (carry ? decoded.slice(0, -1) : decoded).replace(/\r\n?/g, '\n');
    };
    for await (const chunk of source) {
      const bytes = held.length > 0 ? join(held, chunk) : chunk;
      held = new Uint8Array(0);
      if (first) {
        if (bytes.length < 4) {
          held = bytes;
          continue;
        }
        first = false;
        const mark = byMark(bytes);
        if (mark) settle(mark);
      }
      if (!settled) {
        const at = firstBeyondAscii(bytes);
        if (at >= 0) {
          const found = sequenceAt(bytes, at);
          if (found === 'cut') {
            held = bytes;
            continue;
          }
          settle(found ? 'utf-8' : 'windows-1252');
        }
      }
      yield text(bytes, false);
    }
    if (held.length > 0 && !settled) {
      const at = firstBeyondAscii(held);
      settle(byMark(held) ?? (at < 0 || sequenceAt(held, at) === true ? 'utf-8' : 'windows-1252'));
    }
    yield text(held, true);
  }
  return {
    get encoding() {
      return encoding;
    },
    [Symbol.asyncIterator]: pieces,
  };
}

export function firstBeyondAscii(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] ?? 0) >= 0x80) return i;
  return -1;
}

export function byMark(bytes: Uint8Array): Encoding | null {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (b === 0 && d === 0 && a !== 0 && a !== undefined) return 'utf-16le';
  if (a === 0 && c === 0 && b !== 0 && b !== undefined) return 'utf-16be';
  return null;
}

/** Whether a well-formed multi-byte sequence begins at `at`; "cut" when the bytes end inside it. */
export function sequenceAt(bytes: Uint8Array, at: number): boolean | 'cut' {
  const lead = bytes[at] ?? 0;
  const length =
    lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  if (length === 0) return false;
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return 'cut';
    if (byte < 0x80 || byte > 0xbf) return false;
  }
  return true;
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
