import { type AnyNode, type Element, isTag } from 'domhandler';
import { findAll, getAttributeValue } from 'domutils';
import type { Document } from '../../compose/document/document.ts';
import { bodyOffset, placeAt } from '../../compose/document/places.ts';
import { isTooDeep, parseDom } from '../../compose/html/dom.ts';
import { type Shield, shieldLiquid } from '../../compose/liquid/shield.ts';
import { renderMarkdown } from '../../compose/markdown/markdown.ts';
import type { Place } from '../../shared/errors.ts';

export interface LinkElement {
  /** The address as written, Liquid and all. */
  href: string;
  place: Place;
}

export interface ImageElement {
  src: string;
  /** Undefined without an alt attribute; "" for an image marked as decoration. */
  alt: string | undefined;
  place: Place;
}

export interface Elements {
  links: LinkElement[];
  images: ImageElement[];
  /** Targets of `#…` links. */
  anchors: ReadonlySet<string>;
}

/** Links and images of the body, in order, with their places. Empty while its Liquid is broken. */
export function elementsOf(document: Document): Elements {
  let shield: Shield;
  try {
    shield = shieldLiquid(document.body);
  } catch {
    return { links: [], images: [], anchors: new Set() };
  }
  const dom = parseDom(document.format === 'html' ? shield.text : renderMarkdown(shield, { lines: true }));
  if (isTooDeep(dom)) return { links: [], images: [], anchors: new Set() };
  const finder = new Finder(document, shield);
  const elements: Elements = { links: [], images: [], anchors: anchorsOf(dom.children) };
  for (const element of findAll(isTag, dom.children)) {
    const written = (name: string) => shield.restore(getAttributeValue(element, name) ?? '').trim();
    if (element.name === 'a' && element.attribs.href !== undefined) {
      elements.links.push({ href: plainText(written('href')), place: finder.find(element, written('href')).place });
    } else if (element.name === 'img' && element.attribs.src !== undefined) {
      const found = finder.find(element, written('src'));
      const silent = element.attribs.alt === undefined || found.emptyLabel;
      elements.images.push({
        src: plainText(written('src')),
        alt: silent ? undefined : written('alt'),
        place: found.place,
      });
    }
  }
  return elements;
}

function anchorsOf(nodes: AnyNode[]): Set<string> {
  const named = findAll((element) => element.attribs.id !== undefined || element.attribs.name !== undefined, nodes);
  return new Set(named.flatMap(({ attribs }) => [attribs.id, attribs.name].filter((name) => name !== undefined)));
}

/** Finds attribute values in the source: from the element's block on, each occurrence once. */
class Finder {
  readonly #document: Document;
  /** Where each line of the shielded body begins in the real one. */
  readonly #lineOffsets: number[] = [];
  readonly #taken = new Map<string, number>();

  constructor(document: Document, shield: Shield) {
    this.#document = document;
    let offset = 0;
    for (const line of shield.text.split('\n')) {
      this.#lineOffsets.push(offset);
      offset += shield.restore(line).length + 1;
    }
  }

  /** `emptyLabel`: it is written `![](…)`, which Markdown cannot tell from an empty alt text. */
  find(element: Element, value: string): { place: Place; emptyLabel: boolean } {
    const { body } = this.#document;
    const block = this.#blockOffset(element);
    if (value === '') {
      const empty = /\]\([ \t]*\)|(?:href|src)\s*=\s*(?:""|'')/g;
      empty.lastIndex = Math.max(block, this.#taken.get('') ?? 0);
      const match = empty.exec(body);
      if (match) {
        this.#taken.set('', empty.lastIndex);
        return { place: this.#placeAt(match.index, match[0].length), emptyLabel: false };
      }
    }
    for (const spelling of spellings(value)) {
      const from = Math.max(block, this.#taken.get(spelling) ?? 0);
      const at = occurrence(body, spelling, from);
      if (at < 0) continue;
      this.#taken.set(spelling, at + spelling.length);
      return {
        place: this.#placeAt(at, spelling.length),
        emptyLabel: /!\[\s*\]\(\s*<?$/.test(body.slice(Math.max(0, at - 20), at)),
      };
    }
    const end = body.indexOf('\n', block);
    const length = (end < 0 ? body.length : end) - block;
    return { place: this.#placeAt(block, length), emptyLabel: false };
  }

  #placeAt(at: number, length: number): Place {
    return placeAt(this.#document, bodyOffset(this.#document) + at, length);
  }

  #blockOffset(element: Element): number {
    for (let at: Element | null = element; at; at = at.parent && isTag(at.parent) ? at.parent : null) {
      const line = at.attribs['data-line'];
      if (line !== undefined) return this.#lineOffsets[Number(line)] ?? 0;
    }
    return 0;
  }
}

/** As it is in the HTML, with its entities decoded, and before Markdown percent-encoded it. */
function spellings(value: string): string[] {
  if (value === '') return [];
  const plain = plainText(value);
  let decoded = plain;
  try {
    decoded = decodeURI(plain);
  } catch {}
  return [...new Set([value, plain, decoded, plain.replace(/^mailto:/i, '')])];
}

/** A whole address, not a prefix of a longer one, if there is such an occurrence. */
function occurrence(text: string, value: string, from: number): number {
  let first = -1;
  for (let at = text.indexOf(value, from); at >= 0; at = text.indexOf(value, at + 1)) {
    if (first < 0) first = at;
    const before = text[at - 1] ?? ' ';
    const after = text[at + value.length] ?? ' ';
    if (/[\s"'(<=[:]/.test(before) && /[\s"')>\]]/.test(after)) return at;
  }
  return first;
}

function plainText(value: string): string {
  return value
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}
