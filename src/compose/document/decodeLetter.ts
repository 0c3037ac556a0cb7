import { isUtf8 } from 'node:buffer';

/**
 * The text of a letter's file: by its byte order mark, by zero bytes (UTF-16 without a mark), or else UTF-8 where it is
 * well-formed; where it is not, by the charset that its HTML declares, or Windows-1252. Nothing in it becomes U+FFFD.
 */
export function decodeLetter(bytes: Uint8Array): string {
  if (encodingOf(bytes) === 'windows-1252') {
    const written = declared(bytes);
    if (written !== undefined) return written;
  }
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf(bytes: Uint8Array): string {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (b === 0 && d === 0 && a !== 0 && a !== undefined) return 'utf-16le';
  if (a === 0 && c === 0 && b !== 0 && b !== undefined) return 'utf-16be';
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
}

/** Where a browser looks for it, and some lines of front matter before. */
const HEAD = 4_000;

function declared(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, HEAD)).toString('latin1');
  const label = /<meta\b[^>]{0,200}\bcharset\s{0,9}=\s{0,9}["']?([\w:-]{1,40})/i.exec(head)?.[1];
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
