import type {
  AssetReader,
  Compiled,
  Composer,
  ComposeSettings,
  Document,
  Files,
  MessageContext,
  Newsletter,
  Rendered,
} from '../../compose/index.ts';
import type { Finding } from '../../shared/errors.ts';
import type { Recipient } from '../../shared/recipient.ts';

type Compose = typeof import('../../compose/index.ts');

export interface LetterSource {
  text: string;
  /** As findings are to name it. */
  path: string;
  settings: ComposeSettings;
  files: Files;
  /** Columns of the list; null while there is none. */
  fields: readonly string[] | null;
  /** Epoch ms: the Date header. */
  now: number;
}

/** A document ready to be shown for any recipient. */
export interface ReadyLetter {
  document: Document;
  newsletter: Newsletter;
  findings: readonly Finding[];
  /** Normalised names of the fields the templates use. */
  names: readonly string[];
  render(recipient: Recipient): Promise<Shown>;
  /** The whole message, byte for byte as the engine makes it, but unsigned. */
  source(recipient: Recipient): Promise<Uint8Array>;
}

export interface Shown {
  rendered: Rendered;
  /** `rendered.html` with `data-line` marks, when taking them away gives exactly that; otherwise the same without. */
  markedHtml: string;
  hasLines: boolean;
}

export type LetterResult =
  | { kind: 'ready'; letter: ReadyLetter }
  | { kind: 'broken'; document: Document; findings: readonly Finding[] };

/** No message made here is ever sent: its tokens and ids are those of a campaign that does not exist. */
const context = (now: number): MessageContext => ({
  campaign: 'preview',
  date: now,
  key: new TextEncoder().encode('envoi preview'),
});

/**
 * The very path the engine takes: parse, compile, compose. The letter is compiled a second time with line marks for
 * scrolling; what is shown must be equal to what is sent once they are taken out, else it is shown without them.
 */
export async function readyLetter(compose: Compose, source: LetterSource): Promise<LetterResult> {
  const document = compose.parseDocument(source.text, source.path);
  const request = {
    document,
    settings: source.settings,
    files: source.files,
    ...(source.fields ? { fields: source.fields } : {}),
  };
  const { newsletter, findings }: Compiled = await compose.compileNewsletter(request);
  if (!newsletter) return { kind: 'broken', document, findings };
  // A file that is not there is a finding already; the rest of the letter is shown all the same.
  const assets: AssetReader = (path) => source.files.read(path).catch(() => new Uint8Array());
  const composer = await compose.createComposer(newsletter, assets, context(source.now), null);
  let marked: Promise<Composer> | undefined;
  const markedComposer = (): Promise<Composer> => {
    marked ??= compose.compileNewsletter({ ...request, lines: true }).then((compiled) =>
      // Only its HTML is wanted: without images and files it is made at once.
      compose.createComposer(
        { ...(compiled.newsletter ?? newsletter), text: '', images: [], attachments: [] },
        assets,
        context(source.now),
        null,
      ),
    );
    return marked;
  };
  return {
    kind: 'ready',
    letter: {
      document,
      newsletter,
      findings,
      names: namesIn(compose, newsletter),
      async render(recipient) {
        const rendered = await composer.render(recipient);
        if (document.format !== 'markdown') return { rendered, markedHtml: rendered.html, hasLines: false };
        const { html } = await (await markedComposer()).render(recipient);
        const hasLines = withoutMarks(html) === rendered.html;
        return { rendered, markedHtml: hasLines ? html : rendered.html, hasLines };
      },
      source: async (recipient) => (await composer.compose(recipient)).bytes,
    },
  };
}

export function withoutMarks(html: string): string {
  return html.replace(/ data-line="\d+"/g, '');
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
