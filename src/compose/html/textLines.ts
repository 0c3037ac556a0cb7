/** Removes blanks at line ends; in linear time, which a regular expression would not be. */
export function trimLineEnds(text: string): string {
  let out = '';
  let kept = 0;
  for (let end = text.indexOf('\n'); ; end = text.indexOf('\n', end + 1)) {
    const stop = end === -1 ? text.length : end;
    const start = blanksBefore(text, kept, stop);
    if (start < stop) {
      // `-- ` on its own line begins a signature: its blank belongs to it.
      const dashes = start - 2 >= 0 && text[start - 1] === '-' && text[start - 2] === '-';
      out += text.slice(kept, start + (dashes ? 1 : 0));
      kept = stop;
    }
    if (end === -1) break;
  }
  return kept === 0 ? text : out + text.slice(kept);
}

function blanksBefore(text: string, from: number, stop: number): number {
  let at = stop;
  while (at > from && (text[at - 1] === ' ' || text[at - 1] === '\t')) at--;
  return at;
}

/** Blank lines left by conditions that failed are merged. */
export function finishText(text: string): string {
  return finishLines(text).replace(/^\n+/, '');
}

/**
 * The same for what stands between two cores, or before the first: `opens` when the text begins with it, `closes` when it
 * ends with it.
 */
export function finishBetween(text: string, opens: boolean, closes: boolean): string {
  // The blanks before a core are never at the end of a line, whatever it begins with.
  const lines = closes ? finishLines(text) : finishLines(`${text}x`).slice(0, -1);
  return opens ? lines.replace(/^\n+/, '') : lines;
}

/**
 * A piece of a text without its blanks and dashes at both ends: finished, it does not depend on what stands before or after it.
 * Undefined where too little is left. Line ends are `\n`.
 */
export function cutCore(text: string): { before: string; core: string; after: string } | undefined {
  const loose = (at: number) => ' \t\n-'.includes(text[at] ?? 'x');
  let start = 0;
  let end = text.length;
  while (start < end && loose(start)) start++;
  while (end > start && loose(end - 1)) end--;
  if (end - start < SHORTEST_CORE) return undefined;
  return { before: text.slice(0, start), core: finishLines(text.slice(start, end)), after: text.slice(end) };
}

/** Shorter texts are encoded again just as fast. */
const SHORTEST_CORE = 16;

function finishLines(text: string): string {
  return trimLineEnds(text.replace(/\r\n?/g, '\n')).replace(/\n{3,}/g, '\n\n');
}
