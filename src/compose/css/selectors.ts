import { type Document as Dom, type Element, isTag } from 'domhandler';
import { filter } from 'domutils';
import { implyBodies } from './impliedBodies.ts';
import { type Parts, readSelector } from './readSelector.ts';

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

/** Elements that have no style of their own in mail. */
const headNames = new Set(['html', 'head', 'meta', 'title', 'style', 'script', 'link', 'base']);

/**
 * How much is tried, in steps of one element each: a letter of some thousand elements and rules needs a fraction. What
 * is left then stays a rule of the style sheet.
 */
const BUDGET = 20_000_000;

/** The elements of a letter by tag and class, so that a rule is tried on those alone that its last part names. */
export class Selectors {
  readonly #all: readonly Element[];
  readonly #by = new Map<string, Element[]>();
  /** The most children that one element has: what `~` and `:nth-child` may look through for each. */
  readonly #widest: number;
  /** How many elements stand around one, at most. */
  readonly #deepest: number;
  #budget = BUDGET;
  #implied = false;

  constructor(dom: Dom) {
    this.#all = filter(isTag, dom) as Element[];
    let widest = dom.children.length;
    let deepest = 1;
    let depth = 1;
    let before: Element | undefined;
    for (const element of this.#all) {
      widest = Math.max(widest, element.children.length);
      // In the order of the document one goes down by one step, or up by some.
      if (element.parent === before) depth++;
      else for (let up = before; up && up.parent !== element.parent; up = up.parent as Element) depth--;
      deepest = Math.max(deepest, depth);
      before = element;
      this.#put(element.name, element);
      const names = element.attribs.class;
      if (names === undefined || names === '') continue;
      if (/^\S+$/.test(names)) this.#put(`.${names}`, element);
      else for (const name of new Set(names.split(/\s+/))) if (name !== '') this.#put(`.${name}`, element);
    }
    this.#widest = widest;
    this.#deepest = deepest;
  }

  meaningOf(selector: string): Meaning {
    const read = readSelector(selector);
    if (read.kind === 'part') return read;
    if (read.kind === 'unread') return { kind: 'kept', specificity: 0, elements: this.#all };
    const { specificity, dynamic, always, subject } = read;
    const elements = this.#match(always);
    if (dynamic || elements === undefined)
      return { kind: 'kept', specificity, elements: elements ?? this.#match(subject) ?? this.#all };
    if (elements.length === 0) return { kind: 'nowhere', specificity, elements: this.#match(subject) ?? [] };
    const inBody = elements.some(({ name }) => headNames.has(name))
      ? elements.filter(({ name }) => !headNames.has(name))
      : elements;
    if (inBody.length === 0) return { kind: 'kept', specificity, elements: inBody };
    return { kind: 'plain', specificity, elements: inBody, page: inBody.length < elements.length };
  }

  /** Undefined for a selector that cannot be compiled, or would take too long. */
  #match(parts: Parts): readonly Element[] | undefined {
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

  #candidates({ className, tag }: Parts): readonly Element[] {
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
