import { selectAll } from 'css-select';
import type { Document as Dom, Element } from 'domhandler';
import { Text } from 'domhandler';
import { removeElement, textContent } from 'domutils';
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
    if (keep(css)) continue;
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
  for (const [order, rule] of rules.entries()) {
    for (const element of select(rule.selector, dom)) {
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

const headElements = new Set(['html', 'head', 'meta', 'title', 'style', 'script', 'link', 'base']);

function select(selector: string, dom: Dom): Element[] {
  try {
    return selectAll<Dom | Element, Element>(selector, dom);
  } catch {
    return [];
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
