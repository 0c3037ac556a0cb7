const MARK = 'envoi-find';
const CURRENT = 'envoi-found';
const APART =
  /^(?:address|article|blockquote|br|center|dd|div|dl|dt|footer|h[1-6]|header|hr|li|main|ol|p|pre|section|table|tbody|td|th|thead|tr|ul)$/i;

interface Spot {
  node: Text;
  offset: number;
}

/** All places of the words below `root`, whatever their case, across tags; white space is as a person sees it. */
export function findText(root: Element, words: string): Range[] {
  const wanted = fold(words.replace(/\s+/g, ' ').trim());
  if (wanted === '') return [];
  const { text, spots } = readable(root);
  const ranges: Range[] = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    const from = spots[at];
    const to = spots[at + wanted.length - 1];
    if (!from || !to) continue;
    const range = root.ownerDocument.createRange();
    range.setStart(from.node, from.offset);
    range.setEnd(to.node, to.offset + 1);
    ranges.push(range);
  }
  return ranges;
}

/** Marks the ranges, the current one stronger, without a change of the page's elements. */
export function markRanges(page: Document, ranges: readonly Range[], current: number): void {
  const view = page.defaultView as (Window & typeof globalThis) | null;
  if (!view?.CSS.highlights) return;
  if (!page.getElementById(MARK)) {
    const style = page.createElement('style');
    style.id = MARK;
    style.textContent = `::highlight(${MARK}){background-color:#ffe58a;color:#000}::highlight(${CURRENT}){background-color:#f6a23c;color:#000}`;
    page.head.append(style);
  }
  view.CSS.highlights.set(MARK, new view.Highlight(...ranges));
  const chosen = ranges[current];
  const strong = new view.Highlight(...(chosen ? [chosen] : []));
  strong.priority = 1;
  view.CSS.highlights.set(CURRENT, strong);
}

/** Maps each code unit to one, so that offsets stay valid. */
function fold(text: string): string {
  return [...text].map((char) => (char.toLowerCase().length === char.length ? char.toLowerCase() : char)).join('');
}

function readable(root: Element): { text: string; spots: (Spot | null)[] } {
  const page = root.ownerDocument;
  const spots: (Spot | null)[] = [];
  let text = '';
  const gap = () => {
    if (text === '' || text.endsWith('\n')) return;
    text += '\n';
    spots.push(null);
  };
  const keepsSpace = /^pre/.test(page.defaultView?.getComputedStyle(root).whiteSpace ?? '');
  const visit = (node: Node): void => {
    if (node.nodeType === 3) {
      const content = node.nodeValue ?? '';
      for (let offset = 0; offset < content.length; offset++) {
        const char = content[offset] ?? '';
        const space = /\s/.test(char);
        if (space && !keepsSpace && /\s$/.test(text)) continue;
        text += space ? ' ' : fold(char);
        spots.push({ node: node as Text, offset });
      }
      return;
    }
    if (node.nodeType !== 1) return;
    const element = node as Element;
    if (/^(?:style|script|title|template)$/i.test(element.tagName)) return;
    const style = page.defaultView?.getComputedStyle(element);
    if (style?.display === 'none' || style?.visibility === 'hidden') return;
    const apart = APART.test(element.tagName);
    if (apart) gap();
    for (const child of element.childNodes) visit(child);
    if (apart) gap();
  };
  visit(root);
  return { text, spots };
}
