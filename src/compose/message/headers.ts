import { oneLine } from '../liquid/safeHtml.ts';
import type { Mailbox } from '../newsletter.ts';

/** Header fields are ASCII, lines at most 78 characters where words allow it (RFC 5322 2.1.1), CRLF at the end. */

const PRINTABLE = /^[\x20-\x7e]*$/;

/** An unstructured field: subject and the like. */
export function textHeader(name: string, text: string): string {
  const line = oneLine(text);
  if (PRINTABLE.test(line) && !line.includes('=?') && longestWord(line) <= 900) return fold(`${name}: ${line}`);
  return `${name}: ${encodedWords(line, name.length + 2)}\r\n`;
}

/** A field whose value is already in its own syntax and has no line ends. */
export function rawHeader(name: string, value: string): string {
  return fold(`${name}: ${value}`);
}

/** A field kept on one line up to 998 octets: some verifiers and mail programs trip over a folded one. */
export function longHeader(name: string, value: string): string {
  const line = `${name}: ${value}`;
  return line.length <= 998 ? `${line}\r\n` : fold(line);
}

/** `Name <address>`, the name quoted or encoded as it needs. */
export function mailboxHeader(name: string, mailbox: Mailbox): string {
  const display = cutName(oneLine(mailbox.name));
  if (display === '') return fold(`${name}: ${mailbox.address}`);
  if (PRINTABLE.test(display) && !display.includes('=?')) {
    const word = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+$/.test(display)
      ? display
      : `"${display.replace(/["\\]/g, '\\$&')}"`;
    return fold(`${name}: ${word} <${mailbox.address}>`);
  }
  const words = encodedWords(display, name.length + 2);
  const lastLine = words.length - (words.lastIndexOf('\n') + 1) + (words.includes('\n') ? 0 : name.length + 2);
  const gap = lastLine + mailbox.address.length + 3 > 78 ? '\r\n ' : ' ';
  return `${name}: ${words}${gap}<${mailbox.address}>\r\n`;
}

/** At most 250 units, no character cut in two. */
function cutName(name: string): string {
  const cut = name.slice(0, 250);
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** For people: `Ada "Countess" Byron <ada@example.org>`. */
export function mailboxText(mailbox: Mailbox): string {
  const display = oneLine(mailbox.name);
  return display === '' ? mailbox.address : `${display} <${mailbox.address}>`;
}

function longestWord(line: string): number {
  if (line.length <= 900) return line.length;
  return line.split(' ').reduce((longest, word) => Math.max(longest, word.length), 0);
}

/** Breaks before spaces, so that unfolding gives the very same text back. */
export function fold(line: string): string {
  if (line.length <= 78) return `${line}\r\n`;
  let out = '';
  let start = 0;
  let lastSpace = -1;
  // A break after the field name would leave a line with nothing but the name.
  for (let at = line.indexOf(': ') + 2; at < line.length; at++) {
    if (line[at] !== ' ' || line[at + 1] === ' ' || at + 1 === line.length) continue;
    if (at - start > 78 && lastSpace > start) {
      out += `${line.slice(start, lastSpace)}\r\n`;
      start = lastSpace;
    }
    lastSpace = at;
  }
  if (line.length - start > 78 && lastSpace > start) {
    out += `${line.slice(start, lastSpace)}\r\n`;
    start = lastSpace;
  }
  return `${out}${line.slice(start)}\r\n`;
}

/** RFC 2047, each word at most 75 characters, characters never split; Q or B, whichever is shorter. */
export function encodedWords(text: string, column: number): string {
  const bytes = Buffer.byteLength(text);
  const encode = qWord(text).length <= Math.ceil(bytes / 3) * 4 ? 'Q' : 'B';
  const words: string[] = [];
  let chunk = '';
  /** Of the chunk: octets in UTF-8 for B, characters once encoded for Q. */
  let size = 0;
  // 75 minus `=?utf-8?Q?` and `?=`; the first line also holds the field's name.
  let room = Math.max(20, Math.min(63, 76 - 12 - column));
  const flush = () => {
    if (chunk === '') return;
    const body = encode === 'B' ? Buffer.from(chunk).toString('base64') : qWord(chunk);
    words.push(`=?utf-8?${encode}?${body}?=`);
    chunk = '';
    size = 0;
    room = 63;
  };
  for (const char of text) {
    const more = encode === 'B' ? Buffer.byteLength(char) : qWord(char).length;
    const full = encode === 'B' ? Math.ceil((size + more) / 3) * 4 : size + more;
    if (full > room) flush();
    chunk += char;
    size += more;
  }
  flush();
  return words.join('\r\n ');
}

const HEX = '0123456789ABCDEF';

/** What each octet becomes in a Q word. */
const Q_OCTETS = Array.from({ length: 256 }, (_, code) => {
  if (code === 32) return '_';
  const char = String.fromCharCode(code);
  return /[A-Za-z0-9!*+\-/]/.test(char) ? char : `=${HEX[code >> 4]}${HEX[code & 15]}`;
});

function qWord(text: string): string {
  let out = '';
  for (const code of Buffer.from(text)) out += Q_OCTETS[code];
  return out;
}

/** A parameter such as `; filename=…`: plain, quoted, or RFC 2231 in UTF-8, cut in sections when long. */
export function parameter(name: string, value: string): string {
  const clean = oneLine(value);
  if (/^[A-Za-z0-9._-]{1,50}$/.test(clean)) return `;\r\n ${name}=${clean}`;
  if (PRINTABLE.test(clean) && clean.length <= 50) return `;\r\n ${name}="${clean.replace(/["\\]/g, '\\$&')}"`;
  const sections: string[] = [];
  let section = '';
  for (const char of clean) {
    const encoded = /^[A-Za-z0-9._-]$/.test(char) ? char : percent(char);
    if (section.length + encoded.length > 50) {
      sections.push(section);
      section = '';
    }
    section += encoded;
  }
  sections.push(section);
  if (sections.length === 1) return `;\r\n ${name}*=utf-8''${sections[0]}`;
  return sections.map((part, index) => `;\r\n ${name}*${index}*=${index === 0 ? "utf-8''" : ''}${part}`).join('');
}

function percent(char: string): string {
  return [...Buffer.from(char)].map((code) => `%${code.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** RFC 5322 3.3, in UTC. */
export function formatDate(epochMs: number): string {
  const date = new Date(epochMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${days[date.getUTCDay()]}, ${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()} ${time} +0000`;
}
