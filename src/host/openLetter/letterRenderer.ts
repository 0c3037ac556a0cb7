import type {
  AssetReader,
  Composer,
  Document,
  Files,
  MessageContext,
  Newsletter,
  Rendered,
} from '../../compose/index.ts';
import type { Letter } from '../../letter/letter.ts';
import { withoutMarks } from '../../letter/lineMarks.ts';
import type { Recipient } from '../../shared/recipient.ts';
import { markLines } from './markLines.ts';

type Compose = typeof import('../../compose/index.ts');

/** A letter that can be shown for any recipient. */
export interface LetterView {
  document: Document;
  newsletter: Newsletter;
  /** Normalised names of the fields the templates use; worked out when first asked for. */
  names: readonly string[];
  render(recipient: Recipient): Promise<ShownLetter>;
  /** The whole message, byte for byte as the engine makes it, but unsigned. */
  source(recipient: Recipient): Promise<Uint8Array>;
}

export interface ShownLetter {
  rendered: Rendered;
  /** `rendered.html` with `data-line` marks, if removing them gives exactly that; otherwise the same without. */
  markedHtml: string;
  hasLines: boolean;
  /** If present, the next rendering has the marks. */
  linesLater?: Promise<void>;
}

/** No message made here is ever sent: its tokens and ids belong to a campaign that does not exist. */
const context = (now: number): MessageContext => ({
  campaign: 'preview',
  date: now,
  key: new TextEncoder().encode('envoi preview'),
});

/**
 * Uses the same code as the engine. Of a letter read with line marks: in Markdown they serve scrolling and are taken out of
 * everything but what is scrolled; HTML is compiled once more with them after it was shown, so that what is found wrong
 * in it keeps its place. Where a letter or its layout has such marks of its own, Markdown is compiled once more without.
 * What is shown must be equal to what is sent, else it is shown without marks. Null when it does not compile.
 */
export async function letterView(
  compose: Compose,
  letter: Letter,
  files: Files,
  now: number,
): Promise<LetterView | null> {
  const { document, newsletter } = letter;
  if (!newsletter) return null;
  const markdown = document.format === 'markdown';
  const { layout = 'default' } = document.frontMatter;
  const ownMarks = document.text.includes('data-line') || (layout !== 'default' && layout !== 'none');
  // A missing file is a finding already; the rest of the letter is shown all the same.
  const assets: AssetReader = (path) => files.read(path).catch(() => new Uint8Array());
  const composerOf = (of: Newsletter) => compose.createComposer(of, assets, context(now), null);
  const composer = await composerOf(newsletter);
  let names: readonly string[] | undefined;
  let asSent: Promise<Composer> | undefined;
  const exactComposer = (): Promise<Composer> => {
    asSent ??= markdown
      ? letter.compile({}).then((compiled) => composerOf(compiled.newsletter ?? newsletter))
      : Promise.resolve(composer);
    return asSent;
  };
  let withLines: Composer | null = null;
  let marking: Promise<void> | undefined;
  const mark = async (): Promise<void> => {
    // Deferred until the letter has been shown.
    await new Promise(setImmediate);
    const compiled = await letter.compile({ document: { ...document, body: markLines(document.body) } });
    if (compiled.newsletter) withLines = await composerOf(compiled.newsletter);
  };
  const renderHtml = async (recipient: Recipient): Promise<ShownLetter> => {
    const rendered = await composer.render(recipient);
    const marked = await withLines?.render(recipient);
    const hasLines = marked !== undefined && withoutMarks(marked.html) === rendered.html;
    const shown = { rendered, markedHtml: hasLines ? marked.html : rendered.html, hasLines };
    if (ownMarks || marking) return shown;
    marking = mark();
    return { ...shown, linesLater: marking };
  };
  return {
    document,
    newsletter: markdown ? { ...newsletter, html: withoutMarks(newsletter.html) } : newsletter,
    get names() {
      names ??= namesIn(compose, newsletter);
      return names;
    },
    async render(recipient) {
      if (!markdown) return renderHtml(recipient);
      const marked = await composer.render(recipient);
      const html = withoutMarks(marked.html);
      const exact = ownMarks ? (await (await exactComposer()).render(recipient)).html : html;
      const hasLines = html === exact;
      return { rendered: { ...marked, html: exact }, markedHtml: hasLines ? marked.html : exact, hasLines };
    },
    source: async (recipient) => (await (await exactComposer()).compose(recipient)).bytes,
  };
}

function namesIn(compose: Compose, newsletter: Newsletter): string[] {
  const names = new Set<string>();
  const origin = { file: '', line: 1, column: 1 };
  const templates = [
    [newsletter.subject, 'text'],
    [newsletter.preheader, 'text'],
    [newsletter.toName ?? '', 'text'],
    [newsletter.html, 'html'],
    [newsletter.text, 'text'],
  ] as const;
  for (const [template, dialect] of templates)
    for (const name of compose.analyzeLiquid(template, dialect, origin, null).names) names.add(compose.fieldName(name));
  return [...names];
}
