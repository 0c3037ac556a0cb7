import { createHash } from 'node:crypto';

/** The appearance of the page. */
export interface PageLook {
  /** The list's name, in plain text. */
  name: string;
  /** `#rrggbb`, for the button. */
  color: string;
}

export type PageLanguage = 'en' | 'fr';
export type PageKind = 'ask' | 'done';

const words = {
  en: {
    title: 'Unsubscribe',
    ask: 'Do you want to stop receiving {0}?',
    button: 'Unsubscribe',
    done: 'You have been unsubscribed from {0}.',
    after: 'It can take a few hours until this takes effect everywhere. You can close this page.',
  },
  fr: {
    title: 'Se désabonner',
    ask: 'Souhaitez-vous ne plus recevoir {0} ?',
    button: 'Se désabonner',
    done: 'Vous êtes désabonné de {0}.',
    after: 'La prise en compte peut demander quelques heures. Vous pouvez fermer cette page.',
  },
} as const;

/** The better of the two languages by Accept-Language (RFC 9110, 12.5.4); English when neither is asked for. */
export function pageLanguage(accept: string | undefined): PageLanguage {
  let best: { language: PageLanguage; quality: number } = { language: 'en', quality: 0 };
  for (const range of (accept ?? '').slice(0, 500).split(',')) {
    const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
    const language = tag.split('-')[0]?.trim();
    const written = parameters.map((each) => each.trim()).find((each) => each.startsWith('q='));
    const quality = written === undefined ? 1 : Number(written.slice(2)) || 0;
    if ((language === 'en' || language === 'fr') && quality > best.quality) best = { language, quality };
  }
  return best.language;
}

/** A complete page without script, cookie, picture or address; its form posts to the page's own URL. */
export function leavePage(kind: PageKind, language: PageLanguage, look: PageLook): string {
  const text = words[language];
  const name = `<strong>${escapeHtml(look.name)}</strong>`;
  const body =
    kind === 'ask'
      ? `<p>${text.ask.replace('{0}', () => name)}</p>
<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>${text.button}</button></form>`
      : `<p role="status">${text.done.replace('{0}', () => name)}</p><p>${text.after}</p>`;
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${text.title}</title><style>${styleOf(look)}</style></head>
<body><main><h1>${text.title}</h1>${body}</main></body></html>
`;
}

/** Nothing but the page's own style; its form goes nowhere else, and no other page may frame it. */
export function pagePolicy(look: PageLook): string {
  const hash = createHash('sha256').update(styleOf(look)).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
}

function styleOf({ color }: PageLook): string {
  const button = `font:inherit;font-weight:600;padding:.7em 1.4em;border:0;border-radius:6px;cursor:pointer`;
  return `body{margin:0;font:18px/1.5 system-ui,sans-serif;color:#222;background:#f5f5f5}
main{max-width:30em;margin:12vh auto;padding:2em;background:#fff;border-radius:8px}h1{font-size:1.3em;margin-top:0}
button{${button};background:${color};color:${inkOn(color)}}button:focus-visible{outline:3px solid #222;outline-offset:2px}`;
}

/** Black or white, whichever stands out more (WCAG 2.2, relative luminance). */
function inkOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff';
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char] ?? '&quot;');
}
