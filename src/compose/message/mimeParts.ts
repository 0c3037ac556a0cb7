import { cutCore, finishBetween, finishText } from '../html/textLines.ts';
import type { Program } from '../liquid/program.ts';
import { base64Lines } from './base64.ts';
import { appendStatic, encodeStatic, encodeText, reserve, type Sink } from './quotedPrintable.ts';

/** A text part whose unchanging pieces are already encoded. */
export interface TextPart {
  encoding: 'quoted-printable' | 'base64';
  /** The common start of all bodies of the part. */
  prefix: Uint8Array;
  /** Appends the part's body; `pieces` is what the program rendered. */
  append(sink: Sink, pieces: readonly string[]): void;
}

const NOTHING = new Uint8Array();

export function createTextPart(program: Program): TextPart {
  if (isBase64(program)) return base64Part((pieces) => pieces.join(''));
  const encoded = program.parts.map((part) => (typeof part === 'string' ? encodeStatic(part) : undefined));
  return {
    encoding: 'quoted-printable',
    prefix: encoded[0]?.bytes ?? NOTHING,
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

/** A text part that goes through `finishText`: only what stands next to a value is finished and encoded for each message. */
export function createFinishedPart(program: Program): TextPart {
  if (isBase64(program)) return base64Part((pieces) => finishText(pieces.join('')));
  const cuts = program.parts.map((part) => {
    const cut = typeof part === 'string' ? cutCore(part) : undefined;
    return cut && { ...cut, core: encodeStatic(cut.core) };
  });
  return {
    encoding: 'quoted-printable',
    prefix: cuts[0]?.before === '' ? cuts[0].core.bytes : NOTHING,
    append(sink, pieces) {
      sink.column = 0;
      let opens = true;
      let between = '';
      for (let index = 0; index < pieces.length; index++) {
        const cut = cuts[index];
        between += cut ? cut.before : pieces[index];
        if (!cut) continue;
        encodeText(sink, finishBetween(between, opens, false));
        appendStatic(sink, cut.core);
        opens = false;
        between = cut.after;
      }
      encodeText(sink, finishBetween(between, opens, true));
    },
  };
}

/** Quoted-printable triples non-ASCII octets; above a sixth of the characters base64 is shorter. */
function isBase64({ parts }: Program): boolean {
  const fixed = parts.map((part) => (typeof part === 'string' ? part : '')).join('');
  return Buffer.byteLength(fixed) - fixed.length > fixed.length / 3;
}

function base64Part(textOf: (pieces: readonly string[]) => string): TextPart {
  return {
    encoding: 'base64',
    prefix: NOTHING,
    append: (sink, pieces) => appendBase64(sink, textOf(pieces)),
  };
}

function appendBase64(sink: Sink, text: string): void {
  const lines = base64Lines(Buffer.from(text.replace(/\r\n?|\n/g, '\r\n')));
  reserve(sink, lines.length);
  lines.copy(sink.buffer, sink.end);
  sink.end += lines.length;
  sink.column = 0;
}
