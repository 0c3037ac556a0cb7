import { Element, isTag, type ParentNode } from 'domhandler';
import * as domutils from 'domutils';

type Node = ParentNode['children'][number] | ParentNode;

/*
 * Rows directly inside a table have a `tbody` around them in every browser, written or not. Selectors match it; the letter
 * stays as it is written, because there may be Liquid between its rows.
 */
const bodies = new WeakMap<Node, Element>();
const shown = new WeakMap<Node, Node[]>();

/** Makes them visible to `treeWithBodies`, for the tables among these elements. */
export function implyBodies(elements: readonly Element[]): void {
  for (const table of elements) {
    if (table.name !== 'table' || !table.children.some((child) => isTag(child) && child.name === 'tr')) continue;
    const children: Node[] = [];
    let body: Element | undefined;
    let inside: Node[] = [];
    for (const child of table.children) {
      if (isTag(child) && child.name !== 'tr') body = undefined;
      else if (isTag(child)) {
        if (!body) {
          body = new Element('tbody', {});
          body.parent = table;
          inside = [];
          shown.set(body, inside);
          children.push(body);
        }
        bodies.set(child, body);
      }
      if (body) inside.push(child);
      else children.push(child);
    }
    shown.set(table, children);
  }
}

const getChildren = (node: Node): Node[] =>
  shown.get(node) ?? ((node as ParentNode).children as Node[] | undefined) ?? [];
const getParent = (node: Node): Node | null => (bodies.get(node) as Node | undefined) ?? node.parent ?? null;
const getSiblings = (node: Node): Node[] => {
  const parent = getParent(node);
  return parent ? getChildren(parent) : [node];
};

/** How css-select walks a letter. Shared by all letters, so that a compiled selector can be reused. */
export const treeWithBodies = {
  ...domutils,
  getChildren,
  getParent,
  getSiblings,
  prevElementSibling: (element: Element): Element | null => {
    let before: Element | null = null;
    for (const sibling of getSiblings(element)) {
      if (sibling === element) return before;
      if (isTag(sibling)) before = sibling;
    }
    return null;
  },
};
