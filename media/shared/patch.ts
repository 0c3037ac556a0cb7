/**
 * Makes the children of `live` look like `wanted` and keeps every element that is still there: what a person is pressing,
 * has focused, selected, opened or scrolled stays under the pointer while figures change.
 *
 * Elements with the same `data-key` are the same; those without one are matched in their order by name. A kept element
 * keeps its listeners, so one with a listener carries a key, and its listener depends on nothing that the key does not say.
 */
export function patchChildren(live: Element, wanted: readonly (Node | null)[]): void {
  const keyed = new Map<string, Element>();
  const unkeyed = new Map<string, ChildNode[]>();
  for (const child of live.childNodes) {
    const key = keyOf(child);
    if (key !== null) keyed.set(key, child as Element);
    else unkeyed.set(child.nodeName, [...(unkeyed.get(child.nodeName) ?? []), child]);
  }
  const kept = new Set<Node>();
  const next: Node[] = [];
  for (const node of wanted) {
    if (!node) continue;
    const key = keyOf(node);
    const found = key === null ? unkeyed.get(node.nodeName)?.shift() : keyed.get(key);
    const same = found !== undefined && found.nodeName === node.nodeName && !kept.has(found) ? found : node;
    if (same !== node) patch(same, node);
    kept.add(same);
    next.push(same);
  }
  for (const child of [...live.childNodes]) if (!kept.has(child)) child.remove();
  let at: ChildNode | null = live.firstChild;
  for (const node of next) {
    if (node === at) at = at.nextSibling;
    else live.insertBefore(node, at);
  }
}

function patch(live: Node, wanted: Node): void {
  if (!(live instanceof Element && wanted instanceof Element)) {
    if (live.nodeValue !== wanted.nodeValue) live.nodeValue = wanted.nodeValue;
    return;
  }
  for (const { name } of [...live.attributes])
    if (name !== 'open' && !wanted.hasAttribute(name)) live.removeAttribute(name);
  for (const { name, value } of wanted.attributes) {
    // A style attribute that is set as text is stopped by the page's security policy; one set through the object is not.
    if (name === 'style') continue;
    if (live.getAttribute(name) !== value) live.setAttribute(name, value);
  }
  if (live instanceof HTMLElement && wanted instanceof HTMLElement && live.style.cssText !== wanted.style.cssText)
    live.style.cssText = wanted.style.cssText;
  patchChildren(live, [...wanted.childNodes]);
}

function keyOf(node: Node): string | null {
  return node instanceof Element ? node.getAttribute('data-key') : null;
}
