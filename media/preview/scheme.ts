import type { PreviewScheme } from '../../src/protocol/previewMessages.ts';

const original = new WeakMap<object, string>();
const COLOUR_SCHEME = /\(\s*prefers-color-scheme\s*:\s*(dark|light|no-preference)\s*\)/gi;

/** Whether the letter has styles of its own for readers who chose dark. */
export function hasDarkStyles(page: Document): boolean {
  let found = false;
  eachMedia(page, (text) => {
    if (/prefers-color-scheme\s*:\s*dark/i.test(text)) found = true;
    return null;
  });
  return found;
}

/**
 * Shows the letter as in a light or a dark mail program. A media query cannot be answered from outside, so the queries
 * are rewritten to ones that always or never hold. "Forced" turns light letters dark as some mail programs do by themselves.
 */
export function applyScheme(page: Document, scheme: PreviewScheme): void {
  const wanted = scheme === 'dark' ? 'dark' : 'light';
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
  const inverted =
    scheme === 'forced'
      ? 'html{background:#fff !important;filter:invert(.93) hue-rotate(180deg)}img,video,picture,svg,[background]{filter:invert(1) hue-rotate(180deg)}'
      : '';
  own.textContent = `:root{color-scheme:${wanted} !important}${inverted}`;
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

/** The frame has classes of its own, so `instanceof` of ours does not hold. */
function isMediaRule(rule: CSSRule): rule is CSSMediaRule {
  return 'media' in rule && 'conditionText' in rule;
}
