import { visible } from './terminal.ts';

/** Where nobody says how wide the terminal is, and for pipes. */
const USUAL = 80;
/** Longer lines are hard to read. */
const MOST = 100;
/** Below this a column of descriptions has no room. */
const LEAST = 50;
/** Longer names have their description on the next line. */
const NAME = 24;

/** How wide a text for reading is on this terminal. */
export function textWidth(columns: number | undefined): number {
  return Math.min(MOST, Math.max(LEAST, columns || USUAL));
}

/** Lines of at most `width` columns, broken at spaces; no-break spaces hold. A longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line === '') line = word;
    else if (visible(line) + 1 + visible(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** The same with the first line at `first`, and the others further in. */
export function paragraph(text: string, width: number, first = '  ', further = first): string[] {
  const room = width - Math.max(first.length, further.length);
  return wrap(text, room).map((line, at) => (at === 0 ? first : further) + line);
}

/** Names with their descriptions beside them, each within its column. */
export function described(
  rows: readonly (readonly [name: string, what: string])[],
  width: number,
  paint: (line: string) => string,
): string[] {
  const column = Math.max(...rows.map(([name]) => name.length).filter((length) => length <= NAME));
  const indent = ' '.repeat(column + 4);
  return rows.flatMap(([name, what]) => {
    const lines = wrap(what, width - indent.length).map((line) => indent + paint(line));
    if (name.length > column) return [`  ${name}`, ...lines];
    const [first = '', ...others] = lines;
    return [`  ${name.padEnd(column)}  ${first.slice(indent.length)}`, ...others];
  });
}
