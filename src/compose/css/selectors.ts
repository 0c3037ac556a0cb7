import { compile, type Options } from 'css-select';
import { parse, type Selector } from 'css-what';
import { type Document as Dom, Element, isTag, type ParentNode } from 'domhandler';
import * as domutils from 'domutils';

/** What a selector means for the letter. */
export type Meaning =
  /** Matches what it says, now and for good: its rule can be written into the elements. `page`: it is about `html` too. */
  | { kind: 'plain'; specificity: number; elements: readonly Element[]; page: boolean }
  /** Holds at times only (`:hover`), or is not understood here (`:lang(fr)`): `elements` are those it may be about. */
  | { kind: 'kept'; specificity: number; elements: readonly Element[] }
  /** Matches nothing in the letter; a mail program may put something around it (`#outlook a`, `u + .body`). */
  | { kind: 'nowhere'; specificity: number; elements: readonly Element[] }
  /** Is about a part of an element, `::before`: nothing in it competes with the element's own style. */
  | { kind: 'part' };

const dynamic = new Set(
  'hover active focus focus-within focus-visible visited link any-link target checked disabled enabled indeterminate default read-only read-write required optional valid invalid placeholder-shown autofill host fullscreen playing paused'.split(
    ' ',
  ),
);
const parts = new Set(['before', 'after', 'first-line', 'first-letter', 'selection', 'marker', 'placeholder']);
/** Elements that have no style of their own in mail. */
const headNames = new Set(['html', 'head', 'meta', 'title', 'style', 'script', 'link', 'base']);

/**
 * How much is tried, in steps of one element each: a letter of some thousand elements and rules needs a fraction. What
 * is left then stays a rule of the style sheet.
 */
const BUDGET = 6_000_000;

/** The elements of a letter by tag and class, so that a rule is tried on those alone that its last part names. */
export class Selectors {
  readonly #all: readonly Element[];
  readonly #by = new Map<string, Element[]>();
  readonly #options: Options<domutilsNode, Element>;
  /** The most children that one element has: what `~` and `:nth-child` may look through for each. */
  readonly #widest: number;
  #budget = BUDGET;

  constructor(dom: Dom) {
    this.#all = domutils.filter(isTag, dom) as Element[];
    let widest = dom.children.length;
    for (const element of this.#all) {
      widest = Math.max(widest, element.children.length);
      this.#put(element.name, element);
      for (const name of new Set((element.attribs.class ?? '').split(/\s+/)))
        if (name !== '') this.#put(`.${name}`, element);
    }
    this.#widest = widest;
    this.#options = { adapter: { ...domutils, ...impliedBodies(this.#all) } } as Options<domutilsNode, Element>;
  }

