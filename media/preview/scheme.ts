import type { PreviewScheme } from '../../src/protocol/previewMessages.ts';
import {
  colourText,
  type DarkKind,
  darkBackground,
  darkText,
  lightness,
  parseColour,
  type Rgba,
} from './darkColours.ts';

const original = new WeakMap<object, string>();
const ownStyle = new WeakMap<Element, string | null>();
const COLOUR_SCHEME = /\(\s*prefers-color-scheme\s*:\s*(dark|light|no-preference)\s*\)/gi;
const WHITE: Rgba = { r: 255, g: 255, b: 255, a: 1 };

/** Whether the letter has styles of its own for readers who chose dark, or says that it can be shown on dark. */
export function hasDarkStyles(page: Document): boolean {
  let found = saysItTakesDark(page);
  eachMedia(page, (text) => {
    if (/prefers-color-scheme\s*:\s*dark/i.test(text)) found = true;
    return null;
  });
  return found;
}

/**
 * Shows the letter as in a light mail program, or as the dark ones do it: "own" takes the letter's dark styles and nothing
 * else (without any, the letter stays as it is), "partial" and "full" recolour it and know nothing of its styles. A media
 * query cannot be answered from outside, so the queries are rewritten to ones that always or never hold.
 */
export function applyScheme(page: Document, scheme: PreviewScheme): void {
  const wanted = scheme === 'own' ? 'dark' : 'light';
  eachMedia(page, (text) =>
    text.replace(COLOUR_SCHEME, (_, asked: string) =>
      asked.toLowerCase() === wanted ? '(min-width: 0px)' : '(max-width: 0px)',
    ),
  );
  let own = page.getElementById('envoi-scheme');
  if (!own) {
    own = page.createElement('style');
    own.id = 'envoi-scheme';
    page.head.append(own);
  }
  const canvas = scheme === 'own' && saysItTakesDark(page) ? 'dark' : 'light';
  own.textContent = `:root{color-scheme:${canvas} !important}`;
  restoreColours(page);
  if (scheme === 'partial' || scheme === 'full') recolour(page, scheme);
}

/** By the meta tag or the property that dark mail programs look for. */
function saysItTakesDark(page: Document): boolean {
  const metas = page.querySelectorAll('meta[name="color-scheme" i], meta[name="supported-color-schemes" i]');
  if ([...metas].some((meta) => /\bdark\b/i.test(meta.getAttribute('content') ?? ''))) return true;
  return [...page.querySelectorAll('style:not(#envoi-scheme)')].some((style) =>
    /(?:^|[;{\s])(?:supported-)?color-schemes?\s*:[^;}]*\bdark\b/i.test(style.textContent ?? ''),
  );
}

interface Change {
  element: HTMLElement;
  background: string | null;
  colour: string;
  borders: readonly (readonly [string, string])[];
}

/** Every colour is read before one is changed: what is behind a text is what the author put there. */
function recolour(page: Document, kind: DarkKind): void {
  const view = page.defaultView;
  if (!view) return;
  const behind = new Map<Element, Rgba>();
  const changes: Change[] = [];
  for (const element of page.querySelectorAll<HTMLElement>('html, body, body *')) {
    if (!element.style || element.tagName === 'STYLE') continue;
    const style = view.getComputedStyle(element);
    const inherited = (element.parentElement && behind.get(element.parentElement)) ?? WHITE;
    const background = parseColour(style.backgroundColor);
    const own = background && background.a > 0.5 ? background : null;
    const base = own ?? inherited;
    behind.set(element, base);
    const text = parseColour(style.color);
    changes.push({
      element,
      background: own ? colourText(darkBackground(own, kind)) : null,
      colour: text ? colourText(darkText(text, kind, lightness(base) > 0.5)) : '',
      borders: bordersOf(style, kind),
    });
  }
  for (const { element, background, colour, borders } of changes) {
    ownStyle.set(element, element.getAttribute('style'));
    if (background) element.style.setProperty('background-color', background, 'important');
    if (colour) element.style.setProperty('color', colour, 'important');
    for (const [name, value] of borders) element.style.setProperty(name, value, 'important');
    element.dataset.envoiDark = '';
  }
  const root = changes.find(({ element }) => element === page.documentElement);
  const body = changes.find(({ element }) => element === page.body);
  if (!root?.background && !body?.background)
    page.documentElement.style.setProperty('background-color', colourText(darkBackground(WHITE, kind)), 'important');
}

function bordersOf(style: CSSStyleDeclaration, kind: DarkKind): (readonly [string, string])[] {
  return ['top', 'right', 'bottom', 'left'].flatMap((side) => {
    if (style.getPropertyValue(`border-${side}-style`) === 'none') return [];
    const colour = parseColour(style.getPropertyValue(`border-${side}-color`));
    return colour ? [[`border-${side}-color`, colourText(darkBackground(colour, kind))] as const] : [];
  });
}

function restoreColours(page: Document): void {
  for (const element of page.querySelectorAll<HTMLElement>('[data-envoi-dark]')) {
    const written = ownStyle.get(element) ?? null;
    if (written === null) element.removeAttribute('style');
    else element.setAttribute('style', written);
    delete element.dataset.envoiDark;
  }
}

/** Calls back with every media query as it was written; what comes back takes its place, `null` leaves it alone. */
function eachMedia(page: Document, change: (text: string) => string | null): void {
  const visit = (rules: CSSRuleList): void => {
    for (const rule of rules) {
      if (isMediaRule(rule)) rewrite(rule, rule.media, change);
      if ('cssRules' in rule && rule.cssRules) visit(rule.cssRules as CSSRuleList);
    }
  };
  for (const sheet of page.styleSheets) {
    try {
      if (sheet.media.length > 0) rewrite(sheet, sheet.media, change);
      visit(sheet.cssRules);
    } catch {
      // A sheet from elsewhere cannot be read; none is let in.
    }
  }
  for (const source of page.querySelectorAll('source[media]')) {
    const text = original.get(source) ?? source.getAttribute('media') ?? '';
    original.set(source, text);
    const changed = change(text);
    if (changed !== null) source.setAttribute('media', changed);
  }
}

function rewrite(owner: object, media: MediaList, change: (text: string) => string | null): void {
  const text = original.get(owner) ?? media.mediaText;
  original.set(owner, text);
  const changed = change(text);
  if (changed !== null && changed !== media.mediaText) media.mediaText = changed;
}

/** The frame has its own globals, so `instanceof` with ours is false. */
function isMediaRule(rule: CSSRule): rule is CSSMediaRule {
  return 'media' in rule && 'conditionText' in rule;
}
