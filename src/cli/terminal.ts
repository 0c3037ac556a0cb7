import { once } from 'node:events';
import { displayWidth } from '../shared/displayWidth.ts';
import { spanText } from '../shared/duration.ts';
import { say, words } from './words.ts';

const colour = process.stdout.isTTY && !process.env.NO_COLOR;

/** Placeholder for `ESC [` in our own colours until it is written. It is unguessable, so no untrusted text can have a colour. */
const OWN = `\u001b${Math.random().toString(36).slice(2)}`;

const paint = (code: number) => (text: string) => (colour ? `${OWN}${code}m${text}${OWN}0m` : text);

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);
export const yellow = paint(33);

export function print(text = ''): void {
  process.stdout.write(`${safe(text)}\n`);
}

/** On standard error. */
export function printError(text: string): void {
  process.stderr.write(`${safe(text)}\n`);
}

/** Lists, documents and servers are untrusted: their text must not move the cursor, recolour or reverse anything. */
export function safe(text: string): string {
  return text.split(OWN).map(withoutControls).join('\u001b[');
}

function withoutControls(text: string): string {
  return text.replace(/\t/g, ' ').replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '�');
}

/** Untrusted text within a line of ours: it starts no new line and has no colour. */
export function oneLine(text: string): string {
  return withoutControls(text.replace(/[\r\n\u0085\u2028\u2029]+/g, ' '));
}

/** Waits while the reader of our output is slower than we are. */
export async function flowing(): Promise<void> {
  if (process.stdout.writableNeedDrain) {
    await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'close')]).catch(() => {});
  }
}

/** One JSON object on a line, for `--json`. */
export function printJson(object: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(object)}\n`);
}

export function span(ms: number): string {
  return say(spanText(ms));
}

export function number(value: number): string {
  return words.number(value);
}

export function clockTime(at: number, now = Date.now()): string {
  return words.time(at, now);
}

/** Columns padded to their widest cell, two spaces between; the last one is not padded. */
export function table(rows: readonly (readonly string[])[], indent = '  '): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, visible(cell));
  return rows
    .map((row) => indent + row.map((cell, i) => (i === row.length - 1 ? cell : pad(cell, widths[i] ?? 0))).join('  '))
    .join('\n');
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - visible(text)));
}

/** The columns it takes, without our colours. */
export function visible(text: string): number {
  const [first = '', ...coloured] = text.split(OWN);
  return displayWidth(first + coloured.map((piece) => piece.slice(piece.indexOf('m') + 1)).join(''));
}
