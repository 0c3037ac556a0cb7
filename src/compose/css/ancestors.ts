import type { Selector } from 'css-what';
import { type Element, isTag } from 'domhandler';
import { treeWithBodies } from './impliedBodies.ts';

/** A compound selector such as `td.wide`. */
interface Compound {
  tag: string;
  id: string;
  classes: readonly string[];
}

/**
 * The parts of `.a td.b p`, last one first. Most selectors in letters are such descendant chains, for which one walk
 * up the tree is enough. Undefined for any other.
 */
export function ancestorsOf(tokens: readonly Selector[]): readonly Compound[] | undefined {
  const compounds: Compound[] = [];
  let tag = '';
  let id = '';
  let classes: string[] = [];
  const end = () => {
    compounds.unshift({ tag, id, classes });
    tag = '';
    id = '';
    classes = [];
  };
  for (const token of tokens) {
    if (token.type === 'descendant') end();
    else if (token.type === 'tag' && token.namespace === null && tag === '') tag = token.name.toLowerCase();
    else if (token.type === 'universal' && token.namespace === null) continue;
    else if (token.type !== 'attribute' || token.namespace !== null || token.value === '') return undefined;
    else if (token.name === 'class' && token.action === 'element') classes.push(token.value);
    else if (token.name === 'id' && token.action === 'equals' && id === '') id = token.value;
    else return undefined;
  }
  end();
  return compounds;
}

/** Whether one of them may be about a `tbody`, which may not be written. */
export function mayMeanBody(compounds: readonly Compound[]): boolean {
  return compounds.some(({ tag, id, classes }) => tag === 'tbody' || (tag === '' && id === '' && classes.length === 0));
}

/** The nearest of each kind is enough: its ancestors are ancestors of everything below it. */
export function hasAncestors(element: Element, compounds: readonly Compound[], bodies: boolean): boolean {
  let at = 0;
  let node: ReturnType<typeof treeWithBodies.getParent> = element;
  while (node && isTag(node)) {
    if (is(node, compounds[at] as Compound)) at++;
    else if (at === 0) return false;
    if (at === compounds.length) return true;
    node = bodies ? treeWithBodies.getParent(node) : node.parent;
  }
  return false;
}

function is({ name, attribs }: Element, { tag, id, classes }: Compound): boolean {
  if (tag !== '' && tag !== name) return false;
  if (id !== '' && attribs.id !== id) return false;
  for (const one of classes) if (!hasClass(attribs.class ?? '', one)) return false;
  return true;
}

function hasClass(written: string, name: string): boolean {
  if (written === name) return true;
  for (let at = written.indexOf(name); at >= 0; at = written.indexOf(name, at + name.length))
    if (isBlank(written.charCodeAt(at - 1)) && isBlank(written.charCodeAt(at + name.length))) return true;
  return false;
}

/** Also before the first character and behind the last one. */
const isBlank = (code: number) => Number.isNaN(code) || code === 32 || (code >= 9 && code <= 13);
