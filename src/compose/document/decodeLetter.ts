import { isUtf8 } from 'node:buffer';

/**
 * The text of a letter's file: by its byte order mark, by zero bytes (UTF-16 without a mark), or else UTF-8 where it is
 * well-formed and Windows-1252 where it is not. Nothing in it becomes U+FFFD.
 */
export function decodeLetter(bytes: Uint8Array): string {
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
