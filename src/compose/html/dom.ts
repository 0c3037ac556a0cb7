import render from 'dom-serializer';
import type { ChildNode, Document as Dom } from 'domhandler';
import { parseDocument as parseHtml } from 'htmlparser2';

/** A lenient parser: nothing is moved or added, so that what is between table rows stays there. */
export function parseDom(html: string): Dom {
  return parseHtml(html, { decodeEntities: false });
}

/** The same with entities decoded, for making text. */
export function parseDecodedDom(html: string): Dom {
  return parseHtml(html, { decodeEntities: true });
}

/** Every attribute is quoted in the output, whatever the source. */
export function serializeDom(dom: Dom | ChildNode[]): string {
  return render(dom, { decodeEntities: false, encodeEntities: false, selfClosingTags: false });
}

/** Browsers stop at 512; recursive functions over the tree can go this deep. */
const MAX_DEPTH = 400;

/** Whether elements are nested deeper than any letter needs, so that recursion would fail. */
export function isTooDeep(dom: Dom): boolean {
  let level: ChildNode[] = dom.children;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((node) => ('children' in node ? node.children : []));
  }
  return false;
}
