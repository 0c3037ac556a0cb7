import { msg, type Text } from './errors.ts';
import { type FaultDetail, faultDetails, type Slot } from './faultDetails.ts';
import { type Reply, replyText } from './outcome.ts';
import { platformDetails } from './platformDetails.ts';
import type { Words } from './words.ts';

/** A detail is in a detail at most so often. */
const DEEPEST = 3;
const known = [...Object.values(faultDetails), ...platformDetails].map(({ text, slots }: FaultDetail) => ({
  text,
  slots,
  pieces: text.template.split(/\{\d\}/),
}));

/**
 * A fault's detail as a sentence that can be translated. What is not known, such as a server's reply, stays as it is.
 * Takes time linear in the detail, which strangers have a part in.
 */
export function detailText(detail: string, words: Pick<Words, 'bytes'>): Text | string {
  return recognized(detail, words, DEEPEST) ?? hostBefore(detail, words) ?? detail;
}

/** The same, in the reader's language. */
export function detailWords(detail: string, words: Words): string {
  const text = detailText(detail, words);
  return typeof text === 'string' ? text : words.say(text);
}

/** A row's last reply in one line. Without a code there was none: its text is our own. */
export function replyWords(reply: Reply, words: Words): string {
  return reply.code > 0 ? replyText(reply) : detailWords(reply.text, words);
}

/** The test of direct delivery names the mail server first. */
function hostBefore(detail: string, words: Pick<Words, 'bytes'>): Text | undefined {
  const at = detail.indexOf(': ');
  const host = detail.slice(0, Math.max(at, 0));
  const text = isWord(host) ? recognized(detail.slice(at + 2), words, DEEPEST) : undefined;
  return text && msg('{0}: {1}', host, text);
}

function recognized(detail: string, words: Pick<Words, 'bytes'>, depth: number): Text | undefined {
  for (const { text, slots, pieces } of known) {
    const parts = partsOf(detail, pieces);
    if (!parts?.every((part, index) => fits(part, slots[index]))) continue;
    if (text === faultDetails.tooLarge.text) return sizes(parts.map(Number), words);
    const args = parts.map((part, index) => {
      if (slots[index] === 'figure') return Number(part);
      return slots[index] === 'detail' && depth > 0 ? (recognized(part, words, depth - 1) ?? part) : part;
    });
    return { template: text.template, args };
  }
  return undefined;
}

/** Sizes that would look alike are told apart by their bytes. */
function sizes([size = 0, limit = 0]: readonly number[], words: Pick<Words, 'bytes'>): Text {
  return size < limit * 1.2
    ? msg('the message has {0} bytes; the server takes {1}', size, limit)
    : msg('the message has {0}; the server takes {1}', words.bytes(size), words.bytes(limit));
}

/** What stands in each slot, which are in order, or undefined where the rest is not the template's. */
function partsOf(detail: string, [first = '', ...others]: readonly string[]): string[] | undefined {
  if (others.length === 0) return detail === first ? [] : undefined;
  if (!detail.startsWith(first)) return undefined;
  const parts: string[] = [];
  let at = first.length;
  for (const [index, piece] of others.entries()) {
    const last = index === others.length - 1;
    const next = last ? detail.length - piece.length : detail.indexOf(piece, at);
    if (next < at || (last && !detail.endsWith(piece))) return undefined;
    parts.push(detail.slice(at, next));
    at = next + piece.length;
  }
  return parts;
}

function fits(part: string, slot: Slot | undefined): boolean {
  if (typeof slot === 'object') return slot.includes(part);
  if (slot === 'word') return isWord(part);
  return slot === 'figure' || slot === 'octets' ? /^\d{1,15}$/.test(part) : true;
}

function isWord(part: string): boolean {
  return part !== '' && !/\s/.test(part);
}
