/** A block of the letter: its line in the document and its distance from the top of the page, in pixels. */
export interface Anchor {
  line: number;
  top: number;
}

/** Where to scroll so that this line of the document is at the top; between two blocks, the part of the way. */
export function offsetOfLine(anchors: readonly Anchor[], line: number, height: number): number {
  const sorted = [...anchors].sort((a, b) => a.line - b.line);
  let before: Anchor = { line: 1, top: 0 };
  for (const anchor of sorted) {
    if (anchor.line > line) {
      const share = (line - before.line) / Math.max(1, anchor.line - before.line);
      return Math.max(0, before.top + share * (anchor.top - before.top));
    }
    if (anchor.line > before.line || before.top === 0) before = anchor;
  }
  return before.line === 1 && before.top === 0 ? 0 : Math.min(before.top, height);
}

/** The document's line at this distance from the top; null when no block has a line. */
export function lineAtTop(anchors: readonly Anchor[], top: number): number | null {
  const sorted = [...anchors].sort((a, b) => a.top - b.top);
  const first = sorted[0];
  if (!first) return null;
  let before: Anchor = first;
  if (top < first.top) return 1 + (first.line - 1) * (top / Math.max(1, first.top));
  for (const anchor of sorted) {
    if (anchor.top > top) {
      const share = (top - before.top) / Math.max(1, anchor.top - before.top);
      return before.line + share * Math.max(0, anchor.line - before.line);
    }
    before = anchor;
  }
  return before.line;
}
