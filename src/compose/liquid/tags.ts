import {
  CaptureTag,
  type Context,
  type Emitter,
  type Liquid,
  type Parser,
  Tag,
  type TagToken,
  type Template,
  type TopLevelToken,
} from 'liquidjs';
import { displayWidth } from '../../shared/displayWidth.ts';
import { leadsOutside, rowImageCid, rowImagePath } from '../message/rowImages.ts';
import { SafeHtml, unescapeHtml, wellFormed } from './safeHtml.ts';

/** A block whose rendered content goes through `finish`. Inserted by the compiler; nobody writes them. */
export interface BlockTag extends Template {
  readonly inside: readonly Template[];
  readonly finish: (text: string) => string;
}

export function isBlockTag(template: Template): template is BlockTag {
  return template instanceof Tag && 'inside' in template && 'finish' in template;
}

function blockTag(end: string, finish: (text: string) => string) {
  return class extends Tag implements BlockTag {
    readonly inside: Template[] = [];
    readonly finish = finish;

    constructor(token: TagToken, rest: TopLevelToken[], liquid: Liquid, parser: Parser) {
      super(token, rest, liquid);
      for (let next = rest.shift(); next; next = rest.shift()) {
        if ((next as TagToken).name === end) return;
        this.inside.push(parser.parseToken(next, rest));
      }
      throw new Error(`tag ${token.getText()} not closed`);
    }

    *render(context: Context, emitter: Emitter): Generator<unknown, void, string> {
      emitter.write(finish(yield this.liquid.renderer.renderTemplates(this.inside, context)));
    }

    // biome-ignore lint/correctness/useYield: the interface, by which static analysis finds the names in here.
    *children(): Generator<unknown, Template[]> {
      return this.inside;
    }
  };
}

/** `{% capture %}` whose result remembers that its values have been escaped. */
export class SafeCapture extends CaptureTag {
  override *render(context: Context): Generator<unknown, void, string> {
    const { templates, variable } = this as unknown as { templates: Template[]; variable: string };
    const text = yield this.liquid.renderer.renderTemplates(templates, context);
    (context.bottom() as Record<string, unknown>)[variable] = new SafeHtml(text);
  }
}

const allowedSchemes = new Set([
  'http',
  'https',
  'mailto',
  'tel',
  'sms',
  'cid',
  'ftp',
  'webcal',
  'geo',
  'xmpp',
  'matrix',
]);

/** Around every URL attribute with a value in it: a scheme that could run code is never let out. */
export const UrlTag = blockTag('endenvoi_url', safeUrl);

export function safeUrl(attribute: string): string {
  const url = attribute.replace(/[\u0000-\u001f\u007f]/g, '').trim();
  const probe = decodeEntities(url).replace(/\s/g, '');
  const scheme = /^([^/?#:]*):/.exec(probe)?.[1];
  if (scheme === undefined) return url;
  return allowedSchemes.has(scheme.toLowerCase()) ? url : '#';
}

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text
    .replace(/&#x([0-9a-f]+);?/gi, (_, hex: string) =>
      String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff)),
    )
    .replace(/&#([0-9]+);?/g, (_, dec: string) => String.fromCodePoint(Math.min(Number.parseInt(dec, 10), 0x10ffff)))
    .replace(/&colon;/gi, ':')
    .replace(/&(?:tab|newline);/gi, '')
    .replace(/&amp;/gi, '&');
}

/** Around every value in the query of an address; in HTML it has been escaped on the way in. */
export const QueryTag = blockTag('endenvoi_query', (text) => encodeURIComponent(wellFormed(text)));
export const HtmlQueryTag = blockTag('endenvoi_query', (text) => encodeURIComponent(wellFormed(unescapeHtml(text))));

/**
 * Around the source of an image that a column names: a file becomes part of this recipient's letter, a web address stays
 * one. The value has been escaped on the way in.
 */
export const CidTag = blockTag('endenvoi_cid', (text) => {
  const name = unescapeHtml(text);
  // A path that leads outside is refused where the file is read; here Liquid would turn it into its own error.
  const path = leadsOutside(name) ? undefined : rowImagePath(name);
  return path === undefined ? text : `cid:${rowImageCid(path)}`;
});

/** Around every value in JSON-LD, where it is between quotes: entities would be read literally. */
export const JsonTag = blockTag('endenvoi_json', (text) =>
  JSON.stringify(unescapeHtml(text)).slice(1, -1).replaceAll('<', '\\u003c'),
);

/** Around every value in CSS: it can be a colour, a length or a word, and not end its declaration. */
export const CssTag = blockTag('endenvoi_css', safeCss);

export function safeCss(text: string): string {
  const plain = decodeEntities(text).replace(/[^\p{L}\p{N} #%.,+_-]/gu, '');
  return plain.slice(0, 100);
}

/** Cells of a text table end in U+001F, rows in U+001E; see `alignTable`. */
export const CELL_END = '\u001f';
export const ROW_END = '\u001e';

/** Around the rows of a text table: columns are as wide as this recipient's cells. */
export const TableTag = blockTag('endenvoi_table', alignTable);

/** Placeholder for the number of a list's item; see `NumbersTag`. */
export const NUMBER = '\u001c';

/** Around the items of a list; the first line says with which number it begins. */
export const NumbersTag = blockTag('endenvoi_numbers', (text) => {
  const [first = '', ...lines] = text.split('\n');
  let number = Number.parseInt(first.slice(1), 10) || 1;
  return lines.map((line) => line.replace(NUMBER, () => `${number++}.`)).join('\n');
});

/** Lays rows out in columns as wide as their longest cell; a table too wide to read becomes `cell · cell` lines. */
export function alignTable(text: string): string {
  const rows = text
    .split(ROW_END)
    .map((row) => row.split(CELL_END).slice(0, -1))
    .map((row) => row.map((cell) => cell.replace(/\s+/g, ' ').trim()))
    .filter((row) => row.length > 0 && row.some((cell) => cell !== '' && cell !== HEAD));
  const header = rows[0]?.[0] === HEAD;
  if (header) rows[0]?.shift();
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, displayWidth(cell));
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  if (total > 90) return rows.map((row) => row.filter((cell) => cell !== '').join(' · ')).join('\n');
  const lines = rows.map((row) =>
    row
      .map((cell, index) => pad(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  if (header) lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return lines.join('\n');
}

/** First cell of a header row: a mark of its own. */
export const HEAD = '\u001d';

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - displayWidth(cell)));
}
