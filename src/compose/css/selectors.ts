import { type Document as Dom, type Element, isTag, isText, type ParentNode } from 'domhandler';
import { filter } from 'domutils';
import { implyBodies } from './impliedBodies.ts';
import { type ReadSelector, readSelector, type SelectorPart } from './readSelector.ts';

/** The meaning of a selector for the letter. */
export type SelectorMeaning =
  /** Matches these elements, always: its rule can be written into them. `page`: it matches `html` too. */
  | {
      kind: 'plain';
      specificity: number;
      elements: readonly Element[];
      page: boolean;
      /** Others that it may match, as only the recipient's values tell: `class="box {% if vip %}gold{% endif %}"`. */
      unsure: readonly Element[];
    }
  /** Applies conditionally (`:hover`), or is not understood here (`:lang(fr)`): `elements` are those it may match. */
  | { kind: 'kept'; specificity: number; elements: readonly Element[] }
  /** Matches nothing in the letter; a mail program may add something around it (`#outlook a`, `u + .body`). */
  | { kind: 'nowhere'; specificity: number; elements: readonly Element[] }
  /** Matches a part of an element, `::before`: nothing in it competes with the element's own style. */
  | { kind: 'part' };

/** Elements that have no style of their own in mail. */
const headNames = new Set(['html', 'head', 'meta', 'title', 'style', 'script', 'link', 'base']);
const isOfHead = ({ name }: Element) => headNames.has(name);
const none: readonly Element[] = [];
const noParents: ReadonlySet<ParentNode | null> = new Set();

/**
 * Limit on matching, in steps of one element each; a letter of a few thousand elements and rules needs a fraction. What
 * exceeds it stays a rule of the style sheet.
 */
const BUDGET = 20_000_000;

/** The elements of a letter by tag and class, so that a rule is tried only on those its last part names. */
export class Selectors {
  readonly #all: readonly Element[];
  readonly #by = new Map<string, Element[]>();
  /** The most children that one element has: what `~` and `:nth-child` may look through for each. */
  readonly #widest: number;
  /** How many elements stand around one, at most. */
  readonly #deepest: number;
  #budget = BUDGET;
  #implied = false;
  /** Attributes with Liquid in their value, and where. */
  readonly #changing = new Map<string, Set<Element>>();
  readonly #classes = new Map<Element, string>();
  #parents: ReadonlySet<ParentNode> | undefined;
  readonly #word: string;

  /** `word` begins the placeholder for Liquid; "" where there is none. */
  constructor(dom: Dom, word: string) {
    this.#word = word;
    this.#all = filter(isTag, dom) as Element[];
    let widest = dom.children.length;
    let deepest = 1;
    let depth = 1;
    let before: Element | undefined;
    for (const element of this.#all) {
      widest = Math.max(widest, element.children.length);
      // In document order, the depth grows by one step or drops by several.
      if (element.parent === before) depth++;
      else for (let up = before; up && up.parent !== element.parent; up = up.parent as Element) depth--;
      deepest = Math.max(deepest, depth);
      before = element;
      if (word !== '') this.#note(element);
      this.#put(element.name, element);
      const names = element.attribs.class;
      if (names === undefined || names === '') continue;
      if (/^\S+$/.test(names)) this.#put(`.${names}`, element);
      else for (const name of new Set(names.split(/\s+/))) if (name !== '') this.#put(`.${name}`, element);
    }
    this.#widest = widest;
    this.#deepest = deepest;
  }

