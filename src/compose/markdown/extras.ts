import type { MarkdownIt, Token } from 'markdown-it';

/**
 * Common syntax that plain Markdown lacks: `- [x]` tasks, `> [!NOTE]` boxes, `## Part {#part}` and
 * `[Go](…){.button}`. All of it used to be sent literally, so no existing letter relies on it.
 */
export function addExtras(md: MarkdownIt): void {
  md.core.ruler.after('inline', 'letter_extras', (state) => {
    const { tokens } = state;
    for (let index = 0; index < tokens.length; index++) {
      const token = tokens[index] as Token;
      if (token.type !== 'inline' || !token.children) continue;
      const before = tokens[index - 1];
      if (before?.type === 'heading_open') takeAttributes(token.children.at(-1), before);
      if (before?.type === 'paragraph_open') {
        if (tokens[index - 2]?.type === 'list_item_open') takeTask(token.children);
        if (tokens[index - 2]?.type === 'blockquote_open') takeNote(token.children, tokens[index - 2] as Token);
      }
      for (const [at, child] of token.children.entries())
        if (child.type === 'link_close') takeAttributes(token.children[at + 1], openOf(token.children, at), true);
    }
  });
}

/** The `link_open` that a `link_close` belongs to. */
function openOf(children: readonly Token[], close: number): Token | undefined {
  for (let at = close - 1; at >= 0; at--) if (children[at]?.type === 'link_open') return children[at];
  return undefined;
}

/** `{#id}` and `{.class}` after a heading's or a link's text. */
function takeAttributes(text: Token | undefined, owner: Token | undefined, atStart = false): void {
  if (text?.type !== 'text' || !owner) return;
  const form = atStart
    ? /^\{([#.][\w-]{1,60}(?: [#.][\w-]{1,60}){0,5})\}/
    : /[ \t]?\{([#.][\w-]{1,60}(?: [#.][\w-]{1,60}){0,5})\}$/;
  const found = form.exec(text.content);
  if (!found) return;
  for (const part of (found[1] ?? '').split(' '))
    if (part.startsWith('#')) owner.attrSet('id', part.slice(1));
    else owner.attrJoin('class', part.slice(1));
  text.content = atStart ? text.content.slice(found[0].length) : text.content.slice(0, found.index);
}

/** `[ ]` and `[x]` become symbols, because mail programs show no forms. */
function takeTask(children: Token[]): void {
  const [first] = children;
  const found = first?.type === 'text' ? /^\[([ xX])\] /.exec(first.content) : null;
  if (first && found) first.content = `${found[1] === ' ' ? '☐' : '☑'} ${first.content.slice(found[0].length)}`;
}

/** `[!NOTE]` on a quote's first line: its kind, in bold, and a class that a style sheet can name. */
function takeNote(children: Token[], quote: Token): void {
  const [first, second] = children;
  const kind =
    first?.type === 'text' ? /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]$/i.exec(first.content.trim())?.[1] : undefined;
  if (!first || !kind || (second && second.type !== 'softbreak')) return;
  quote.attrJoin('class', `note note-${kind.toLowerCase()}`);
  first.content = signs[kind.toUpperCase()] ?? '';
  if (second) second.type = 'hardbreak';
}

/** Symbols, not words: a letter may be in any language. */
const signs: Record<string, string> = { NOTE: 'ℹ️', TIP: '💡', IMPORTANT: '❗', WARNING: '⚠️', CAUTION: '🛑' };
