import { Tokenizer, TokenKind, type TopLevelToken } from 'liquidjs';
import type { Document } from '../../compose/document/document.ts';
import { bodyOffset, placeAt, valueOffset } from '../../compose/document/places.ts';
import { fieldName } from '../../compose/liquid/fieldName.ts';
import type { Finding, Place } from '../../shared/errors.ts';
import { plural } from '../../shared/words.ts';
import { finding, type Rule } from './rule.ts';

interface Use {
  name: string;
  place: Place;
}

/** `{{ first_name }}` without a default, where some rows have none: “Dear ,”. */
export const fieldEmpty: Rule = {
  code: 'fieldEmpty',
  check({ document, list }) {
    if (!list) return [];
    const findings: Finding[] = [];
    for (const { name, place } of usesOf(document)) {
      const field = list.fields.find((candidate) => candidate.name === name);
      if (!field || field.blanks === 0 || name in document.variables) continue;
      const lines = field.blankLines.join(', ') + (field.blanks > field.blankLines.length ? ', …' : '');
      const text = plural(
        '“{1}” is empty in the only row (line {2}). Give it a default: {4}',
        '“{1}” is empty in {3} of {0} rows ({2}). Give it a default: {4}',
        list.count,
        name,
        list.count === 1 ? lines : plural('line {1}', 'lines {1}', field.blanks, lines),
        field.blanks,
        `{{ ${name} | default: "…" }}`,
      );
      findings.push(finding('fieldEmpty', 'warning', text, place, { field: name }));
    }
    return findings;
  },
};

function usesOf(document: Document): Use[] {
  const uses = usesIn(document.body, (at, length) => placeAt(document, bodyOffset(document) + at, length));
  for (const key of ['subject', 'preheader'] as const) {
    const value = document.frontMatter[key];
    const offset = valueOffset(document, key);
    if (!value || offset < 0) continue;
    uses.push(
      ...usesIn(value, (at, length) => {
        const source = value.slice(at, at + length);
        const found = document.text.indexOf(source, offset);
        return { ...placeAt(document, found < 0 ? offset : found, length), key };
      }),
    );
  }
  return uses;
}

/** Outputs of nothing but a name, unless a tag asks for the name somewhere: `{% if first_name %}` minds the gap. */
function usesIn(source: string, placeOf: (at: number, length: number) => Place): Use[] {
  let tokens: TopLevelToken[];
  try {
    tokens = new Tokenizer(source).readTopLevelTokens() as TopLevelToken[];
  } catch {
    return [];
  }
  const tags = tokens.filter((token) => token.kind === TokenKind.Tag).map((token) => words(token.getText()));
  const uses: Use[] = [];
  for (const token of tokens) {
    if (token.kind !== TokenKind.Output) continue;
    const [expression = '', ...filters] = token
      .getText()
      .replace(/^\{\{-?|-?\}\}$/g, '')
      .split('|');
    const name = fieldName(expression.trim().replace(/^\[(["'])(.*)\1\]$/, '$2'));
    if (filters.some((filter) => /^\s*default\b/.test(filter)) || tags.some((tag) => tag.includes(name))) continue;
    uses.push({ name, place: placeOf(token.begin, token.end - token.begin) });
  }
  return uses;
}

function words(tag: string): string[] {
  const quoted = [...tag.matchAll(/(["'])(.*?)\1/g)].map((match) => match[2] ?? '');
  return [...quoted, ...(tag.match(/[\p{L}\p{N}_-]+/gu) ?? [])].map(fieldName);
}
