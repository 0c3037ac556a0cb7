import { nearest } from '../../shared/editDistance.ts';
import { msg } from '../../shared/errors.ts';
import type { Document } from '../document/document.ts';
import { bodyOffset, placeAt, valueOffset } from '../document/places.ts';
import { fieldName } from '../liquid/fieldName.ts';
import type { Compilation } from './compilation.ts';

/** Merge tags of other programs: their pattern, and the name or the text in them. */
const foreign: readonly {
  pattern: RegExp;
  meaning: (inside: string, known: ReadonlySet<string> | null) => string | null;
}[] = [
  // Mailchimp, Mandrill
  { pattern: /\*\|([A-Z][A-Z0-9_:.]{0,60})\|\*/gi, meaning: (inside, known) => ofName(inside, known) },
  // Handlebars, Mustache
  { pattern: /\{\{\{\s{0,9}([\w.]{1,60})\s{0,9}\}\}\}/g, meaning: (inside) => `{{ ${inside} }}` },
  { pattern: /\{\{#if\s{1,9}([\w.]{1,60})\s{0,9}\}\}/g, meaning: (inside) => `{% if ${inside} %}` },
  { pattern: /\{\{#unless\s{1,9}([\w.]{1,60})\s{0,9}\}\}/g, meaning: (inside) => `{% unless ${inside} %}` },
  { pattern: /\{\{#each\s{1,9}([\w.]{1,60})\s{0,9}\}\}/g, meaning: (inside) => `{% for item in ${inside} %}` },
  { pattern: /\{\{\/(if|unless)\s{0,9}\}\}/g, meaning: (inside) => `{% end${inside} %}` },
  { pattern: /\{\{\/each\s{0,9}\}\}/g, meaning: () => '{% endfor %}' },
  { pattern: /\{\{\s{0,9}(else)\s{0,9}\}\}/g, meaning: () => '{% else %}' },
  // Salesforce, ActiveCampaign, Outlook and others
  { pattern: /%%([A-Za-z][A-Za-z0-9_ ]{1,40})%%/g, meaning: (inside, known) => ofName(inside, known) },
  { pattern: /(?<![\w%])%([A-Z][A-Z0-9_]{2,40})%(?![\w%])/g, meaning: (inside, known) => ofName(inside, known) },
  // Mailgun, Salesforce, MailerLite, ERB and similar
  { pattern: /%recipient\.([A-Za-z]\w{1,40})%/g, meaning: (inside, known) => ofName(inside, known) },
  { pattern: /\{!(?:\w{1,40}\.)?([A-Za-z]\w{1,40})\}/g, meaning: (inside, known) => ofName(inside, known) },
  { pattern: /\{\$([A-Za-z]\w{1,40})\}/g, meaning: (inside, known) => ofName(inside, known) },
  { pattern: /\[%\s?([A-Za-z]\w{1,40})\s?%\]/g, meaning: (inside, known) => ofName(inside, known) },
  { pattern: /(?:<|&lt;)%=\s?([A-Za-z][\w.]{1,40})\s?%(?:>|&gt;)/g, meaning: (inside, known) => ofName(inside, known) },
  // Could also be ordinary text: only if it is a name.
  { pattern: /\$\{([A-Za-z]\w{1,40})\}/g, meaning: (inside, known) => ofKnown(inside, known) },
  { pattern: /##([A-Za-z]\w{1,40})##/g, meaning: (inside, known) => ofKnown(inside, known) },
  { pattern: /@@([A-Za-z]\w{1,40})@@/g, meaning: (inside, known) => ofKnown(inside, known) },
  {
    pattern: /(?<![{$!%#])\{([A-Za-z][\w ]{1,40})(?:\|[^{}|\n]{0,60})?\}(?!\})/g,
    meaning: (inside, known) => ofKnown(inside, known),
  },
  {
    pattern: /(?:<<|«|&lt;&lt;)([A-Za-z][\w ]{1,40})(?:>>|»|&gt;&gt;)/g,
    meaning: (inside, known) => ofKnown(inside, known),
  },
  { pattern: /\[\[?([A-Za-z][\w ]{1,40})\]?\](?![([:])/g, meaning: (inside, known) => ofKnown(inside, known) },
];

const common: Record<string, string> = {
  fname: 'first_name',
  lname: 'last_name',
  firstname: 'first_name',
  lastname: 'last_name',
  unsub: 'unsubscribe_url',
  unsubscribe: 'unsubscribe_url',
  unsubscribelink: 'unsubscribe_url',
  'list:address': 'postal_address',
  'list:address_html': 'postal_address',
  html_list_address_html: 'postal_address',
  mc_preview_text: 'preheader',
  emailaddress: 'email',
};
const people = new Set(['first_name', 'last_name', 'name', 'full_name', 'email', 'company', 'firstname', 'lastname']);

function ofName(inside: string, known: ReadonlySet<string> | null): string {
  const plain = fieldName(inside);
  const meant = common[plain] ?? common[plain.replaceAll('_', '')] ?? plain;
  return `{{ ${(known && nearest(meant, known)) ?? meant} }}`;
}

/** Brackets surround many words: only a column's name, or one that such a letter is full of, is a tag. */
function ofKnown(inside: string, known: ReadonlySet<string> | null): string | null {
  const plain = fieldName(inside);
  return known?.has(plain) || people.has(plain) ? ofName(inside, known) : null;
}

/** Reports the merge tags of another program that were left in the letter, each once, with their replacement. */
export function checkMergeTags(compilation: Compilation, known: ReadonlySet<string> | null): void {
  const { document } = compilation;
  const said = new Set<string>();
  for (const { text, offset, key } of textsOf(document))
    for (const { pattern, meaning } of foreign)
      for (const found of text.matchAll(pattern)) {
        const [tag, inside = ''] = found;
        const suggestion = said.has(tag) ? null : meaning(inside, known);
        if (suggestion === null) continue;
        said.add(tag);
        const at = offset + found.index;
        compilation.report(
          'warning',
          'mergeTag',
          msg('{0} is another program’s merge tag and is sent as is. Write {1}', tag, suggestion),
          { ...placeAt(document, at, tag.length), ...(key ? { key } : {}) },
          { tag, suggestion },
        );
      }
}

function textsOf(document: Document): { text: string; offset: number; key?: string }[] {
  const texts: { text: string; offset: number; key?: string }[] = [
    { text: document.body, offset: bodyOffset(document) },
  ];
  for (const key of ['subject', 'preheader'] as const) {
    const offset = valueOffset(document, key);
    const place = document.places[key]?.value;
    if (offset < 0 || !place || place.line !== place.endLine) continue;
    texts.push({ text: document.text.slice(offset, offset + place.endColumn - place.column), offset, key });
  }
  return texts;
}
