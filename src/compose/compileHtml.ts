import type { ParentNode } from 'domhandler';
import { findOne, getElementsByTagName } from 'domutils';
import { domainOf } from '../shared/address.ts';
import { type Finding, msg } from '../shared/errors.ts';
import { inlineCss } from './css/inlineCss.ts';
import type { Document } from './document/document.ts';
import { BodyFinder, placeOfBody } from './document/places.ts';
import type { Files } from './files.ts';
import { COLUMN, CONTENT, DEFAULT_ACCENT, defaultLayout, IMAGE_WIDTH } from './html/defaultLayout.ts';
import { isTooDeep, parseDecodedDom, parseDom, serializeDom } from './html/dom.ts';
import { Embedder } from './html/embedFile.ts';
import { embedFiles } from './html/embedFiles.ts';
import { hardenDom } from './html/harden.ts';
import { directionOf, layoutWords } from './html/layoutWords.ts';
import { trimLineEnds } from './html/textLines.ts';
import { domToText } from './html/toText.ts';
import { type Shield, shieldLiquid } from './liquid/shield.ts';
import { renderMarkdown } from './markdown/markdown.ts';
import type { Mailbox, Newsletter } from './newsletter.ts';

interface HtmlRequest {
  document: Document;
  /** `default`, `none`, or the source of a layout. */
  layout: string;
  files: Files;
  from: Mailbox | null;
  hasUnsubscribe: boolean;
  hasPostalAddress: boolean;
  lines: boolean;
}

interface MadeHtml {
  html: string;
  text: string;
  images: Newsletter['images'];
  rowImages: NonNullable<Newsletter['rowImages']>;
  findings: Finding[];
  /** As the front matter says, or else the HTML; undefined when neither does. */
  lang: string | undefined;
}

/**
 * Compiles body and layout to the two templates of the message. The Liquid in both has been checked before. Null for
 * excessively nested elements.
 */
