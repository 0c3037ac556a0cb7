import type { AuthResult } from '../shared/arrival.ts';

const LONGEST = 10_000;
const MOST = 50;

/** One Authentication-Results field (RFC 8601): who wrote it, and what it says. Null if it cannot be parsed. */
export function readAuthResults(field: string): { server: string; results: AuthResult[] } | null {
  const [head = '', ...parts] = splitParts(withoutComments(field.slice(0, LONGEST)));
  const server = head.trim().split(/[ \t]/, 1)[0] ?? '';
  if (!/^[\w.@:-]{1,255}$/.test(server)) return null;
  const results = parts.slice(0, MOST).flatMap((part): AuthResult[] => {
    const [first = '', ...more] = part.trim().split(/[ \t]{1,50}/);
    const [, method, result] = /^([a-z][a-z0-9-]{0,40})(?:\/\d{1,3})?=([a-z]{1,20})$/i.exec(first) ?? [];
    if (!method || !result) return [];
    const about = more.filter((word) => /^(?:header|smtp|policy|body)\.[\w-]{1,40}=/i.test(word)).join(' ');
    return [{ method: method.toLowerCase(), result: result.toLowerCase(), about: about.slice(0, 300) }];
  });
  return { server, results };
}

/** Comments may contain anything, including semicolons, and may be nested (RFC 5322, 3.2.2). */
function withoutComments(text: string): string {
  let depth = 0;
  let quoted = false;
  let kept = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '\\' && (quoted || depth > 0)) {
      if (depth === 0) kept += character + (text[at + 1] ?? '');
      at++;
    } else if (character === '"' && depth === 0) {
      quoted = !quoted;
      kept += character;
    } else if (character === '(' && !quoted) depth++;
    else if (character === ')' && !quoted && depth > 0) depth--;
    else if (depth === 0) kept += character;
  }
  return kept;
}

/** Splits at semicolons outside quotes. */
function splitParts(text: string): string[] {
  const parts = [''];
  let quoted = false;
  for (const character of text.replace(/[\r\n]/g, ' ')) {
    if (character === '"') quoted = !quoted;
    if (character === ';' && !quoted) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}
