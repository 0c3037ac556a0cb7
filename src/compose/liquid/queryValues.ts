import type { Shield } from './shield.ts';

/** Filters after which a value is encoded already, or is meant to be something other than one value. */
const ENCODED = /\|\s*(?:url_encode|url_escape|uri_escape|cgi_escape|url_param_escape|url_decode)\b/;

/**
 * Values in the query of an address are percent-encoded automatically: `?name={{ name }}` contains the whole of "O'Neil &
 * Co". One that follows no `name=` may be a whole query and stays as it is. `url` has its Liquid shielded.
 */
export function encodeQueryValues(url: string, shield: Shield): string {
  if (!/[?#]/.test(url)) return url;
  return url.replace(shield.pattern, (standIn, kind: string, index: string, at: number) => {
    if (kind !== 'o' || !inQueryValue(url.slice(0, at).replace(shield.pattern, ''))) return standIn;
    const source = shield.pieces[Number(index)]?.source ?? '';
    if (ENCODED.test(source) || /\bunsubscribe_url\b/.test(source)) return standIn;
    return `{% envoi_query %}${standIn}{% endenvoi_query %}`;
  });
}

/** Whether what comes next is part of a value: after `?name=`, `&name=` or `#name=`. */
function inQueryValue(before: string): boolean {
  const start = Math.max(before.lastIndexOf('?'), before.lastIndexOf('#'));
  if (start < 0) return false;
  const last = Math.max(start, before.lastIndexOf('&'), before.lastIndexOf(';'));
  return before.indexOf('=', last) >= 0;
}

/** The same for every web address in a text. */
export function encodeQueriesInText(text: string, shield: Shield): string {
  return text.replace(/\b(?:https?|mailto):[^\s<>"]+/g, (url) => encodeQueryValues(url, shield));
}