  meaningOf(selector: string): Meaning {
    let tokens: Selector[];
    try {
      tokens = parse(selector)[0] ?? [];
    } catch {
      return { kind: 'kept', specificity: 0, elements: this.#all };
    }
    const last = tokens.at(-1);
    if (tokens.some((token) => token.type === 'pseudo-element') || (last?.type === 'pseudo' && parts.has(last.name)))
      return { kind: 'part' };
    const specificity = specificityOf(tokens);
    const always = tokens.filter((token) => !isDynamic(token));
    if (always.length < tokens.length)
      return { kind: 'kept', specificity, elements: this.#match(always) ?? this.#match(subject(always)) ?? this.#all };
    const elements = this.#match(tokens);
    if (elements === undefined)
      return { kind: 'kept', specificity, elements: this.#match(subject(tokens)) ?? this.#all };
    if (elements.length === 0) return { kind: 'nowhere', specificity, elements: this.#match(subject(tokens)) ?? [] };
    const inBody = elements.filter((element) => !headNames.has(element.name));
    if (inBody.length === 0) return { kind: 'kept', specificity, elements: inBody };
    return { kind: 'plain', specificity, elements: inBody, page: inBody.length < elements.length };
  }

  /** Undefined for a selector that cannot be compiled, or would take too long. */
  #match(tokens: Selector[]): readonly Element[] | undefined {
    if (tokens.length === 0) return this.#all;
    const candidates = this.#candidates(tokens);
    const cost = candidates.length * (looksAside(tokens) ? this.#widest : 1);
    if (cost > this.#budget) return undefined;
    this.#budget -= cost;
    try {
      const matches = compile<domutilsNode, Element>([tokens] as never, this.#options);
      return candidates.filter((element) => matches(element));
    } catch {
      return undefined;
    }
  }

  #candidates(tokens: readonly Selector[]): readonly Element[] {
    let tag: readonly Element[] | undefined;
    for (const part of tokens.toReversed()) {
      if (part.type === 'attribute' && part.name === 'class' && part.action === 'element')
        return this.#by.get(`.${part.value}`) ?? [];
      if (part.type === 'tag') tag = this.#by.get(part.name) ?? [];
      if (isCombinator(part)) break;
    }
    return tag ?? this.#all;
  }

  #put(key: string, element: Element): void {
    const list = this.#by.get(key);
    if (list) list.push(element);
    else this.#by.set(key, [element]);
  }
}

type domutilsNode = Dom['children'][number] | Dom;

/** What a selector's last part says of the element itself. */
function subject(tokens: readonly Selector[]): Selector[] {
  let start = 0;
  for (const [index, token] of tokens.entries()) if (isCombinator(token)) start = index + 1;
  return tokens.slice(start).filter((token) => token.type === 'tag' || token.type === 'attribute');
}

function isCombinator({ type }: Selector): boolean {
  return /^(?:descendant|child|sibling|adjacent|parent|column-combinator)$/.test(type);
}

function looksAside(tokens: readonly Selector[]): boolean {
  return tokens.some(
    (token) =>
      token.type === 'sibling' ||
      token.type === 'adjacent' ||
      (token.type === 'pseudo' && (/^(?:nth-|only-|first-|last-)/.test(token.name) || Array.isArray(token.data))),
  );
}

function isDynamic(token: Selector): boolean {
  if (token.type !== 'pseudo') return false;
  if (dynamic.has(token.name)) return true;
  return Array.isArray(token.data) && token.data.some((inside) => inside.some(isDynamic));
}

/** Ids, classes, elements (CSS Selectors 17), as one number. */
function specificityOf(tokens: readonly Selector[]): number {
  let sum = 0;
  for (const token of tokens) {
    if (token.type === 'attribute') sum += token.name === 'id' && token.action === 'equals' ? 1e6 : 1e3;
    else if (token.type === 'tag') sum += 1;
    else if (token.type === 'pseudo') {
      if (token.name === 'where') continue;
      if (Array.isArray(token.data) && /^(?:is|not|has|matches)$/.test(token.name))
        sum += Math.max(0, ...token.data.map(specificityOf));
      else sum += 1e3;
    }
  }
  return sum;
}

/**
 * Rows right inside a table have a `tbody` around them in every browser, written or not. Selectors see it; the letter
 * stays as it is written, for Liquid may stand between its rows.
 */
function impliedBodies(elements: readonly Element[]) {
  const bodies = new Map<Element, Element>();
  const children = new Map<Element, domutilsNode[]>();
  for (const table of elements) {
    if (table.name !== 'table' || !table.children.some((child) => isTag(child) && child.name === 'tr')) continue;
    const shown: domutilsNode[] = [];
    let body: Element | undefined;
    let inside: domutilsNode[] = [];
    for (const child of table.children) {
      if (isTag(child) && child.name !== 'tr') body = undefined;
      else if (isTag(child)) {
        if (!body) {
          body = new Element('tbody', {});
          body.parent = table;
          inside = [];
          children.set(body, inside);
          shown.push(body);
        }
        bodies.set(child, body);
      }
      if (body) inside.push(child);
      else shown.push(child);
    }
    children.set(table, shown);
  }
  if (bodies.size === 0) return {};
  const getChildren = (node: domutilsNode): domutilsNode[] =>
    children.get(node as Element) ?? ((node as ParentNode).children as domutilsNode[] | undefined) ?? [];
  const getParent = (node: domutilsNode): domutilsNode | null => bodies.get(node as Element) ?? node.parent ?? null;
  const getSiblings = (node: domutilsNode): domutilsNode[] => {
    const parent = getParent(node);
    return parent ? getChildren(parent) : [node];
  };
  return {
    getChildren,
    getParent,
    getSiblings,
    prevElementSibling: (element: Element): Element | null => {
      let before: Element | null = null;
      for (const sibling of getSiblings(element)) {
        if (sibling === element) return before;
        if (isTag(sibling)) before = sibling;
      }
      return null;
    },
  };
}
