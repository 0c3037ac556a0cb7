/** Nothing further away belongs to the same rule, in any realistic letter. */
const REACH = 1_000;

/** Where the style attribute or rule around an offset begins and ends, and where the declaration at it begins. */
export function blockAround(text: string, offset: number): { from: number; to: number; declaration: number } {
  const before = text.slice(Math.max(0, offset - REACH), offset);
  const after = text.slice(offset, offset + REACH);
  const from = offset - before.length + lastOf(before, /["'{}<>]/g);
  const end = /["'{}<>]/.exec(after);
  const declaration = from + lastOf(text.slice(from, offset), /;\s*/g);
  return { from, to: offset + (end?.index ?? after.length), declaration };
}

/** Where the last match ends; 0 without one. */
function lastOf(text: string, pattern: RegExp): number {
  let end = 0;
  for (const found of text.matchAll(pattern)) end = found.index + found[0].length;
  return end;
}
