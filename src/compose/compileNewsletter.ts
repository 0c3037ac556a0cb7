import { parseMailbox } from '../shared/address.ts';
import { type Finding, format, msg, type Place, type Text, UserError } from '../shared/errors.ts';
import type { Settings } from '../shared/settings.ts';
import { compileHtml } from './compileHtml.ts';
import type { Document, FrontMatter } from './document/document.ts';
import { type Files, relativePath } from './files.ts';
import { CONTENT } from './html/defaultLayout.ts';
import { analyzeLiquid, hasLiquid, type Origin } from './liquid/analysis.ts';
import type { Dialect } from './liquid/engine.ts';
import { fieldName } from './liquid/fieldName.ts';
import type { Mailbox, Newsletter } from './newsletter.ts';

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
  /** For the preview: blocks carry `data-line`. Never for mail. */
  lines?: boolean;
}

export interface Compiled {
  /** Null when there is nothing to show: its Liquid is broken or its layout is missing. */
  newsletter: Newsletter | null;
  /** Every file to pin with the campaign, except attachments whose path differs by recipient. */
  assets: string[];
  findings: Finding[];
}

/** Compiles a document once for all recipients. Never throws for what a person wrote; errors in `findings` forbid sending. */
export async function compileNewsletter(request: CompileRequest): Promise<Compiled> {
  const { document, settings, files } = request;
  const { frontMatter } = document;
  const findings: Finding[] = [...document.findings];
  if (document.broken) return { newsletter: null, assets: [], findings };
  const known = request.fields
    ? new Set([...request.fields.map(fieldName), ...Object.keys(document.variables).map(fieldName)])
    : null;
  const kind = frontMatter.kind ?? 'newsletter';
  let ok = true;

  const placeOf = (key: string): Place => {
    const place = document.places[key];
    return place ? { file: document.path, ...place.value, key } : { file: document.path, line: 1, column: 1, key };
  };
  const report = (severity: Finding['severity'], code: string, text: Text, place: Place) =>
    findings.push({ severity, code, text, place });
  const check = (source: string, dialect: Dialect, origin: Origin) => {
    const analysis = analyzeLiquid(source, dialect, origin, known);
    findings.push(...analysis.findings);
    ok &&= analysis.ok;
    return analysis;
  };
  const checkKey = (key: string, source: string) => check(source, 'text', originOf(document, key));
  const readText = async (key: 'layout' | 'text', written: string): Promise<string | null> => {
    const path = relativePath(written);
    try {
      if (path !== undefined) return new TextDecoder().decode(await files.read(path));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (error.code !== 'outside') {
        report('error', `${key}Missing`, msg('The file {0} is not there.', written), placeOf(key));
        return null;
      }
    }
    report(
      'error',
      `${key}Outside`,
      msg('The file {0} must lie beside the document or below it.', written),
      placeOf(key),
    );
    return null;
  };

  const from = mailbox('from', frontMatter.from ?? settings.from);
  const replyTo = mailbox('replyTo', frontMatter.replyTo ?? settings.replyTo);
  function mailbox(key: 'from' | 'replyTo', written: string): Mailbox | null {
    if (written.trim() === '') {
      if (key === 'from')
        report('error', 'fromMissing', msg('No sender: set “from” in the front matter, or envoi.from.'), placeOf(key));
      return null;
    }
    const parsed = parseMailbox(written);
    if (parsed.ok) return { name: parsed.name, address: parsed.address };
    const place = frontMatter[key] === undefined ? { file: document.path, line: 1, key: `envoi.${key}` } : placeOf(key);
    report('error', `${key}Invalid`, msg('“{0}” is no mail address: {1}.', written, format(parsed.reason)), place);
    return null;
  }

  const subject = frontMatter.subject ?? '';
  if (subject.trim() === '')
    report('error', 'subjectMissing', msg('No subject: set “subject” in the front matter.'), placeOf('subject'));
  for (const key of ['subject', 'preheader', 'toName'] as const) if (frontMatter[key]) checkKey(key, frontMatter[key]);

  const unsubscribe = { ...settings.unsubscribe };
  const listId = frontMatter.list ?? settings.listId;
  if (kind === 'newsletter') {
    if (!unsubscribe.mailto && !unsubscribe.url)
      report(
        'error',
        'unsubscribeMissing',
        msg(
          'A newsletter needs a way to unsubscribe: set envoi.unsubscribe, or “kind: internal” for mail to your own people.',
        ),
        placeOf('kind'),
      );
    if (!settings.postalAddress.trim())
      report(
        'error',
        'postalAddressMissing',
        msg(
          'A newsletter needs a postal address: set envoi.postalAddress, or “kind: internal” for mail to your own people.',
        ),
        placeOf('kind'),
      );
  }

  const assets = new Set<string>();
  const attachments: { path: string }[] = [];
  for (const [index, written] of (frontMatter.attachments ?? []).entries()) {
    const key = document.places[`attachments[${index}]`] ? `attachments[${index}]` : 'attachments';
    checkKey(key, written);
    const path = relativePath(written);
    if (path === undefined) {
      report(
        'error',
        'attachmentOutside',
        msg('The attachment {0} must lie beside the document or below it.', written),
        placeOf(key),
      );
      continue;
    }
    attachments.push({ path });
    if (hasLiquid(path)) continue;
    try {
      await files.read(path);
      assets.add(path);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (error.code === 'outside')
        report(
          'error',
          'attachmentOutside',
          msg('The attachment {0} must lie beside the document or below it.', written),
          placeOf(key),
        );
      else report('error', 'attachmentMissing', msg('The attachment {0} is not there.', written), placeOf(key));
    }
  }

  const bodyOrigin: Origin = { file: document.path, line: document.bodyLine, column: 1 };
  check(document.body, 'html', bodyOrigin);
  const layout = await layoutOf(frontMatter);
  async function layoutOf(
    matter: FrontMatter,
  ): Promise<{ kind: 'default' | 'none' } | { kind: 'file'; html: string } | null> {
    const wanted =
      matter.layout ?? (document.format === 'html' && /<html[\s>]/i.test(document.body) ? 'none' : 'default');
    if (wanted === 'default' || wanted === 'none') return { kind: wanted };
    const html = await readText('layout', wanted);
    if (html === null) return null;
    if (!CONTENT.test(html)) {
      report('error', 'layoutContent', msg('The layout {0} has no {{ content }}.', wanted), placeOf('layout'));
      return null;
    }
    check(html.replace(CONTENT, ''), 'html', { file: relativePath(wanted) ?? wanted, line: 1, column: 1 });
    return { kind: 'file', html };
  }
  const ownText = frontMatter.text ? await readText('text', frontMatter.text) : undefined;
  if (ownText) check(ownText, 'text', { file: relativePath(frontMatter.text ?? '') ?? '', line: 1, column: 1 });
  if (unsubscribe.url) checkSetting('envoi.unsubscribe.url', unsubscribe.url);
  if (unsubscribe.mailto) checkSetting('envoi.unsubscribe.mailto', unsubscribe.mailto);
  function checkSetting(key: string, source: string): void {
    const analysis = analyzeLiquid(source, 'url', { file: document.path, line: 1, column: 1, key }, null);
    findings.push(...analysis.findings);
    ok &&= analysis.ok;
  }
  if (!ok || layout === null || ownText === null) return { newsletter: null, assets: [...assets], findings };

  const made = await compileHtml({
    document,
    layout: layout.kind === 'file' ? layout.html.replace(/\r\n?/g, '\n') : layout.kind,
    files,
    from,
    hasUnsubscribe: kind === 'newsletter' && Boolean(unsubscribe.url || unsubscribe.mailto),
    hasPostalAddress: settings.postalAddress.trim() !== '',
    lines: request.lines ?? false,
  });
  findings.push(...made.findings);
  for (const image of made.images) assets.add(image.path);
  // Sound Liquid can still cross the HTML it stands in, such as a block that begins inside a tag and ends outside.
  for (const [source, dialect] of [
    [made.html, 'html'],
    [made.text, 'text'],
  ] as const) {
    const crossed = analyzeLiquid(source, dialect, { file: document.path, line: 1, column: 1 }, null).findings[0];
    if (!crossed) continue;
    report('error', 'liquidCrossed', msg('Liquid and HTML cross each other: {0}', format(crossed.text)), {
      file: document.path,
      line: document.bodyLine,
      column: 1,
    });
    return { newsletter: null, assets: [...assets], findings };
  }
  // The built-in layout has the link; other layouts and whole HTML documents must bring it.
  if (kind === 'newsletter' && (unsubscribe.url || unsubscribe.mailto) && !made.html.includes('unsubscribe_url'))
    report(
      'warning',
      'unsubscribeLink',
      msg('The letter shows no way out: put a link to {0} into it.', '{{ unsubscribe_url }}'),
      { file: document.path, line: document.bodyLine, column: 1 },
    );
  return {
    newsletter: {
      version: 1,
      kind,
      subject,
      preheader: frontMatter.preheader ?? '',
      from: from ?? { name: '', address: '' },
      replyTo,
      ...(frontMatter.toName ? { toName: frontMatter.toName } : {}),
      html: made.html,
      text: ownText ?? made.text,
      images: made.images,
      attachments,
      variables: document.variables,
      unsubscribe,
      postalAddress: settings.postalAddress,
      listId,
      feedbackId: settings.feedbackId,
    },
    assets: [...assets],
    findings,
  };
}

/** The first character of a front-matter value, behind an opening quote. */
function originOf(document: Document, key: string): Origin {
  const span = document.places[key]?.value;
  if (!span) return { file: document.path, line: 1, column: 1, key };
  const line = document.text.split('\n', span.line)[span.line - 1] ?? '';
  const quoted = /["']/.test(line[span.column - 1] ?? '');
  return { file: document.path, line: span.line, column: span.column + (quoted ? 1 : 0), key };
}
