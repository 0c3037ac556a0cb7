import { type AnyNode, type Element, isTag, isText, type ParentNode } from 'domhandler';
import { findAll, findOne, textContent } from 'domutils';
import { displayWidth } from '../../shared/displayWidth.ts';
import { encodeQueryValues } from '../liquid/queryValues.ts';
import type { Shield } from '../liquid/shield.ts';
import { alignTable, CELL_END, HEAD, NUMBER, ROW_END } from '../liquid/tags.ts';
import { trimLineEnds } from './textLines.ts';

/**
 * The plain-text part of a letter, as a template with its Liquid shielded: links as `words (address)`, lists and
 * tables kept, one line per paragraph (mail programs wrap automatically).
 */
export function domToText(root: ParentNode, shield: Shield): string {
  return trimLineEnds(joinBlocks(blocksOf(root.children, shield), shield)).trim();
}

const skipped = new Set(['style', 'script', 'head', 'title', 'meta', 'link', 'template', 'noscript', 'object']);
const blockNames = new Set(
  'address article aside blockquote center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html body li main nav ol p pre section summary table tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
);

const HIDDEN =
  /(?:^|[;\s])(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden|opacity\s{0,9}:\s{0,9}0(?:\.0+)?(?=\s*(?:;|!|$))|mso-hide\s{0,9}:\s{0,9}all|max-height\s{0,9}:\s{0,9}0)/i;

function hidden(element: Element): boolean {
  return skipped.has(element.name) || HIDDEN.test(element.attribs.style ?? '') || 'hidden' in element.attribs;
}

function joinBlocks(blocks: string[], shield: Shield): string {
  let text = '';
  for (const [index, block] of blocks.entries()) {
    // A line of tags becomes an empty line when rendered: single breaks around it make one blank line.
    const tight = index === 0 || shield.onlyTags.test(block) || shield.onlyTags.test(blocks[index - 1] ?? '');
    const shown = shield.onlyTags.test(block) ? undashed(block, shield) : block;
    text += index === 0 ? shown : tight ? `\n${shown}` : `\n\n${shown}`;
  }
  return text;
}

/** `{%-` on its own line is meant for the HTML; here it would join paragraphs. */
function undashed(block: string, shield: Shield): string {
  return block.replace(shield.pattern, (_, __, index: string) =>
    (shield.pieces[Number(index)]?.source ?? '').replace(/^\{%-/, '{%').replace(/-%\}$/, '%}'),
  );
}

function blocksOf(nodes: readonly AnyNode[], shield: Shield): string[] {
  const blocks: string[] = [];
  let run: AnyNode[] = [];
  const flush = () => {
    const text = inline(run, shield)
      .replace(/ ?\n ?/g, '\n')
      .trim();
    run = [];
    if (text !== '') blocks.push(text);
  };
  for (const node of nodes) {
    if (isTag(node) && (blockNames.has(node.name) || containsBlock(node))) {
      flush();
      if (!hidden(node)) blocks.push(...block(node, shield));
    } else run.push(node);
  }
  flush();
  return blocks;
}

function containsBlock(element: Element): boolean {
  return findOne((child) => blockNames.has(child.name), element.children, true) !== null;
}

function block(element: Element, shield: Shield): string[] {
  const inside = () => blocksOf(element.children, shield);
  switch (element.name) {
    case 'h1':
    case 'h2': {
      const text = joinBlocks(inside(), shield);
      if (text === '') return [];
      const width = Math.min(60, displayWidth(text.replace(shield.pattern, '12345678')));
      return [`${text}\n${(element.name === 'h1' ? '=' : '-').repeat(width)}`];
    }
    case 'hr':
      return ['* * *'];
    case 'pre':
      return [textContent(element).replace(/\n$/, '')];
    case 'ul':
    case 'ol':
      return [list(element, shield)];
    case 'blockquote':
      return [joinBlocks(inside(), shield).replace(/^/gm, '> ')];
    case 'table':
      return isDataTable(element) ? [table(element, shield)] : inside();
    default:
      return inside();
  }
}

