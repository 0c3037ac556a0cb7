import { detail, faultDetails } from '../../shared/faultDetails.ts';
import type { Reply } from '../../shared/outcome.ts';
import { printable } from '../../shared/printable.ts';

/** Longest line and longest reply taken, in octets. RFC 5321 4.5.3.1.5 says 512; servers with long links exceed it. */
const MAX_LINE = 4096;
const MAX_REPLY = 65536;
/** How much of a reply's text is kept. */
const MAX_TEXT = 2000;

/** What a chunk contained. `malformed` ends the conversation: nothing after it can be attributed to a command. */
export interface ReadResult {
  replies: readonly LinedReply[];
  malformed: string;
}

/** Cuts a server's octets into replies (RFC 5321 4.2.1), over any split into chunks. */
export class ReplyReader {
  #rest: Buffer = Buffer.alloc(0);
  #lines: string[] = [];
  #size = 0;
  #malformed = '';

  /** Whether there are buffered octets that belong to no complete reply. */
  get pending(): boolean {
    return this.#rest.length > 0 || this.#lines.length > 0;
  }

  push(chunk: Buffer): ReadResult {
    const replies: LinedReply[] = [];
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    while (this.#malformed === '') {
      const lineEnd = data.indexOf(0x0a);
      if (lineEnd < 0) {
        if (data.length > MAX_LINE) this.#malformed = detail(faultDetails.replyLineTooLong);
        break;
      }
      const line = data.subarray(0, lineEnd > 0 && data[lineEnd - 1] === 0x0d ? lineEnd - 1 : lineEnd);
      data = data.subarray(lineEnd + 1);
      const reply = this.#line(line);
      if (reply) replies.push(reply);
    }
    this.#rest = data;
    return { replies, malformed: this.#malformed };
  }

  #line(octets: Buffer): LinedReply | undefined {
    const line = printable(octets.toString('utf8'));
    this.#size += octets.length;
    const shape = /^([2-5]\d\d)([ -]|$)/.exec(line);
    if (!shape) {
      this.#malformed =
        line === '' ? detail(faultDetails.emptyReplyLine) : detail(faultDetails.notAReply, line.slice(0, 200));
      return undefined;
    }
    if (octets.length > MAX_LINE || this.#size > MAX_REPLY) {
      this.#malformed = detail(faultDetails.replyTooLong);
      return undefined;
    }
    this.#lines.push(line.slice(4).trim());
    if (shape[2] === '-') return undefined;
    const reply = makeReply(Number(shape[1]), this.#lines);
    this.#lines = [];
    this.#size = 0;
    return reply;
  }
}

/** A reply with its lines kept apart: reading the EHLO reply needs them (RFC 5321 4.1.1.1). */
export interface LinedReply extends Reply {
  readonly lines: readonly string[];
}

/** The last line's code counts, whatever the codes of the others. */
function makeReply(code: number, lines: readonly string[]): LinedReply {
  const enhanced = /^[245]\.\d{1,3}\.\d{1,3}(?= |$)/.exec(lines[0] ?? '')?.[0] ?? '';
  const words = enhanced
    ? lines.map((line) =>
        line === enhanced || line.startsWith(`${enhanced} `) ? line.slice(enhanced.length + 1) : line,
      )
    : lines;
  const text = words
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ')
    .slice(0, MAX_TEXT);
  return { code, enhanced, text, lines };
}
