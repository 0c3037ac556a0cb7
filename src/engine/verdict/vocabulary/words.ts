/**
 * Who can be named in a reply, and what can be said of them, in English, French, German and Spanish, with the commonest
 * words of their neighbours. All of it is for normalized replies (normalizeReply.ts): lower case, without accents, where a letter
 * with an accent may be missing altogether.
 */

export const one = (...words: readonly string[]): string => `(?:${words.join('|')})`;

/** `a` then `b` or `b` then `a`, at most so many letters apart, within one sentence. */
export function near(a: string, b: string, apart: number): string {
  return `(?:${a}[^.;!]{0,${apart}}?${b}|${b}[^.;!]{0,${apart}}?${a})`;
}

export function phrases(...patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join('|'));
}