export async function compileHtml(request: HtmlRequest): Promise<MadeHtml | null> {
  const { document } = request;
  const lang = document.frontMatter.lang ?? 'en';
  const body = document.body.replace(/\r\n?/g, '\n');
  const content = document.format === 'html' ? body : markdown(body, request.lines);
  const page = wrap(request, content, lang);
  const shield = shieldLiquid(page);
  const dom = parseDom(shield.text);
  if (isTooDeep(dom)) return null;
  const findings: Finding[] = [];
  const finder = new BodyFinder(document);
  const placeOf = (source: string) => finder.find(source);

  const embedder = new Embedder({
    shield,
    files: request.files,
    domain: request.from ? domainOf(request.from.address) : 'envoi.invalid',
    placeOf,
  });
  await embedFiles({
    dom,
    embedder,
    files: request.files,
    maxWidth: request.layout === 'default' ? IMAGE_WIDTH : request.layout === 'none' ? 0 : COLUMN,
  });
  findings.push(...embedder.findings);
  inlineCss(dom, { off: document.frontMatter.css === 'keep', shield });
  for (const problem of hardenDom(dom, shield)) {
    switch (problem.kind) {
      case 'valueInTag':
        findings.push({
          severity: 'error',
          code: 'valueInTag',
          text: msg('{0} is inside a tag. A value can be used in text or in a quoted attribute.', problem.source),
          place: placeOf(problem.source),
        });
        break;
      case 'script':
        findings.push({
          severity: 'warning',
          code: 'script',
          text: msg('Mail programs neither run nor load this, so it is removed: {0}', problem.source.slice(0, 40)),
          place: placeOf(problem.source),
        });
        break;
      default:
        problem satisfies never;
    }
  }
  const root = findOne((element) => element.name === 'html', dom.children, false);
  const own = root?.attribs.lang;
  if (root && own === undefined) {
    const { lang: written } = document.frontMatter;
    if (written) {
      root.attribs.lang = written.replace(/[^\w-]/g, '');
      if (directionOf(written) === 'rtl' && root.attribs.dir === undefined) root.attribs.dir = 'rtl';
    } else findings.push(langMissing(document));
  }
  declareUtf8(dom);
  const html = shield.restore(tidy(serializeDom(dom)));
  return {
    html,
    text: makeText(request, content, content === page ? shield : shieldLiquid(content), lang),
    images: [...embedder.images.values()],
    rowImages: [...embedder.rowImages].map((path) => ({ path })),
    findings,
    lang: document.frontMatter.lang ?? (own && !/[{%]/.test(shield.restore(own)) ? own : undefined),
  };
}

/** Properties with which a style sheet hides something. */
const hiding: ReadonlySet<string> = new Set(['display', 'visibility', 'mso-hide', 'opacity', 'max-height']);

/** Without a language, a screen reader uses its own, and dates in the letter are in English. */
function langMissing(document: Document): Finding {
  return {
    severity: 'warning',
    code: 'langMissing',
    text: msg(
      'The letter does not declare its language: add lang="en" to its <html>, or “lang: en” to the front matter.',
    ),
    place: placeOfBody(document),
  };
}

/** Messages are UTF-8, whatever the file was: a browser believes what the page declares. */
function declareUtf8(dom: ReturnType<typeof parseDom>): void {
  for (const meta of getElementsByTagName('meta', dom, true)) {
    if (meta.attribs.charset !== undefined) meta.attribs.charset = 'utf-8';
    if (/^content-type$/i.test(meta.attribs['http-equiv'] ?? '')) meta.attribs.content = 'text/html; charset=utf-8';
  }
}

function markdown(body: string, lines: boolean): string {
  const shield = shieldLiquid(body);
  return shield.restore(renderMarkdown(shield, { lines }));
}

function wrap(request: HtmlRequest, content: string, lang: string): string {
  const { document, from } = request;
  if (request.layout === 'none') return document.format === 'html' ? content : bare(request, content, lang);
  const layout =
    request.layout === 'default'
      ? defaultLayout({
          lang,
          brand: from?.name ?? '',
          accent: document.frontMatter.accent ?? DEFAULT_ACCENT,
          preheader: Boolean(document.frontMatter.preheader),
          postalAddress: request.hasPostalAddress,
          unsubscribe: request.hasUnsubscribe,
        })
      : request.layout;
  return layout.replace(CONTENT, () => content.trim());
}

/** The text alone; what a newsletter must show is appended unless the author has included it. */
function bare(request: HtmlRequest, content: string, lang: string): string {
  const { dir, unsubscribe } = layoutWords(lang);
  const lines = [
    request.hasPostalAddress && request.hasUnsubscribe && !content.includes('postal_address')
      ? '{{ postal_address | newline_to_br }}'
      : '',
    request.hasUnsubscribe && !content.includes('unsubscribe_url')
      ? `<a href="{{ unsubscribe_url }}">${unsubscribe}</a>`
      : '',
  ].filter((line) => line !== '');
  const footer = lines.length > 0 ? `<p>-- <br>${lines.join('<br>')}</p>\n` : '';
  return `<!doctype html>\n<html lang="${lang.replace(/[^\w-]/g, '')}" dir="${dir}"><head><meta charset="utf-8"><title>{{ subject }}</title></head>\n<body>\n${content}${footer}</body></html>\n`;
}

/**
 * Indentation outside `pre` is dropped: it counts towards the size at which Gmail clips a letter. It is kept where a
 * style makes it significant.
 */
function tidy(html: string): string {
  if (/white-space(?:-collapse)?\s{0,9}:\s{0,9}(?:pre|break-spaces)/i.test(html)) return html;
  let out = '';
  let at = 0;
  for (const { index, 0: open, 1: name } of html.matchAll(/<(pre|textarea)[\s>]/gi)) {
    if (index < at) continue;
    const close = html.indexOf(`</${name}`, index + open.length);
    const end = close < 0 ? html.length : close;
    out += squeezed(html.slice(at, index)) + html.slice(index, end);
    at = end;
  }
  return out + squeezed(html.slice(at));
}

function squeezed(html: string): string {
  return trimLineEnds(html).replace(/\n[ \t\n]+/g, '\n');
}

function makeText(request: HtmlRequest, content: string, shield: Shield, lang: string): string {
  const dom = parseDecodedDom(shield.text);
  // What a style sheet hides, usually a preheader, is not meant for readers of the text part either.
  if (
    /display\s{0,9}:\s{0,9}none|mso-hide|visibility\s{0,9}:\s{0,9}hidden/i.test(content) &&
    content.includes('<style')
  )
    inlineCss(dom, { off: false, shield, properties: hiding });
  const root: ParentNode = findOne((element) => element.name === 'body', dom.children, true) ?? dom;
  const text = shield.restore(domToText(root, shield));
  const footer = [
    request.hasPostalAddress && !text.includes('postal_address') ? '{{ postal_address }}' : '',
    request.hasUnsubscribe && !text.includes('unsubscribe_url')
      ? `${layoutWords(lang).unsubscribe}: {{ unsubscribe_url }}`
      : '',
  ].filter((line) => line !== '');
  return footer.length === 0 ? `${text}\n` : `${text}\n\n-- \n${footer.join('\n')}\n`;
}
