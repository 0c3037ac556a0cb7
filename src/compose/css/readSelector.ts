import { compile } from 'css-select';
import { parse, type Selector } from 'css-what';
import type { Element, ParentNode } from 'domhandler';
import { ancestorsOf, hasAncestors, mayMeanBody } from './ancestors.ts';
import { treeWithBodies } from './impliedBodies.ts';

type Matches = (element: Element) => boolean;

/** Some parts of a selector, and the element that its last part matches. */
export interface SelectorPart {
  /** No parts at all: every element. */
  all: boolean;
  /** Class or tag of the last part; undefined when it names none. */
  className: string | undefined;
  tag: string | undefined;
  /** Whether it matches a `tbody` that is not written: see `implyBodies`. */
  bodies: boolean;
  /** What is looked through for one element: its siblings for `~` or `:nth-child`, those around it for `.a .b`. */
  steps: 'one' | 'ancestors' | 'siblings';
  /** Undefined for a selector that cannot be compiled. */
  matches(): Matches | undefined;
}

/** What is known of a selector, independent of any letter. */
export type ReadSelector =
  | { kind: 'unread' }
  /** Matches a part of an element, `::before`. */
  | { kind: 'part' }
  | {
      kind: 'read';
      specificity: number;
      /** Applies conditionally, `:hover`: `always` is the selector without the condition. */
      dynamic: boolean;
      always: SelectorPart;
      /** What its last part requires of the element itself. */
      subject: SelectorPart;
      /** The same without what it says of these attributes. */
      without: (names: ReadonlySet<string>) => SelectorPart;
      /** Attributes it asks for, `class` and `id` among them. */
      names: ReadonlySet<string>;
      /** Whether it also depends on what is around or before the element. */
      combined: boolean;
    };

const dynamic = new Set(
  'hover active focus focus-within focus-visible visited link any-link target checked disabled enabled indeterminate default read-only read-write required optional valid invalid placeholder-shown autofill host fullscreen playing paused'.split(
    ' ',
  ),
);
const parts = new Set(['before', 'after', 'first-line', 'first-letter', 'selection', 'marker', 'placeholder']);

const known = new Map<string, ReadSelector>();
/** A letter has some hundred; a preview compiles the same ones again and again. */
const KNOWN = 2_000;
const LONGEST = 500;

export function readSelector(selector: string): ReadSelector {
  let read = known.get(selector);
  if (read) return read;
  read = take(selector);
  if (selector.length > LONGEST) return read;
  if (known.size >= KNOWN) known.clear();
  known.set(selector, read);
  return read;
}

function take(selector: string): ReadSelector {
  let tokens: Selector[];
  try {
    tokens = parse(selector)[0] ?? [];
  } catch {
    return { kind: 'unread' };
  }
  const last = tokens.at(-1);
  if (tokens.some((token) => token.type === 'pseudo-element') || (last?.type === 'pseudo' && parts.has(last.name)))
    return { kind: 'part' };
  const always = tokens.filter((token) => !isDynamic(token));
  const subjects = subject(always);
  return {
    kind: 'read',
    specificity: specificityOf(tokens),
    dynamic: always.length < tokens.length,
    always: partsOf(always),
    subject: partsOf(subjects),
    without: (names) => partsOf(subjects.filter((token) => token.type !== 'attribute' || !names.has(token.name))),
    names: new Set(namesIn(tokens)),
    combined: tokens.some(isCombinator),
  };
}

function partsOf(tokens: Selector[]): SelectorPart {
  let className: string | undefined;
  let tag: string | undefined;
  for (const part of tokens.toReversed()) {
    if (isCombinator(part)) break;
    if (part.type === 'attribute' && part.name === 'class' && part.action === 'element') className ??= part.value;
    else if (part.type === 'tag') tag ??= part.name;
  }
  const simple = ancestorsOf(tokens);
  // css-select's descendant matcher remembers elements, more of them with every letter.
  const lasting = simple === undefined && !tokens.some(({ type }) => type === 'descendant');
  const bodies = simple === undefined || mayMeanBody(simple);
  let matches: Matches | undefined | null = simple ? (element) => hasAncestors(element, simple, bodies) : null;
  return {
    all: tokens.length === 0,
    className,
    tag,
    bodies,
    steps: looksAside(tokens) ? 'siblings' : simple && simple.length > 1 ? 'ancestors' : 'one',
    // Compiled on first use: an earlier, cheaper check usually decides.
    matches() {
      if (!lasting && !simple) return compiled(tokens);
      if (matches === null) matches = compiled(tokens);
      return matches;
    },
  };
}

function compiled(tokens: Selector[]): Matches | undefined {
  try {
    const adapter = treeWithBodies;
    return compile<ParentNode['children'][number] | ParentNode, Element>([tokens] as never, { adapter } as never);
  } catch {
    return undefined;
  }
}

function namesIn(tokens: readonly Selector[]): string[] {
  return tokens.flatMap((token) => {
    if (token.type === 'attribute') return [token.name];
    return token.type === 'pseudo' && Array.isArray(token.data) ? token.data.flatMap(namesIn) : [];
  });
}

/** What a selector's last part says of the element itself. */
function subject(tokens: readonly Selector[]): Selector[] {
  let start = 0;
  for (const [index, token] of tokens.entries()) if (isCombinator(token)) start = index + 1;
  return tokens.slice(start).filter((token) => token.type === 'tag' || token.type === 'attribute');
}

function isCombinator({ type }: Selector): boolean {
  return /^(?:descendant|child|sibling|adjacent|parent|column-combinator)$/.test(type);
}

function looksAside(tokens: readonly Selector[]): boolean {
  return tokens.some(
    (token) =>
      token.type === 'sibling' ||
      token.type === 'adjacent' ||
      (token.type === 'pseudo' && (/^(?:nth-|only-|first-|last-)/.test(token.name) || Array.isArray(token.data))),
  );
}

function isDynamic(token: Selector): boolean {
  if (token.type !== 'pseudo') return false;
  if (dynamic.has(token.name)) return true;
  return Array.isArray(token.data) && token.data.some((inside) => inside.some(isDynamic));
}

/** Ids, classes, elements (CSS Selectors 17), as one number. */
function specificityOf(tokens: readonly Selector[]): number {
  let sum = 0;
  for (const token of tokens) {
    if (token.type === 'attribute') sum += token.name === 'id' && token.action === 'equals' ? 1e6 : 1e3;
    else if (token.type === 'tag') sum += 1;
    else if (token.type === 'pseudo') {
      if (token.name === 'where') continue;
      if (Array.isArray(token.data) && /^(?:is|not|has|matches)$/.test(token.name))
        sum += Math.max(0, ...token.data.map(specificityOf));
      else sum += 1e3;
    }
  }
  return sum;
}
