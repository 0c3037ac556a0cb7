import { parse as parseSelector } from 'css-what';

export interface Declaration {
  property: string;
  value: string;
  important: boolean;
}

export interface StyleRule {
  selector: string;
  /** Ids, classes, elements (CSS Selectors 17). */
  specificity: readonly [number, number, number];
  declarations: readonly Declaration[];
}

export interface Stylesheet {
  /** Rules that can be written into elements, in source order. */
  rules: StyleRule[];
  /** What has to stay a style sheet: at-rules, `:hover` and the like. */
  rest: string;
}

const dynamicPseudo =
  /:(?:hover|active|focus(?:-within|-visible)?|visited|link|any-link|target|checked|disabled|enabled|root|selection)\b|::/i;

/** Splits a style sheet. Text that is no CSS is kept in `rest` as it stands. */
export function parseStylesheet(css: string): Stylesheet {
  const source = css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/<!--|-->/g, '');
  const sheet: Stylesheet = { rules: [], rest: '' };
  let at = 0;
  while (at < source.length) {
    const open = scan(source, at, '{;');
    const prelude = source.slice(at, open).trim();
    if (source[open] !== '{') {
      if (prelude) sheet.rest += `${prelude};\n`;
      at = open + 1;
      continue;
    }
    const close = closingBrace(source, open);
    const body = source.slice(open + 1, close);
    if (prelude.startsWith('@')) sheet.rest += `${prelude} {${body}}\n`;
    else takeRule(sheet, prelude, body.trim());
    at = close + 1;
  }
  return sheet;
}

function takeRule(sheet: Stylesheet, prelude: string, body: string): void {
  const declarations = parseDeclarations(body);
  for (const selector of splitTop(prelude, ',')) {
    const specificity = dynamicPseudo.test(selector) ? undefined : specificityOf(selector);
    if (specificity) sheet.rules.push({ selector, specificity, declarations });
    else sheet.rest += `${selector} { ${body} }\n`;
  }
}

export function parseDeclarations(body: string): Declaration[] {
  const declarations: Declaration[] = [];
  for (const part of splitTop(body, ';')) {
    const colon = part.indexOf(':');
    if (colon <= 0) continue;
    const raw = part.slice(colon + 1).trim();
    const value = raw.replace(/\s*!\s*important$/i, '');
    declarations.push({ property: part.slice(0, colon).trim().toLowerCase(), value, important: value !== raw });
  }
  return declarations;
}

function specificityOf(selector: string): [number, number, number] | undefined {
  try {
    const result: [number, number, number] = [0, 0, 0];
    for (const token of parseSelector(selector)[0] ?? []) {
      if (token.type === 'attribute' && token.name === 'id' && token.action === 'equals') result[0]++;
      else if (token.type === 'attribute' || token.type === 'pseudo') result[1]++;
      else if (token.type === 'tag') result[2]++;
      else if (token.type === 'pseudo-element') return undefined;
    }
    return result;
  } catch {
    return undefined;
  }
}

/** Index of the first of `stops` outside quotes and brackets, or the end. */
function scan(source: string, from: number, stops: string): number {
  let quote = '';
  let depth = 0;
  for (let at = from; at < source.length; at++) {
    const char = source[at] as string;
    if (quote) {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '(' || char === '[') depth++;
    else if (char === ')' || char === ']') depth--;
    else if (depth <= 0 && stops.includes(char)) return at;
  }
  return source.length;
}

function closingBrace(source: string, open: number): number {
  let depth = 0;
  let at = open;
  while (at < source.length) {
    if (source[at] === '{') depth++;
    else if (source[at] === '}' && --depth === 0) return at;
    at = scan(source, at + 1, '{}');
  }
  return source.length;
}

function splitTop(source: string, separator: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at <= source.length; ) {
    const end = scan(source, at, separator);
    const part = source.slice(at, end).trim();
    if (part) parts.push(part);
    at = end + 1;
  }
  return parts;
}
