import { Liquid, type Template } from 'liquidjs';
import { escapeHtml, SafeHtml, wellFormed } from './safeHtml.ts';
import { CidTag, CssTag, HtmlQueryTag, JsonTag, NumbersTag, QueryTag, SafeCapture, TableTag, UrlTag } from './tags.ts';
import { registerValueFilters } from './valueFilters.ts';

/**
 * Three dialects of one language: in `html` every output is escaped and cannot be un-escaped; in `text` it is plain;
 * in `url` it is percent-encoded. None has access to files, the network or code, and none is random: the same values
 * give the same message at every retry.
 */
export type Dialect = 'html' | 'text' | 'url';

const MEMORY_LIMIT = 20_000_000;
const RENDER_LIMIT_MS = 2_000;
const PARSE_LIMIT = 2_000_000;

const withheldTags = ['include', 'render', 'layout', 'block', 'increment', 'decrement'];
const withheldFilters = ['sample', 'shuffle'];

const engines = new Map<Dialect, Liquid>();

/** The engine of a dialect; made once. */
export function liquidEngine(dialect: Dialect): Liquid {
  let engine = engines.get(dialect);
  if (!engine) {
    engine = createEngine(dialect);
    engines.set(dialect, engine);
  }
  return engine;
}

const parsed = new Map<string, Template[]>();
/** Each letter's templates are checked, then rendered: the last few are cached, except very long ones. */
const KEPT = 12;
const LONGEST = 300_000;

/** Parses a template. Throws liquidjs' own errors; see `syntaxFinding` for their place. */
export function parseLiquid(source: string, dialect: Dialect): Template[] {
  const key = `${dialect} ${source}`;
  let templates = parsed.get(key);
  if (templates) return templates;
  templates = liquidEngine(dialect).parse(joinSpacedNames(source));
  if (source.length > LONGEST) return templates;
  const [oldest] = parsed.keys();
  if (parsed.size >= KEPT && oldest !== undefined) parsed.delete(oldest);
  parsed.set(key, templates);
  return templates;
}

/** Words that are reserved in Liquid, but that a column may have as its name. */
const ownWords = new Set(['nil', 'null', 'empty', 'blank', 'contains', 'and', 'or', 'not']);

/**
 * `{{ First Name | upcase }}` and `{{ Name (full) }}` are not Liquid, and `{{ nil }}` is nothing: they are read as
 * `{{ ["First Name"] | upcase }}`, the name of a column.
 */
export function joinSpacedNames(source: string): string {
  // A name and no more: no quotes, no brackets, no comparison. Its length is bounded, so that no text makes this slow.
  return source.replace(
    /\{\{(-?)([^{}|"'[\]<>=!]{1,200}?)(-?)(?=\||\}\})/g,
    (whole, open: string, inside: string, close: string) => {
      const name = inside.trim();
      if (name === '' || !/^[\p{L}_]/u.test(name)) return whole;
      if (!ownWords.has(name) && !/[^\p{L}\p{N}_.-]/u.test(name)) return whole;
      if (/(?:^| )(?:and|or|contains|not)(?: |$)/.test(name) && !ownWords.has(name)) return whole;
      return `{{${open} ["${name}"] ${close}`;
    },
  );
}

function createEngine(dialect: Dialect): Liquid {
  const engine = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    // An empty cell is false: {% if company %} tests whether there is one.
    jsTruthy: true,
    cache: false,
    // Never used, since every filter for dates is ours; without it Liquid asks the machine, which takes milliseconds.
    locale: 'en',
    // Never read, because the tags that use it are removed.
    templates: {},
    memoryLimit: MEMORY_LIMIT,
    renderLimit: RENDER_LIMIT_MS,
    parseLimit: PARSE_LIMIT,
    ...(dialect === 'html' ? { outputEscape: (value: unknown) => escapeHtml(value) } : {}),
    ...(dialect === 'url'
      ? { outputEscape: (value: unknown) => encodeURIComponent(wellFormed(plainText(value))) }
      : {}),
  });
  for (const name of withheldTags) delete engine.tags[name];
  for (const name of withheldFilters) delete engine.filters[name];
  // `raw` would switch escaping off for one output: a cell could bring markup. Here it does nothing.
  engine.registerFilter('raw', (value: unknown) => value);
  registerValueFilters(engine);
  if (dialect === 'html') {
    // Everything is escaped on output anyway; escaping here too would do it twice.
    for (const name of ['escape', 'h', 'xml_escape', 'escape_once'])
      engine.registerFilter(name, (value: unknown) => value);
    engine.registerFilter('newline_to_br', (value: unknown) => {
      return new SafeHtml(escapeHtml(value).replace(/\r\n?|\n/g, '<br>\n'));
    });
    engine.registerTag('capture', SafeCapture);
  } else {
    for (const name of ['escape', 'h', 'xml_escape', 'escape_once', 'newline_to_br'])
      engine.registerFilter(name, (value: unknown) => value);
  }
  engine.registerTag('envoi_url', UrlTag);
  engine.registerTag('envoi_query', dialect === 'html' ? HtmlQueryTag : QueryTag);
  engine.registerTag('envoi_cid', CidTag);
  engine.registerTag('envoi_json', JsonTag);
  engine.registerTag('envoi_css', CssTag);
  engine.registerTag('envoi_table', TableTag);
  engine.registerTag('envoi_numbers', NumbersTag);
  return engine;
}

export function plainText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' && !Array.isArray(value) && !('valueOf' in value) ? '' : String(value);
}