function list(element: Element, shield: Shield): string {
  let number = Number.parseInt(element.attribs.start ?? '1', 10) || 1;
  // A loop repeats items, and a condition may leave one out: their numbers are known only when rendered.
  const counted = element.name === 'ol' && element.children.some((child) => isText(child) && child.data.trim() !== '');
  let text = '';
  let loose = false;
  for (const child of element.children) {
    if (isTag(child) && child.name === 'li') {
      const blocks = blocksOf(child.children, shield);
      loose ||= blocks.length > 1 && blocks.filter((item) => !/^(?:- |\d+\. )/.test(item)).length > 1;
      const mark = element.name !== 'ol' ? '- ' : counted ? `${NUMBER} ` : `${number++}. `;
      const body = blocks.join(loose ? '\n\n' : '\n').replace(/\n(?=.)/g, `\n${' '.repeat(mark.length)}`);
      text += `${mark}${body}\n`;
    } else if (isText(child) && child.data.trim() !== '') {
      // Tags between items are set close to them, so that a chosen or repeated item leaves no blank line.
      text += child.data.trim();
    }
  }
  const whole = text.trimEnd();
  return counted ? `{% envoi_numbers %}${NUMBER}${number}\n${whole}{% endenvoi_numbers %}` : whole;
}

function isDataTable(element: Element): boolean {
  if (/^(?:presentation|none)$/.test(element.attribs.role ?? '')) return false;
  const cells = findAll((child) => child.name === 'td' || child.name === 'th', element.children);
  // A row with headings only is not a header, and whole paragraphs are not cells: such tables are layout columns.
  return (
    cells.some((cell) => cell.name === 'th') &&
    new Set(cells.map((cell) => cell.parent)).size > 1 &&
    !cells.some(isLayoutCell)
  );
}

function isLayoutCell(cell: Element): boolean {
  const blocks = findAll((child) => blockNames.has(child.name), cell.children);
  return blocks.length > 1 || blocks.some((block) => /^(?:table|h[1-6]|ul|ol|div)$/.test(block.name));
}

function table(element: Element, shield: Shield): string {
  let rows = '';
  let first = true;
  const walk = (nodes: readonly AnyNode[]): void => {
    for (const node of nodes) {
      if (isText(node)) rows += node.data.trim();
      else if (isTag(node) && node.name === 'tr') {
        const cells = node.children.filter(
          (cell) => isTag(cell) && (cell.name === 'td' || cell.name === 'th'),
        ) as Element[];
        const head = first && cells.every((cell) => cell.name === 'th') ? HEAD + CELL_END : '';
        rows += `${head}${cells.map((cell) => blocksOf(cell.children, shield).join(' ') + CELL_END).join('')}${ROW_END}`;
        first = false;
      } else if (isTag(node)) walk(node.children);
    }
  };
  walk(element.children);
  const dynamic = new RegExp(shield.pattern.source).test(rows);
  return dynamic ? `{% envoi_table %}${rows}{% endenvoi_table %}` : alignTable(rows);
}

function inline(nodes: readonly AnyNode[], shield: Shield): string {
  let text = '';
  for (const node of nodes) {
    if (isText(node)) text += node.data.replace(/[ \t\r\n\f]+/g, ' ');
    else if (isTag(node) && !hidden(node)) text += inlineElement(node, shield);
    if (text.endsWith('  ')) text = `${text.trimEnd()} `;
  }
  return text.replace(/ {2,}/g, ' ');
}

function inlineElement(element: Element, shield: Shield): string {
  if (element.name === 'br') return '\n';
  if (element.name === 'img') return element.attribs.alt ? `[${element.attribs.alt}]` : '';
  const inside = inline(element.children, shield);
  if (element.name !== 'a') return inside;
  const href = (element.attribs.href ?? '').trim();
  const words = inside.trim().replace(/^\[(.*)\]$/, '$1');
  const bare = (url: string) => url.replace(/^(?:https?:\/\/|mailto:|tel:)/, '').replace(/\/$/, '');
  if (href === '' || href.startsWith('#')) return inside;
  const address = encodeQueryValues(href, shield);
  // An address that is its own text appears once.
  if (bare(words) === bare(href)) return address === href ? inside : inside.replace(words, () => address);
  if (words === '') return '';
  const before = inside.startsWith(' ') ? ' ' : '';
  return `${before}${words} (${address.replace(/^mailto:/, '')})${inside.endsWith(' ') ? ' ' : ''}`;
}
