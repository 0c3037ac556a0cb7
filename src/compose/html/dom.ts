import render from 'dom-serializer';
import type { ChildNode, Document as Dom } from 'domhandler';
import { parseDocument as parseHtml } from 'htmlparser2';

/** A forgiving tree: nothing is moved or added, so that what stands between table rows stays there. */
export function parseDom(html: string): Dom {
  return parseHtml(html, { decodeEntities: false });
}

/** The same with entities decoded, for making text. */
export function parseDecodedDom(html: string): Dom {
  return parseHtml(html, { decodeEntities: true });
}

/** Every attribute comes out quoted, whatever stood in the source. */
export function serializeDom(dom: Dom | ChildNode[]): string {
  return render(dom, { decodeEntities: false, encodeEntities: false, selfClosingTags: false });
}
