import { type Finding, format, msg } from '../shared/errors.ts';
import type { Settings } from '../shared/settings.ts';
import { attachmentsOf } from './compile/attachmentsOf.ts';
import { Compilation } from './compile/compilation.ts';
import { layoutOf } from './compile/layoutOf.ts';
import { mailboxOf } from './compile/mailboxOf.ts';
import { checkMergeTags } from './compile/mergeTags.ts';
import { compileHtml } from './compileHtml.ts';
import type { Document } from './document/document.ts';
import { placeOfBody } from './document/places.ts';
import { type Files, relativePath } from './files.ts';
import { imageBytes } from './html/dataUrl.ts';
import { analyzeLiquid } from './liquid/analysis.ts';
import { encodeQueriesInText } from './liquid/queryValues.ts';
import { shieldLiquid } from './liquid/shield.ts';
import type { Newsletter } from './newsletter.ts';

export type ComposeSettings = Pick<
  Settings,
  'from' | 'replyTo' | 'unsubscribe' | 'postalAddress' | 'listId' | 'feedbackId'
>;

export interface CompileRequest {
  document: Document;
  settings: ComposeSettings;
  files: Files;
  /** Column names of the list; without them unknown names are not reported. */
  fields?: readonly string[];
  /** How its columns are to be read; see `columnsOf`. */
  columns?: Newsletter['columns'];
  /** For the preview: blocks carry `data-line`. Never for mail. */
  lines?: boolean;
}

export interface Compiled {
  /** Null when there is nothing to show: its Liquid is broken or its layout is missing. */
  newsletter: Newsletter | null;
  /** Every file to pin with the campaign, except attachments whose path differs by recipient. */
  assets: string[];
  findings: Finding[];
  /** Bytes that every message has, including its files; 0 when there is none. */
  weight: number;
}

/**
 * Compiles a document once for all recipients. Never throws because of its content; errors in `findings` forbid sending.
 * Findings from parsing are in the document; what a letter must have is checked by `letter/checks`.
 */
export async function compileNewsletter(request: CompileRequest): Promise<Compiled> {
  const compilation = new Compilation(request.document, request.files, request.fields);
  const newsletter = request.document.broken ? null : await makeNewsletter(compilation, request);
  const { assets, findings, weight } = compilation;
  return { newsletter, assets: [...assets], findings, weight };
}

async function makeNewsletter(compilation: Compilation, request: CompileRequest): Promise<Newsletter | null> {
  const { document, settings } = request;
  const { frontMatter } = document;
  const kind = frontMatter.kind ?? 'newsletter';
  const unsubscribe = { ...settings.unsubscribe };
  const from = mailboxOf(frontMatter.from ?? settings.from);
  const replyTo = mailboxOf(frontMatter.replyTo ?? settings.replyTo);
  for (const key of ['subject', 'preheader', 'toName'] as const)
    if (frontMatter[key]) compilation.checkKey(key, frontMatter[key]);
  checkMergeTags(compilation, compilation.known);
  const attachments = await attachmentsOf(compilation);
  compilation.check(document.body, 'html', { file: document.path, line: document.bodyLine, column: 1 });
  const layout = await layoutOf(compilation);
  const ownText = await ownTextOf(compilation);
  if (unsubscribe.url) compilation.checkSetting('envoi.unsubscribe.url', unsubscribe.url);
  if (unsubscribe.mailto) compilation.checkSetting('envoi.unsubscribe.mailto', unsubscribe.mailto);
  if (!compilation.ok || layout === null || ownText === null) return null;

  const hasUnsubscribe = kind === 'newsletter' && Boolean(unsubscribe.url || unsubscribe.mailto);
  const made = await compileHtml({
    document,
    layout,
    files: request.files,
    from,
    hasUnsubscribe,
    hasPostalAddress: settings.postalAddress.trim() !== '',
    lines: request.lines ?? false,
  });
  if (made === null) {
    const text = msg(
      'Elements are nested more than 400 deep: a tag is never closed, or a program generated this letter.',
    );
    compilation.report('error', 'tooDeep', text, placeOfBody(document));
    return null;
  }
  compilation.findings.push(...made.findings);
  for (const image of made.images) {
    if (image.data === undefined) compilation.assets.add(image.path);
    compilation.weigh(await imageBytes(image, (path) => request.files.read(path)));
  }
  compilation.checkWeight(made.html.length + made.text.length);
  if (crossed(compilation, made)) return null;
  return {
    version: 1,
    kind,
    subject: frontMatter.subject ?? '',
    preheader: frontMatter.preheader ?? '',
    from: from ?? { name: '', address: '' },
    replyTo,
    ...(frontMatter.toName ? { toName: frontMatter.toName } : {}),
    html: made.html,
    text: ownText ?? made.text,
    images: made.images,
    ...(made.rowImages.length > 0 ? { rowImages: made.rowImages } : {}),
    attachments,
    variables: document.variables,
    ...(made.lang ? { lang: made.lang } : {}),
    ...(request.columns && Object.keys(request.columns).length > 0 ? { columns: request.columns } : {}),
    unsubscribe,
    postalAddress: settings.postalAddress,
    listId: frontMatter.list ?? settings.listId,
    feedbackId: settings.feedbackId,
    ...(frontMatter.headers ? { headers: frontMatter.headers } : {}),
  };
}

/** The text part that the author wrote; undefined when there is none, null when it cannot be read. */
async function ownTextOf(compilation: Compilation): Promise<string | null | undefined> {
  const { text } = compilation.document.frontMatter;
  if (!text) return undefined;
  const source = await compilation.readText('text', text);
  if (!source) return source;
  const { ok } = compilation.check(source, 'text', { file: relativePath(text) ?? '', line: 1, column: 1 });
  if (!ok) return source;
  const shield = shieldLiquid(source);
  return shield.restore(encodeQueriesInText(shield.text, shield));
}

/** Valid Liquid can still overlap the HTML around it, such as a block that begins inside a tag and ends outside. */
function crossed(compilation: Compilation, made: { html: string; text: string }): boolean {
  const { document } = compilation;
  for (const [source, dialect] of [
    [made.html, 'html'],
    [made.text, 'text'],
  ] as const) {
    // Without tags nothing can overlap; our own surround single values. A long one is parsed
    // all the same: it may be longer than can be rendered.
    if (source.length < 500_000 && !/\{%-?\s*(?!\s|(?:end)?envoi_)/.test(source)) continue;
    const [found] = analyzeLiquid(source, dialect, { file: document.path, line: 1, column: 1 }, null).findings;
    if (!found) continue;
    const text = msg('Liquid and HTML overlap: {0}', format(found.text));
    compilation.report('error', 'liquidCrossed', text, placeOfBody(document));
    return true;
  }
  return false;
}
