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
  return trimLineEnds(text.replace(/\r\n?/g, '\n'))
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+/, '');
}
