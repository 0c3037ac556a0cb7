import { selectAll } from 'css-select';
import { type Document as Dom, type Element, isComment, isTag, Text } from 'domhandler';
import { removeElement, textContent } from 'domutils';
import type { Shield } from '../liquid/shield.ts';
import { type AppliedDeclaration, type Cascade, cascadeOf, raisedOf, type Solution, solve } from './cascade.ts';
import { type Declaration, parseDeclarations, parseSheet, type SheetNode } from './parseSheet.ts';
import { type SelectorMeaning, Selectors } from './selectors.ts';
import { type Kept, type RuleNode, writeSheet } from './writeSheet.ts';

export interface InlineOptions {
  /** Leave every style sheet as it is. */
  off: boolean;
  /**
   * The template's Liquid: a style sheet with tags, which choose rules by recipient, stays as it is, and so does a rule for
   * the elements of which it is only known with the recipient whether it holds.
   */
  shield: Shield;
  /** Write only these properties, where nothing else about the letter is needed. */
  properties?: ReadonlySet<string>;
}

/** One style element, and what may be done with it. */
interface Sheet {
  element: Element;
  nodes: readonly SheetNode[];
  /**
   * `only`: what matches nothing is left out. `sometimes`: it does not apply to everybody, so nothing of it is written
   * into elements. `fixed`: it is not changed either.
   */
  use: 'inline' | 'only' | 'sometimes' | 'fixed';
}

interface Applied {
  rule: RuleNode;
  from: 'plain' | 'kept';
  specificity: number;
  order: number;
  real: boolean;
  raisable: boolean;
}

/**
 * Writes the rules of all style elements into the elements they match, as Gmail's apps and Outlook need it. Where style
 * elements are understood, the letter looks as its source does: conditional rules (media queries, `:hover`)
 * remain rules that win where they won before, and whatever is not written into an element stays in the style element.
 */
export function inlineCss(dom: Dom, options: InlineOptions): void {
  const sheets = sheetsOf(dom, options);
  if (sheets.length === 0) return;
  const selectors = new Selectors(dom, options.shield.pieces.length > 0 ? options.shield.word : '');
  const byElement = new Map<Element, Applied[]>();
  const keptSelectors = new Map<RuleNode, readonly string[]>();
  let order = 0;

  const apply = (rule: RuleNode, meaning: SelectorMeaning, from: 'plain' | 'kept', raisable: boolean): void => {
    if (meaning.kind === 'part') return;
    const real = meaning.kind !== 'nowhere';
    const applied: Applied = { rule, from, specificity: meaning.specificity, order, real, raisable };
    for (const element of meaning.elements) {
      const list = byElement.get(element);
      if (list) list.push(applied);
      else byElement.set(element, [applied]);
    }
  };
  const walk = (nodes: readonly SheetNode[], use: Sheet['use'], conditional: boolean): void => {
    for (const node of nodes) {
      if (node.kind === 'group') walk(node.nodes, use, true);
      if (node.kind !== 'rule') continue;
      const meanings = node.selectors.map((selector) => selectors.meaningOf(selector));
      const whole = conditional || node.selectors.some((selector) => isForeign(selector));
      const kept: string[] = [];
      for (const [index, meaning] of meanings.entries()) {
        const plain = !whole && meaning.kind === 'plain';
        const also = plain && (meaning.page || meaning.unsure.length > 0);
        if ((also || !plain) && (use !== 'only' || meaning.kind !== 'nowhere' || conditional))
          kept.push(node.selectors[index] as string);
        apply(node, meaning, plain ? 'plain' : 'kept', use !== 'fixed');
        // What is kept in the sheet for some elements applies to all of them.
        if (plain && meaning.unsure.length > 0) {
          const { specificity, elements, unsure } = meaning;
          apply(node, { kind: 'kept', specificity, elements: [...elements, ...unsure] }, 'kept', use !== 'fixed');
        }
      }
      keptSelectors.set(node, kept);
      order += node.declarations.length;
    }
  };
  for (const { nodes, use } of sheets) walk(nodes, use, use === 'fixed' || use === 'sometimes');
  selectors.end();

  const { raised, residual } = writeIntoElements(byElement);
  const keptOf = (rule: RuleNode): Kept => ({ selectors: keptSelectors.get(rule) ?? [], residual });
  for (const sheet of sheets) {
    if (sheet.use === 'fixed' || (sheet.use === 'sometimes' && !holdsAny(sheet.nodes, raised))) continue;
    const css = writeSheet(sheet.nodes, keptOf, raised);
    if (css === '') {
      removeElement(sheet.element);
      continue;
    }
    const text = new Text(`\n${css}`);
    text.parent = sheet.element;
    sheet.element.children = [text];
  }
}

/** A browser drops a whole rule for one unknown selector: such a rule is not split. */
function isForeign(selector: string): boolean {
  return /:-(?:moz|webkit|ms|o)-/i.test(selector);
}

function sheetsOf(dom: Dom, options: InlineOptions): Sheet[] {
  const sheets: Sheet[] = [];
  const styles = selectAll<Dom | Element, Element>('style', dom);
  const conditional = conditionalStyles(styles);
  const tags = new RegExp(options.shield.pattern.source.replace('([ot])', 't'), 'g');
  for (const element of styles) {
    const css = textContent(element);
    const wish = element.attribs['data-inline'];
    delete element.attribs['data-inline'];
    // The built-in layout's own: its rules win by themselves.
    if (wish === 'layout') continue;
    if (options.off || !isCss(element.attribs.type)) continue;
    const plain = css.replace(tags, ' ');
    const parsed = parseSheet(plain);
    if (!parsed) continue;
    const nodes = options.properties ? only(parsed, options.properties) : parsed;
    const sometimes = !forEveryScreen(element.attribs.media) || conditional.has(element);
    const fixed = wish === 'no' || plain !== css;
    sheets.push({
      element,
      nodes,
      use: fixed ? 'fixed' : sometimes ? 'sometimes' : wish === 'only' ? 'only' : 'inline',
    });
  }
  return sheets;
}

