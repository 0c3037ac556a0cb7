import { type AnyNode, type Document as Dom, type Element, isComment, isTag, isText } from 'domhandler';
import { removeElement } from 'domutils';
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
 * Makes each value safe for the place it stands in: URLs are checked when they are rendered, CSS values can only be
 * values, and no value may stand where it could become a tag or an attribute. Scripts and event handlers, which no
 * mail program runs, are taken out.
 */
export function hardenDom(dom: Dom, shield: Shield): HardenProblem[] {
  const problems: HardenProblem[] = [];
  const outputs = new RegExp(shield.pattern.source.replace('([ot])', 'o'), 'g');
  const wrapCss = (text: string) => text.replace(outputs, (standIn) => `{% envoi_css %}${standIn}{% endenvoi_css %}`);
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
    if (element.name === 'script' && element.attribs.type !== 'application/ld+json') {
      problems.push({ kind: 'script', source: '<script' });
      removeElement(element);
      element.children = [];
      return;
    }
    if (hasLiquid(element.name)) {
      problems.push({ kind: 'valueInTag', source: shield.piece(element.name)?.source ?? element.name });
    }
    if (element.name === 'style') {
      for (const child of element.children) if (isText(child)) child.data = wrapCss(child.data);
    }
    for (const [name, value] of Object.entries(element.attribs)) {
      if (name.startsWith('on') && !hasLiquid(name)) {
        problems.push({ kind: 'script', source: name });
        delete element.attribs[name];
      } else if (shield.piece(name)?.kind === 'output' || (hasLiquid(name) && !shield.onlyTags.test(name))) {
        problems.push({ kind: 'valueInTag', source: shield.piece(name)?.source ?? name });
      } else if (name === 'style') element.attribs[name] = wrapCss(value);
      else if (name === 'srcset' && hasLiquid(value)) delete element.attribs[name];
      else if (urlAttributes.has(name)) {
        if (hasLiquid(value)) element.attribs[name] = `{% envoi_url %}${value}{% endenvoi_url %}`;
        else if (/^\s*(?:javascript|vbscript|data:text\/html)/i.test(value)) {
          problems.push({ kind: 'script', source: value });
          element.attribs[name] = '#';
        }
      }
    }
  };

  for (const child of [...dom.children]) visit(child);
  return problems;
}

/** Outlook reads markup in its conditional comments: values there are quoted, and URLs checked, as outside. */
function hardenComment(data: string, shield: Shield, outputs: RegExp): string {
  const standIn = outputs.source;
  return data
    .replace(new RegExp(`=\\s*(${standIn}[^\\s"'>]*)`, 'g'), '="$1"')
    .replace(/\b(href|src)\s*=\s*"([^"]*)"/gi, (whole, name: string, value: string) =>
      new RegExp(shield.pattern.source).test(value) ? `${name}="{% envoi_url %}${value}{% endenvoi_url %}"` : whole,
    )
    .replace(
      /\bstyle\s*=\s*"([^"]*)"/gi,
      (_, value: string) => `style="${value.replace(outputs, (found) => `{% envoi_css %}${found}{% endenvoi_css %}`)}"`,
    );
}
