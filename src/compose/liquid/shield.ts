import { Tokenizer, TokenKind, type TopLevelToken } from 'liquidjs';

export interface LiquidPiece {
  kind: 'tag' | 'output';
  /** Tag name (`if`, `endfor`); '' for an output. */
  name: string;
  source: string;
}

/**
 * Liquid taken out of a text and replaced by words that Markdown, HTML and CSS parsers leave alone in any
 * context, so that quotes, pipes and brackets in it are seen by Liquid only.
 */
export interface Shield {
  text: string;
  pieces: readonly LiquidPiece[];
  /** What every placeholder begins with, and nothing else in the text contains. */
  word: string;
  /** Matches one placeholder; groups: `o` or `t`, index. Global. */
  pattern: RegExp;
  /** Matches a text that is nothing but tags and space. */
  onlyTags: RegExp;
  restore(text: string): string;
  piece(standIn: string): LiquidPiece | undefined;
}

/** Throws liquidjs' TokenizationError for an output or a tag that is not closed. */
export function shieldLiquid(source: string): Shield {
  let word = 'zlq';
  while (source.toLowerCase().includes(word)) word += 'q';
  const pieces: LiquidPiece[] = [];
  let text = '';
  let at = 0;
  for (const token of new Tokenizer(source).readTopLevelTokens() as TopLevelToken[]) {
    if (token.kind === TokenKind.HTML) continue;
    const kind = token.kind === TokenKind.Tag ? 'tag' : 'output';
    text += `${source.slice(at, token.begin)}${word}${kind[0]}${pieces.length}z`;
    const own = source.slice(token.begin, token.end);
    pieces.push({ kind, source: own, name: kind === 'tag' ? (/^\{%-?\s*([\w#]+)/.exec(own)?.[1] ?? '') : '' });
    at = token.end;
  }
  text += source.slice(at);
  const pattern = new RegExp(`${word}([ot])(\\d+)z`, 'g');
  const piece = (standIn: string) => {
    const index = new RegExp(pattern.source).exec(standIn)?.[2];
    return index === undefined ? undefined : pieces[Number(index)];
  };
  return {
    text,
    pieces,
    word,
    pattern,
    onlyTags: new RegExp(`^\\s*(?:${word}t\\d+z\\s*)+$`),
    restore: (changed) => changed.replace(pattern, (_, __, index: string) => pieces[Number(index)]?.source ?? ''),
    piece,
  };
}

const openers = new Set(['if', 'unless', 'for', 'case', 'tablerow', 'capture']);

/** +1 for a tag that opens a block, -1 for one that closes it, 0 for the rest. */
export function tagDepth(name: string): number {
  if (openers.has(name)) return 1;
  return name.startsWith('end') && openers.has(name.slice(3)) ? -1 : 0;
}
