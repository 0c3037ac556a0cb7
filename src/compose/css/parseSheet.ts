import type { AtRule, ChildNode, Container, Declaration as CssDeclaration, Rule } from 'postcss';
import parse from 'postcss/lib/parse';
import { atomsOf } from './atoms.ts';

export interface Declaration {
  property: string;
  value: string;
  important: boolean;
  atoms: readonly string[];
}

/** A rule, or an at-rule that is kept as it is. */
export type SheetNode =
  | { kind: 'rule'; selectors: readonly string[]; declarations: readonly Declaration[] }
  /** Rules under a condition; `nodes` is its content. */
  | { kind: 'group'; prelude: string; nodes: readonly SheetNode[] }
  | { kind: 'text'; text: string };

const cache = new Map<string, readonly SheetNode[] | null>();
/** The last few sheets: a preview compiles the same ones again and again. */
const CACHED = 16;

/** Parses a style sheet; null for one that is not CSS, which is best left as it is. */
export function parseSheet(css: string): readonly SheetNode[] | null {
  let nodes = cache.get(css);
  if (nodes === undefined) {
    nodes = read(css);
    const [oldest] = cache.keys();
    if (cache.size >= CACHED && oldest !== undefined) cache.delete(oldest);
    cache.set(css, nodes);
  }
  return nodes;
}

function read(css: string): readonly SheetNode[] | null {
  try {
    // Old style sheets are wrapped in an HTML comment; CSS itself skips its marks.
    return nodesOf(parse(css.replace(/<!--|-->/g, '')) as Container<ChildNode>);
  } catch {
    return null;
  }
}

/** Groups whose rules apply or do not apply as a whole, in cascade order. */
const conditions = new Set(['media', 'supports', 'container', '-ms-viewport', 'document', '-moz-document']);

function nodesOf(container: Container<ChildNode>): SheetNode[] {
  const nodes: SheetNode[] = [];
  for (const node of container.nodes ?? []) {
    switch (node.type) {
      case 'rule':
        nodes.push(ruleOf(node));
        break;
      case 'atrule':
        nodes.push(atRuleOf(node));
        break;
      case 'decl':
        nodes.push({ kind: 'text', text: `${node.toString()};` });
        break;
      case 'comment':
        break;
      default:
        node satisfies never;
    }
  }
  return nodes;
}

function atRuleOf(node: AtRule): SheetNode {
  if (node.nodes && conditions.has(node.name.toLowerCase()))
    return { kind: 'group', prelude: `@${node.name} ${node.params}`, nodes: nodesOf(node as Container<ChildNode>) };
  return { kind: 'text', text: `${node.toString()}${node.nodes ? '' : ';'}` };
}

function ruleOf(node: Rule): SheetNode {
  const declarations: Declaration[] = [];
  for (const child of node.nodes) {
    if (child.type === 'decl') declarations.push(declarationOf(child));
    // Rules inside rules: what they match depends on the one around them.
    else if (child.type !== 'comment') return { kind: 'text', text: node.toString() };
  }
  return { kind: 'rule', selectors: node.selectors, declarations };
}

function declarationOf(node: CssDeclaration): Declaration {
  // `*display` and `_height`, once meant for old browsers, are properties nobody else knows.
  const hack = /[*_]$/.exec(node.raws.before ?? '')?.[0] ?? '';
  const property = hack + (node.prop.startsWith('--') ? node.prop : node.prop.toLowerCase());
  return { property, value: node.value.trim(), important: node.important === true, atoms: atomsOf(property) };
}

/** The declarations of a `style` attribute, whatever is between them. */
export function parseDeclarations(text: string): Declaration[] {
  const declarations: Declaration[] = [];
  for (const part of splitDeclarations(text)) {
    const colon = part.indexOf(':');
    if (colon <= 0) continue;
    const property = part.slice(0, colon).trim().toLowerCase();
    let value = part.slice(colon + 1).trim();
    const bang = value.lastIndexOf('!');
    const important =
      bang >= 0 &&
      value
        .slice(bang + 1)
        .trim()
        .toLowerCase() === 'important';
    if (important) value = value.slice(0, bang).trimEnd();
    declarations.push({ property, value, important, atoms: atomsOf(property) });
  }
  return declarations;
}

/** At the semicolons outside quotes and brackets. */
function splitDeclarations(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quote = '';
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (quote) {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (char === ';' && depth <= 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