function only(nodes: readonly SheetNode[], properties: ReadonlySet<string>): SheetNode[] {
  return nodes.flatMap((node): SheetNode[] => {
    if (node.kind === 'group') return [{ ...node, nodes: only(node.nodes, properties) }];
    if (node.kind !== 'rule') return [];
    const declarations = node.declarations.filter(({ property }) => properties.has(property));
    return declarations.length > 0 ? [{ ...node, declarations }] : [];
  });
}

function holdsAny(nodes: readonly SheetNode[], raised: ReadonlySet<Declaration>): boolean {
  return nodes.some((node) =>
    node.kind === 'group'
      ? holdsAny(node.nodes, raised)
      : node.kind === 'rule' && node.declarations.some((declaration) => raised.has(declaration)),
  );
}

function isCss(type: string | undefined): boolean {
  return type === undefined || /^\s*(?:text\/css)?\s*$/i.test(type);
}

/** What is for print or for some screens only must not be written into the elements, where it would always apply. */
function forEveryScreen(media: string | undefined): boolean {
  return media === undefined || /^\s*(?:(?:only\s+)?screen|all)?\s*$/i.test(media);
}

/** Those after `<!--[if !mso]><!-->`: all see them but Outlook, which would see what is written into the elements. */
function conditionalStyles(styles: readonly Element[]): Set<Element> {
  const found = new Set<Element>();
  for (const parent of new Set(styles.map((style) => style.parent))) {
    let open = false;
    for (const node of parent?.children ?? []) {
      if (isComment(node))
        open = /^\[if [^\]]*\]>\s*(?:<!)?(?:--)?$/i.test(node.data) || (open && !/<!\[endif\]$/i.test(node.data));
      else if (open && isTag(node) && node.name === 'style') found.add(node);
    }
  }
  return found;
}

/** Puts the winners into the style attributes; returns what has to change in the style sheets. */
function writeIntoElements(byElement: ReadonlyMap<Element, readonly Applied[]>): {
  raised: ReadonlySet<Declaration>;
  residual: ReadonlySet<Declaration>;
} {
  // Elements with the same rules and the same own style are solved once.
  const ids = new Map<Applied, number>();
  const groups = new Map<string, { elements: Element[]; cascade: Cascade }>();
  for (const [element, applied] of byElement) {
    const own = element.attribs.style ?? '';
    if (own === '' && applied.every((one) => one.from === 'kept') && applied.length < 2) continue;
    let key = own;
    for (const one of applied) {
      let id = ids.get(one);
      if (id === undefined) {
        id = ids.size;
        ids.set(one, id);
      }
      key += `\u0000${id}`;
    }
    const group = groups.get(key);
    if (group) group.elements.push(element);
    else groups.set(key, { elements: [element], cascade: cascadeOf(contendersOf(applied, own)) });
  }
  const raised = raisedOf([...groups.values()].map(({ cascade }) => cascade));
  const residual = new Set<Declaration>();
  for (const { elements, cascade } of groups.values()) {
    const solution = solve(cascade, raised);
    for (const declaration of solution.residual) residual.add(declaration);
    for (const element of elements) {
      const style = styleText(solution, element.attribs.style ?? '');
      if (style !== '') element.attribs.style = style;
    }
  }
  return { raised, residual };
}

function contendersOf(applied: readonly Applied[], own: string): AppliedDeclaration[] {
  const contenders: AppliedDeclaration[] = [];
  const best = new Map<Declaration, AppliedDeclaration>();
  for (const { rule, from, specificity, order, real, raisable } of applied) {
    for (const [index, declaration] of rule.declarations.entries()) {
      const contender: AppliedDeclaration = { declaration, from, specificity, order: order + index, real, raisable };
      // By two selectors of one rule: the more specific one counts.
      const other = best.get(declaration);
      if (other && other.from === from) {
        if (real && !other.real) Object.assign(other, { specificity, real });
        else if (real === other.real && other.specificity < specificity) other.specificity = specificity;
        continue;
      }
      best.set(declaration, contender);
      contenders.push(contender);
    }
  }
  for (const [order, declaration] of parseDeclarations(own.replaceAll('&quot;', '"')).entries())
    contenders.push({ declaration, from: 'own', specificity: 0, order, real: true, raisable: false });
  return contenders;
}

function styleText({ inline }: Solution, own: string): string {
  const text = ({ declaration: { property, value }, important }: Solution['inline'][number]) =>
    `${property}: ${attributeValue(value)}${important ? ' !important' : ''}`;
  const ownText = own.trim().replace(/;$/, '');
  return [
    ...inline.filter(({ aboveOwn }) => !aboveOwn).map(text),
    ...(ownText === '' ? [] : [ownText]),
    ...inline.filter(({ aboveOwn }) => aboveOwn).map(text),
  ].join('; ');
}

/** A value between the quotes of an attribute. Single quotes are what mail programs read best, where there are none yet. */
function attributeValue(value: string): string {
  const quoted = value.includes('"')
    ? value.includes("'")
      ? value.replaceAll('"', '&quot;')
      : value.replaceAll('"', "'")
    : value;
  return quoted.replace(/&(?!quot;)(?=#?\w+;)/g, '&amp;');
}