  meaningOf(selector: string): SelectorMeaning {
    const read = readSelector(selector);
    if (read.kind === 'part') return read;
    if (read.kind === 'unread') return { kind: 'kept', specificity: 0, elements: this.#all };
    const { specificity, dynamic, always, subject } = read;
    const found = this.#match(always);
    const { elements, unsure } = this.#sure(read, found ?? []);
    if (dynamic || found === undefined) {
      const about = found ?? this.#match(subject) ?? this.#all;
      return { kind: 'kept', specificity, elements: unsure.length > 0 ? [...new Set([...about, ...unsure])] : about };
    }
    if (elements.length === 0)
      return unsure.length > 0
        ? { kind: 'kept', specificity, elements: unsure }
        : { kind: 'nowhere', specificity, elements: this.#match(subject) ?? [] };
    const inBody = elements.some(isOfHead) ? elements.filter((element) => !isOfHead(element)) : elements;
    if (inBody.length === 0) return { kind: 'kept', specificity, elements: inBody };
    return { kind: 'plain', specificity, elements: inBody, page: inBody.length < elements.length, unsure };
  }

  /** Restores the elements' own classes. */
  end(): void {
    for (const [element, written] of this.#classes) element.attribs.class = written;
  }

  /** Separates the parts that certainly match from those that depend on the recipient's values. */
  #sure(
    { always, names, combined, without }: Extract<ReadSelector, { kind: 'read' }>,
    found: readonly Element[],
  ): { elements: readonly Element[]; unsure: readonly Element[] } {
    if (this.#word === '') return { elements: found, unsure: none };
    const changing = [...names].filter((name) => this.#changing.has(name));
    const moving = always.steps === 'siblings' ? this.#moving() : noParents;
    // Of two siblings the one before the other may change.
    const besides =
      always.steps === 'siblings' ? changing.flatMap((name) => [...(this.#changing.get(name) ?? [])]) : [];
    const parents = besides.length > 0 ? new Set([...moving, ...besides.map(({ parent }) => parent)]) : moving;
    const aside = parents.size > 0;
    if (changing.length === 0 && !aside) return { elements: found, unsure: none };
    const changes = (element: Element) =>
      changing.some((name) => this.#changing.get(name)?.has(element)) ||
      (element.parent !== null && parents.has(element.parent));
    const isUnsure = (element: Element) => {
      for (let at: Element | null = element; at && isTag(at); at = combined ? (at.parent as Element | null) : null)
        if (changes(at)) return true;
      return false;
    };
    // An attribute that changes does not affect what is certain already; children that come and go do.
    const elements = aside ? found.filter((element) => !isUnsure(element)) : found;
    const sure = new Set(elements);
    const others = this.#match(without(new Set(changing))) ?? this.#all;
    return {
      elements,
      unsure: others.filter((element) => !sure.has(element) && !isOfHead(element) && isUnsure(element)),
    };
  }

  /** Elements between whose children there are tags, which leave some out or repeat them. */
  #moving(): ReadonlySet<ParentNode> {
    if (this.#parents) return this.#parents;
    const parents = new Set<ParentNode>();
    for (const { children } of this.#all)
      for (const child of children)
        if (isText(child) && child.parent && child.data.includes(`${this.#word}t`)) parents.add(child.parent);
    this.#parents = parents;
    return parents;
  }

  /** Notes what differs by recipient; of a class only the common part is kept for the time being. */
  #note(element: Element): void {
    for (const name in element.attribs) {
      const value = element.attribs[name] ?? '';
      if (!value.includes(this.#word)) continue;
      const elements = this.#changing.get(name) ?? new Set();
      this.#changing.set(name, elements.add(element));
      if (name !== 'class') continue;
      this.#classes.set(element, value);
      const names = value.split(/\s+/);
      const tag = (one: string) => one.includes(`${this.#word}t`);
      const first = names.findIndex(tag);
      const outside = first < 0 ? names : [...names.slice(0, first), ...names.slice(names.findLastIndex(tag) + 1)];
      element.attribs.class = outside.filter((one) => !one.includes(this.#word)).join(' ');
    }
  }

  /** Undefined for a selector that cannot be compiled, or would take too long. */
  #match(parts: SelectorPart): readonly Element[] | undefined {
    if (parts.all) return this.#all;
    const candidates = this.#candidates(parts);
    const each = { one: 1, ancestors: this.#deepest, siblings: this.#widest }[parts.steps];
    const cost = candidates.length * each;
    if (cost > this.#budget) return undefined;
    this.#budget -= cost;
    if (parts.bodies && !this.#implied) implyBodies(this.#by.get('table') ?? []);
    this.#implied ||= parts.bodies;
    const matches = parts.matches();
    return matches && candidates.filter((element) => matches(element));
  }

  #candidates({ className, tag }: SelectorPart): readonly Element[] {
    if (className !== undefined) return this.#by.get(`.${className}`) ?? [];
    if (tag !== undefined) return this.#by.get(tag) ?? [];
    return this.#all;
  }

  #put(key: string, element: Element): void {
    const list = this.#by.get(key);
    if (list) list.push(element);
    else this.#by.set(key, [element]);
  }
}
