import { compile, selectAll } from 'css-select';
import { parse } from 'css-what';
import { type Document as Dom, type Element, isTag, Text } from 'domhandler';
import { filter, removeElement, textContent } from 'domutils';
import { parseDeclarations, parseStylesheet, type StyleRule } from './stylesheet.ts';

interface Applied {
  rule: StyleRule;
  order: number;
}

/**
 * Writes the rules of all style elements into the elements they match, as Gmail's apps and Outlook need it; media
 * queries and dynamic pseudo-classes stay in one style element. A style element in which `keep` finds something
 * (Liquid tags, which choose rules by recipient) stays as it is.
 */
export function inlineCss(dom: Dom, keep: (css: string) => boolean): void {
  const rules: StyleRule[] = [];
  for (const style of selectAll<Dom | Element, Element>('style', dom)) {
    const css = textContent(style);
    if (style.attribs['data-inline'] === 'no') {
      delete style.attribs['data-inline'];
      continue;
    }
    if (keep(css) || !forEveryScreen(style.attribs.media)) continue;
    const sheet = parseStylesheet(css);
    rules.push(...sheet.rules);
    if (sheet.rest.trim() === '') removeElement(style);
    else {
      const text = new Text(`\n${sheet.rest}`);
      text.parent = style;
      style.children = [text];
    }
  }
  const matched = new Map<Element, Applied[]>();
  const elements = new ElementIndex(dom);
  for (const [order, rule] of rules.entries()) {
    for (const element of elements.matching(rule.selector)) {
      const list = matched.get(element);
      if (list) list.push({ rule, order });
      else matched.set(element, [{ rule, order }]);
    }
  }
  for (const [element, applied] of matched) {
    if (headElements.has(element.name)) continue;
    element.attribs.style = mergeStyle(applied, element.attribs.style ?? '');
  }
}

/** What is for print or for some screens only must not be written into the elements, where it would hold for all. */
function forEveryScreen(media: string | undefined): boolean {
  return media === undefined || /^\s*(?:(?:only\s+)?screen|all)?\s*$/i.test(media);
}

const headElements = new Set(['html', 'head', 'meta', 'title', 'style', 'script', 'link', 'base']);

/** Elements by tag and class, so that a rule is tried on those alone that its last part names. */
class ElementIndex {
  readonly #all: Element[];
  readonly #by = new Map<string, Element[]>();

  constructor(dom: Dom) {
    this.#all = filter(isTag, dom) as Element[];
    for (const element of this.#all) {
      this.#put(element.name, element);
      for (const name of new Set((element.attribs.class ?? '').split(/\s+/)))
        if (name !== '') this.#put(`.${name}`, element);
    }
  }

  /** In the order of the document; none for a selector that cannot be read. */
  matching(selector: string): Element[] {
    try {
      const matches = compile<Element, Element>(selector);
      return this.#candidates(selector).filter((element) => matches(element));
    } catch {
      return [];
    }
  }

  #candidates(selector: string): readonly Element[] {
    const [parts, ...others] = parse(selector);
    if (!parts || others.length > 0) return this.#all;
    let tag: readonly Element[] | undefined;
    for (const part of parts.toReversed()) {
      if (part.type === 'attribute' && part.name === 'class' && part.action === 'element')
        return this.#by.get(`.${part.value}`) ?? [];
      if (part.type === 'tag') tag = this.#by.get(part.name) ?? [];
      if (/^(?:descendant|child|sibling|adjacent|parent|column-combinator)$/.test(part.type)) break;
    }
    return tag ?? this.#all;
  }

  #put(key: string, element: Element): void {
    const list = this.#by.get(key);
    if (list) list.push(element);
    else this.#by.set(key, [element]);
  }
}

function mergeStyle(applied: Applied[], own: string): string {
  const bySpecificity = [...applied].sort((a, b) => {
    const [i, c, e] = a.rule.specificity;
    const [i2, c2, e2] = b.rule.specificity;
    return i - i2 || c - c2 || e - e2 || a.order - b.order;
  });
  const normal = new Map<string, string>();
  const important = new Map<string, string>();
  for (const { rule } of bySpecificity) {
    for (const { property, value, important: strong } of rule.declarations) {
      const target = strong ? important : normal;
      // Deleted first, so that a later shorthand comes after an earlier longhand.
      target.delete(property);
      target.set(property, value);
    }
  }
  const ownText = own.trim().replace(/;$/, '');
  for (const { property } of parseDeclarations(ownText)) normal.delete(property);
  const parts = [...normal].map(([property, value]) => `${property}: ${value}`);
  if (ownText) parts.push(ownText);
  for (const [property, value] of important) parts.push(`${property}: ${value}`);
  return parts.join('; ').replaceAll('"', "'");
}
