import { type AnyNode, type Document as Dom, type Element, isComment, isTag, isText } from 'domhandler';
import { removeElement } from 'domutils';
import { encodeQueryValues } from '../liquid/queryValues.ts';
import type { Shield } from '../liquid/shield.ts';

/** What a person must change; `source` is the Liquid to look for in the document. */
export type HardenProblem = { kind: 'valueInTag'; source: string } | { kind: 'script'; source: string };

const urlAttributes = new Set([
  'href',
  'src',
  'action',
  'background',
  'cite',
  'poster',
  'formaction',
  'xlink:href',
  'longdesc',
]);

/**
 * Makes each value safe for its context: URLs are checked when they are rendered, CSS values can only be
 * values, and no value may stand where it could become a tag or an attribute. Scripts and event handlers, which no
 * mail program runs, are removed.
 */
export function hardenDom(dom: Dom, shield: Shield): HardenProblem[] {
  const problems: HardenProblem[] = [];
  const outputs = new RegExp(shield.pattern.source.replace('([ot])', 'o'), 'g');
  const wrapCss = (text: string) => text.replace(outputs, (standIn) => `{% envoi_css %}${standIn}{% endenvoi_css %}`);
  const wrapJson = (text: string) =>
    text.replace(outputs, (standIn) => `{% envoi_json %}${standIn}{% endenvoi_json %}`);
  const hasLiquid = (text: string) => new RegExp(shield.pattern.source).test(text);

  const visit = (node: AnyNode): void => {
    if (isComment(node)) {
      node.data = hardenComment(node.data, shield, outputs);
      return;
    }
    if (!isTag(node)) return;
    hardenElement(node);
    for (const child of [...node.children]) visit(child);
  };

  const hardenElement = (element: Element): void => {
    if (isActive(element)) {
      problems.push({ kind: 'script', source: `<${element.name}` });
      removeElement(element);
      element.children = [];
      return;
    }
    if (hasLiquid(element.name)) {
      problems.push({ kind: 'valueInTag', source: shield.piece(element.name)?.source ?? element.name });
      // Even in a preview the value must not name an element.
      element.name = 'span';
      element.attribs = {};
    }
    if (element.name === 'style') {
      for (const child of element.children) if (isText(child)) child.data = wrapCss(child.data);
    }
    if (element.name === 'script')
      for (const child of element.children) if (isText(child)) child.data = wrapJson(child.data);
    const kept: Record<string, string> = {};
    for (const [written, value] of Object.entries(element.attribs)) {
      // A tag right before a name (`{% if x %}href=…`) must not hide it from these checks.
      const name = written.replace(shield.pattern, (standIn, kind: string) => (kind === 't' ? '' : standIn));
      if (new RegExp(outputs.source).test(name)) {
        problems.push({ kind: 'valueInTag', source: shield.piece(name)?.source ?? name });
      } else if (name.startsWith('on') || name === 'srcdoc') {
        problems.push({ kind: 'script', source: name });
        // The tags before it stay where they are, or their blocks would not close.
        if (written !== name) kept[written.slice(0, written.length - name.length)] = '';
      } else if (name !== 'srcset' || !hasLiquid(value)) {
        kept[written] = attribute(name, value);
      }
    }
    element.attribs = kept;
  };

  const attribute = (name: string, value: string): string => {
    if (name === 'style') return wrapCss(value);
    if (!urlAttributes.has(name)) return value;
    if (hasLiquid(value)) return `{% envoi_url %}${encodeQueryValues(value, shield)}{% endenvoi_url %}`;
    if (!/^\s*(?:javascript|vbscript|data:text\/html)/i.test(value)) return value;
    problems.push({ kind: 'script', source: value });
    return '#';
  };

  for (const child of [...dom.children]) visit(child);
  return problems;
}

const activeNames = new Set(['iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'base']);

function isActive(element: Element): boolean {
  if (element.name === 'script') return element.attribs.type !== 'application/ld+json';
  if (element.name === 'meta') return /refresh/i.test(element.attribs['http-equiv'] ?? '');
  return activeNames.has(element.name);
}

/** Outlook reads markup in its conditional comments: values there are quoted, and URLs checked, as outside. */
function hardenComment(data: string, shield: Shield, outputs: RegExp): string {
  const standIn = outputs.source;
  return data
    .replace(new RegExp(`=\\s*(${standIn}[^\\s"'>]*)`, 'g'), '="$1"')
    .replace(/\b(href|src)\s*=\s*(["'])(.*?)\2/gis, (whole, name: string, quote: string, value: string) =>
      new RegExp(shield.pattern.source).test(value)
        ? `${name}=${quote}{% envoi_url %}${encodeQueryValues(value, shield)}{% endenvoi_url %}${quote}`
        : whole,
    )
    .replace(
      /\bstyle\s*=\s*(["'])(.*?)\1/gis,
      (_, quote: string, value: string) =>
        `style=${quote}${value.replace(outputs, (found) => `{% envoi_css %}${found}{% endenvoi_css %}`)}${quote}`,
    );
}
