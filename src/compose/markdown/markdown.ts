import MarkdownIt from 'markdown-it';
// @ts-expect-error: it has no types; it is an ordinary plugin.
import footnote from 'markdown-it-footnote';
import type { Shield } from '../liquid/shield.ts';
import { addExtras } from './extras.ts';
import { hoistBlocks, liquidAutolink, liquidBlock } from './liquidRules.ts';

/**
 * Markdown with its Liquid shielded, to HTML. Every block carries `data-line` with its line in the body (from 0) when
 * `lines` is set: the preview scrolls by it; mail is made without.
 */
export function renderMarkdown(shield: Shield, options: { lines: boolean } = { lines: false }): string {
  const md = new MarkdownIt({ html: true, linkify: true, typographer: false });
  md.linkify.set({ fuzzyLink: false, fuzzyEmail: true });
  md.block.ruler.before('table', 'liquid', liquidBlock(shield), {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  });
  liquidAutolink(md, shield);
  md.use(footnote);
  addExtras(md);
  md.core.ruler.after('block', 'liquid_hoist', (state) => {
    state.tokens = hoistBlocks(state.tokens, shield, (type) => new state.Token(type, '', 0));
  });
  md.core.ruler.push('button', (state) => {
    for (const [index, token] of state.tokens.entries()) {
      const children = token.children?.filter((child) => child.type !== 'text' || child.content.trim() !== '') ?? [];
      const open = state.tokens[index - 1];
      const lonely =
        open?.type === 'paragraph_open' &&
        children[0]?.type === 'strong_open' &&
        children[1]?.type === 'link_open' &&
        children.at(-2)?.type === 'link_close' &&
        children.at(-1)?.type === 'strong_close' &&
        children.filter((child) => child.type === 'link_open' || child.type === 'strong_open').length === 2;
      const named =
        children[0]?.type === 'link_open' &&
        children.length > 1 &&
        /\bbutton\b/.test(String(children[0].attrGet('class') ?? ''));
      if (lonely || (named && open?.type === 'paragraph_open' && children.at(-1)?.type === 'link_close'))
        open?.attrJoin('class', 'button');
    }
    for (const token of state.tokens) if (token.type === 'th_open') token.attrSet('scope', 'col');
    if (options.lines)
      for (const token of state.tokens)
        if (token.map && token.nesting === 1) token.attrSet('data-line', String(token.map[0]));
  });
  return md.render(shield.text);
}
