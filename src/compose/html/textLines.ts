/** Takes blanks off each line's end; in time that grows with the text alone, which a regular expression's does not. */
export function trimLineEnds(text: string): string {
  let out = '';
  let kept = 0;
  for (let end = text.indexOf('\n'); ; end = text.indexOf('\n', end + 1)) {
    const stop = end === -1 ? text.length : end;
    const start = blanksBefore(text, kept, stop);
    if (start < stop) {
      // `-- ` on a line of its own begins a signature: its blank belongs to it.
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

/** Blank lines left by conditions that failed are taken together. */
export function finishText(text: string): string {
  return finishLines(text).replace(/^\n+/, '');
}

/** The same for what comes behind a line that has been finished. */
export function finishRest(text: string): string {
  return finishLines(`\n${text}`).slice(1);
}

/**
 * Cuts a piece of a text at its first and behind its last line that is not blank, of those that are whole: what is between does not
 * depend on what stands before or after it, and is finished. `opens` when the text begins with it. Undefined where there is no
 * such line. Line ends are `\n`.
 */
export function cutCore(text: string, opens: boolean): { before: string; core: string; after: string } | undefined {
  const first = text.slice(opens ? 0 : text.indexOf('\n') + 1).search(/[^ \t\n]/);
  if (first < 0 || (!opens && !text.includes('\n'))) return undefined;
  const from = opens ? first : text.indexOf('\n') + 1 + first;
  const start = text.lastIndexOf('\n', from) + 1;
  let last = text.lastIndexOf('\n');
  while (last > start && ' \t\n'.includes(text[last - 1] ?? '')) last--;
  if (last <= start) return undefined;
  const end = text.indexOf('\n', last) + 1;
  return { before: text.slice(0, start), core: finishLines(text.slice(start, end)), after: text.slice(end) };
}

function finishLines(text: string): string {
  return trimLineEnds(text.replace(/\r\n?/g, '\n')).replace(/\n{3,}/g, '\n\n');
}
