import { Tokenizer, TokenKind, type TopLevelToken } from 'liquidjs';
import type { Document } from '../../compose/document/document.ts';
import { bodyOffset, placeAt, valueOffset } from '../../compose/document/places.ts';
import { fieldName } from '../../compose/liquid/fieldName.ts';
import type { Place } from '../../shared/errors.ts';

/** One `{{ name | filter }}` of the letter, or the value of an `assign`. */
export interface Output {
  /** The name of a column; "" for anything else. */
  name: string;
  filters: readonly string[];
  /** A tag in the same text tests the name: `{% if first_name %}` covers the gap. */
  asked: boolean;
  /** Its value is put into the letter here, not only kept. */
  shown: boolean;
  place: Place;
}

const ASSIGN = /^\{%-?\s*assign\s+\S+\s*=/;

/** Values of subject, preheader and body, in the order of the document. Empty while its Liquid is broken. */
export function outputsOf(document: Document): Output[] {
  const outputs = outputsIn(document.body, (at, length) => placeAt(document, bodyOffset(document) + at, length));
  for (const key of ['subject', 'preheader'] as const) {
    const value = document.frontMatter[key];
    let offset = valueOffset(document, key);
    if (!value || offset < 0) continue;
    outputs.push(
      ...outputsIn(value, (at, length) => {
        const found = document.text.indexOf(value.slice(at, at + length), offset);
        if (found >= 0) offset = found;
        return { ...placeAt(document, offset, length), key };
      }),
    );
  }
  return outputs;
}

function outputsIn(source: string, placeOf: (at: number, length: number) => Place): Output[] {
  let tokens: TopLevelToken[];
  try {
    tokens = new Tokenizer(source).readTopLevelTokens() as TopLevelToken[];
  } catch {
    return [];
  }
  const tags = tokens.filter((token) => token.kind === TokenKind.Tag).map((token) => token.getText());
  const asked = new Set(tags.filter((tag) => !ASSIGN.test(tag)).flatMap(words));
  const outputs: Output[] = [];
  for (const token of tokens) {
    const text = token.getText();
    const shown = token.kind === TokenKind.Output;
    if (!shown && !ASSIGN.test(text)) continue;
    const inside = text
      .replace(ASSIGN, '')
      .replace(/^\{\{-?/, '')
      .replace(/-?[}%]\}$/, '');
    const [expression = '', ...filters] = splitPipes(inside);
    const name = fieldName(expression.trim().replace(/^\[(["'])([^"']*)\1\]$/, '$2'));
    outputs.push({
      name,
      filters: filters.map((filter) => /^\s*(\w*)/.exec(filter)?.[1] ?? ''),
      asked: asked.has(name),
      shown,
      place: placeOf(token.begin, token.end - token.begin),
    });
  }
  return outputs;
}

/** At the pipes outside quotation marks. */
function splitPipes(text: string): string[] {
  const parts = [''];
  let quote = '';
  for (const char of text) {
    if (quote) quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    if (char === '|' && !quote) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts;
}

function words(tag: string): string[] {
  const quoted = [...tag.matchAll(/"([^"]*)"|'([^']*)'/g)].map((match) => match[1] ?? match[2] ?? '');
  return [...quoted, ...(tag.match(/[\p{L}\p{N}_-]+/gu) ?? [])].map(fieldName);
}
