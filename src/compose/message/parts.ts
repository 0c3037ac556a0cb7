import type { Program } from '../liquid/program.ts';
import { base64Lines } from './base64.ts';
import { appendStatic, type Encoded, encodeStatic, encodeText, reserve, type Sink } from './quotedPrintable.ts';

/** A text part whose unchanging pieces are already encoded. */
export interface TextPart {
  encoding: 'quoted-printable' | 'base64';
  /** Appends the part's body; `pieces` is what the program rendered. */
  append(sink: Sink, pieces: readonly string[]): void;
}

export function createTextPart(program: Program): TextPart {
  const fixed = program.parts.map((part) => (typeof part === 'string' ? part : '')).join('');
  const bytes = Buffer.byteLength(fixed);
  // Quoted-printable triples what is not ASCII; past a sixth of the characters base64 is the shorter.
  if (bytes - fixed.length > fixed.length / 3) {
    return { encoding: 'base64', append: (sink, pieces) => appendBase64(sink, pieces.join('')) };
  }
  const encoded: (Encoded | undefined)[] = program.parts.map((part) =>
    typeof part === 'string' ? encodeStatic(part) : undefined,
  );
  return {
    encoding: 'quoted-printable',
    append(sink, pieces) {
      sink.column = 0;
      for (let index = 0; index < pieces.length; index++) {
        const known = encoded[index];
        if (known) appendStatic(sink, known);
        else encodeText(sink, pieces[index] as string);
      }
    },
  };
}

/** A text part encoded anew for every message: pieces of it are changed after rendering. */
export function createPlainPart(program: Program, finish: (pieces: readonly string[]) => string): TextPart {
  const fixed = program.parts.map((part) => (typeof part === 'string' ? part : '')).join('');
  if (Buffer.byteLength(fixed) - fixed.length > fixed.length / 3)
    return { encoding: 'base64', append: (sink, pieces) => appendBase64(sink, finish(pieces)) };
  return {
    encoding: 'quoted-printable',
    append(sink, pieces) {
      sink.column = 0;
      encodeText(sink, finish(pieces));
    },
  };
}

function appendBase64(sink: Sink, text: string): void {
  const lines = base64Lines(Buffer.from(text.replace(/\r\n?|\n/g, '\r\n')));
  reserve(sink, lines.length);
  lines.copy(sink.buffer, sink.end);
  sink.end += lines.length;
  sink.column = 0;
}
