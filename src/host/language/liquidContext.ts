/** The Liquid context of a position in a text. Offsets are those of that text. */
export type LiquidContext =
  /** A field name is written or could be; `from` to `to` is the existing text. */
  | { kind: 'field'; name: string; from: number; to: number; closed: boolean }
  | { kind: 'filter'; name: string; from: number; to: number }
  | { kind: 'tag'; name: string; from: number; to: number; closed: boolean }
  | null;

const WORD = /[\p{L}\p{N}_-]/u;

/** What stands at this offset: looks back to the last unclosed `{{` or `{%` and forward to the end of the word. */
export function liquidContextAt(text: string, offset: number): LiquidContext {
  const open = Math.max(text.lastIndexOf('{{', offset - 2), text.lastIndexOf('{%', offset - 2));
  if (open === -1 || offset - open > 1000) return null;
  const isOutput = text.startsWith('{{', open);
  const before = text.slice(open + 2, offset);
  if (before.includes(isOutput ? '}}' : '%}')) return null;
  const inside = before.replace(/^-/, '');
  if (insideQuotes(inside)) return null;
  let from = offset;
  while (from > open + 2 && WORD.test(text[from - 1] ?? '')) from--;
  let to = offset;
  while (WORD.test(text[to] ?? '')) to++;
  const name = text.slice(from, to);
  const rest = text.slice(to, to + 200);
  const closed = /^[^{}%\n]*(?:\}\}|%\})/.test(rest);
  const lead = text
    .slice(open + 2, from)
    .replace(/^-/, '')
    .trim();
  if (lead.endsWith('|')) return { kind: 'filter', name, from, to };
  if (lead.endsWith('.')) return null;
  if (isOutput) {
    if (lead === '' || /[,:]$/.test(lead)) return { kind: 'field', name, from, to, closed };
    return null;
  }
  if (lead === '') return { kind: 'tag', name, from, to, closed };
  if (/^(?:if|unless|elsif|case|when|for|assign|tablerow)\b/.test(lead)) {
    if (lead === 'for' || lead === 'assign') return null;
    return { kind: 'field', name, from, to, closed };
  }
  return null;
}

function insideQuotes(text: string): boolean {
  let quote = '';
  for (const character of text) {
    if (quote === '') {
      if (character === '"' || character === "'") quote = character;
    } else if (character === quote) quote = '';
  }
  return quote !== '';
}

export interface LiquidBlock {
  /** Lines from 0. */
  start: number;
  end: number;
}

const opening = new Set(['if', 'unless', 'for', 'case', 'tablerow', 'capture', 'comment', 'raw']);

/** Blocks of Liquid over more than one line, for folding; unclosed ones are skipped. */
export function liquidBlocks(text: string): LiquidBlock[] {
  const blocks: LiquidBlock[] = [];
  const open: { name: string; line: number }[] = [];
  let line = 0;
  let at = 0;
  // Only what is closed: behind the last end each beginning would be looked for to the end of the text.
  for (const match of text.slice(0, text.lastIndexOf('%}') + 2).matchAll(/\{%-?\s*(\w+)[\s\S]*?%\}/g)) {
    line += newlines(text.slice(at, match.index));
    at = match.index;
    const name = match[1] ?? '';
    if (opening.has(name)) open.push({ name, line });
    else if (name.startsWith('end')) {
      const index = open.findLastIndex((block) => block.name === name.slice(3));
      const block = open[index];
      if (!block) continue;
      open.length = index;
      if (line > block.line) blocks.push({ start: block.line, end: line });
    }
  }
  return blocks;
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
