import type { MarkdownIt, StateBlock, Token } from 'markdown-it';
import { type Shield, tagDepth } from '../liquid/shield.ts';

/** Tags on lines of their own are a separate block: no paragraph around them. */
export function liquidBlock(shield: Shield) {
  return (state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean => {
    if ((state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false;
    if (!shield.onlyTags.test(lineOf(state, startLine))) return false;
    if (silent) return (state.parentType as string) !== 'table' || !belongsToTable(state, startLine, shield);
    let next = startLine + 1;
    while (next < endLine && shield.onlyTags.test(lineOf(state, next))) next++;
    const token = state.push('html_block', '', 0);
    token.map = [startLine, next];
    token.content = `${state.getLines(startLine, next, state.blkIndent, true).trim()}\n`;
    state.line = next;
    return true;
  };
}

/** `<{{ url }}>` is a link to the value, as `<https://…>` is one; never a tag named by it. */
export function liquidAutolink(md: MarkdownIt, shield: Shield): void {
  const output = shield.pattern.source.replace('([ot])', 'o');
  const whole = new RegExp(`^<(${output})>`);
  md.inline.ruler.before('autolink', 'liquid_autolink', (state, silent) => {
    const match = whole.exec(state.src.slice(state.pos, state.pos + 60));
    if (!match) return false;
    const value = match[1] as string;
    if (!silent) {
      state.push('link_open', 'a', 1).attrs = [['href', value]];
      state.push('text', '', 0).content = value;
      state.push('link_close', 'a', -1);
    }
    state.pos += match[0].length;
    return true;
  });
  // Tags that choose attributes: `<a {% if x %}href="…"{% endif %}>`, which is not valid HTML.
  const chosen = new RegExp(`^<[A-Za-z][\\w-]*\\s[^<>]*${shield.pattern.source.replace('([ot])', 't')}[^<>]*>`);
  md.inline.ruler.before('html_inline', 'liquid_html', (state, silent) => {
    if (state.src[state.pos] !== '<') return false;
    const match = chosen.exec(state.src.slice(state.pos, state.pos + 2000));
    if (!match) return false;
    if (!silent) state.push('html_inline', '', 0).content = match[0];
    state.pos += match[0].length;
    return true;
  });
  // A line that begins so is text as well, so that the rule above sees it.
  md.block.ruler.before('html_block', 'liquid_autolink', (state, startLine, endLine, silent) => {
    if (!whole.test(lineOf(state, startLine))) return false;
    if (silent) return false;
    let next = startLine + 1;
    while (next < endLine && lineOf(state, next).trim() !== '') next++;
    state.push('paragraph_open', 'p', 1).map = [startLine, next];
    const inline = state.push('inline', '', 0);
    inline.content = state.getLines(startLine, next, state.blkIndent, false).trim();
    inline.map = [startLine, next];
    inline.children = [];
    state.push('paragraph_close', 'p', -1);
    state.line = next;
    return true;
  });
}

function lineOf(state: StateBlock, line: number): string {
  return state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);
}

/**
 * Whether a tag line between table rows repeats or chooses rows: its block opens inside the table, after the line of
 * dashes, and rows follow. A block that was opened before the table ends it.
 */
function belongsToTable(state: StateBlock, line: number, shield: Shield): boolean {
  const depthOf = (at: number) =>
    [...lineOf(state, at).matchAll(shield.pattern)].reduce(
      (sum, match) => sum + tagDepth(shield.pieces[Number(match[2])]?.name ?? ''),
      0,
    );
  const known = openBlocks.get(state);
  let open = 0;
  for (let at = line - 1; at >= 0; at--) {
    // What was counted up to a line above, for that line, is not counted again.
    if (known?.line === at + 1) {
      open += known.open;
      break;
    }
    const text = lineOf(state, at);
    if (isDashes(text)) break;
    if (shield.onlyTags.test(text)) open += depthOf(at);
    else if (!text.includes('|')) break;
  }
  openBlocks.set(state, { line, open });
  if (open > 0) return true;
  const next = lineOf(state, line + 1);
  return depthOf(line) > 0 && next.includes('|') && !isDashes(lineOf(state, line + 2));
}

/** Of each text: how many blocks were opened in the table above a line. */
const openBlocks = new WeakMap<StateBlock, { line: number; open: number }>();

function isDashes(line: string): boolean {
  return line.includes('-') && /^[\s|:-]*$/.test(line);
}

/**
 * `{% if x %}text{% endif %}` as a whole paragraph, heading, list item or table row moves outside of it, so that
 * nothing, not an empty paragraph, is left when the condition fails.
 */
export function hoistBlocks(tokens: Token[], shield: Shield, makeToken: (type: string) => Token): Token[] {
  const block = (content: string) => {
    const token = makeToken('html_block');
    token.content = content;
    return token;
  };
  const out: Token[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as Token;
    if (token.type === 'tr_open') {
      let end = index + 1;
      while (end < tokens.length && tokens[end]?.type !== 'tr_close') end++;
      const cells = tokens.slice(index, end).filter((other) => other.type === 'inline');
      if (shield.onlyTags.test(cells[0]?.content ?? '') && cells.slice(1).every((cell) => cell.content === '')) {
        out.push(block(`${cells[0]?.content.trim()}\n`));
        index = end;
        continue;
      }
    }
    const wrapper =
      token.type === 'list_item_open' ? 2 : token.type === 'paragraph_open' || token.type === 'heading_open' ? 1 : 0;
    const inline = tokens[index + wrapper];
    const last = index + 2 * wrapper;
    if (wrapper > 0 && inline?.type === 'inline' && tokens[last]?.type === token.type.replace('_open', '_close')) {
      const split = wholeBlock(inline.content, shield);
      if (split) {
        inline.content = split.inside;
        out.push(block(`${split.open}\n`), ...tokens.slice(index, last + 1), block(`${split.close}\n`));
        index = last;
        continue;
      }
    }
    out.push(token);
  }
  return out;
}

function wholeBlock(content: string, shield: Shield): { open: string; inside: string; close: string } | undefined {
  const marks = [...content.matchAll(shield.pattern)].filter((match) => match[1] === 't');
  const first = marks[0];
  const last = marks.at(-1);
  if (!first || !last || first === last) return undefined;
  if (content.slice(0, first.index).trim() !== '' || content.slice(last.index + last[0].length).trim() !== '')
    return undefined;
  let depth = 0;
  for (const mark of marks) {
    const name = shield.pieces[Number(mark[2])]?.name ?? '';
    depth += tagDepth(name);
    if (depth === 0 && mark !== last) return undefined;
    if (depth === 1 && (name === 'else' || name === 'elsif' || name === 'when' || name === 'case')) return undefined;
  }
  if (depth !== 0) return undefined;
  const inside = content.slice(first.index + first[0].length, last.index).trim();
  return inside === '' ? undefined : { open: first[0], inside, close: last[0] };
}
