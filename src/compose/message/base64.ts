import { reserve, type Sink } from './quotedPrintable.ts';

/** Base64 in lines of 76 with CRLF after each (RFC 2045 6.8). */
export function base64Lines(bytes: Uint8Array): Buffer {
  const flat = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  const out = Buffer.allocUnsafe(flat.length + Math.ceil(flat.length / 76) * 2);
  let end = 0;
  for (let at = 0; at < flat.length; at += 76) {
    end += out.write(flat.slice(at, at + 76), end, 'latin1');
    out[end++] = 13;
    out[end++] = 10;
  }
  return out.subarray(0, end);
}

export function appendBytes(sink: Sink, bytes: Uint8Array): void {
  reserve(sink, bytes.length);
  sink.buffer.set(bytes, sink.end);
  sink.end += bytes.length;
  sink.column = 0;
}
