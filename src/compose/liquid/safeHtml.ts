import { Drop } from 'liquidjs';

/** Markup made by a template, whose values were escaped on the way in: it is not escaped a second time. */
export class SafeHtml extends Drop {
  readonly html: string;

  constructor(html: string) {
    super();
    this.html = html;
  }

  override valueOf(): string {
    return this.html;
  }

  override toString(): string {
    return this.html;
  }
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const characters = Object.fromEntries(Object.entries(entities).map(([character, entity]) => [entity, character]));

/** Escapes for text and quoted attributes. */
export function escapeHtml(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof SafeHtml) return value.html;
  const text = typeof value === 'string' ? value : Array.isArray(value) ? value.map(String).join('') : String(value);
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (char) => entities[char] ?? char) : text;
}

/** What `escapeHtml` was given. */
export function unescapeHtml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => characters[entity] ?? entity);
}

const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g;

const UNCLEAN = /[\u0000-\u0008\u000b-\u001f\u007f\ufffe\uffff\ud800-\udfff]/;

/** Line ends as `\n`, no control characters but tab, no lone surrogates: what any mail may carry. */
export function cleanText(text: string): string {
  if (!UNCLEAN.test(text)) return text;
  return wellFormed(text).replace(/\r\n?/g, '\n').replace(CONTROLS, '');
}

export function wellFormed(text: string): string {
  return /[\ud800-\udfff]/.test(text) ? Buffer.from(text, 'utf8').toString('utf8') : text;
}

const LINES = /[\r\n\t\u0085\u2028\u2029]/;

/** One line, for headers: line ends and tabs become a space. */
export function oneLine(text: string): string {
  const clean = cleanText(text);
  return (LINES.test(clean) ? clean.replace(/[\r\n\t\u0085\u2028\u2029]+/g, ' ') : clean).trim();
}
