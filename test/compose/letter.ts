import { createRequire } from 'node:module';
import { type ComposeSettings, compileNewsletter } from '../../src/compose/compileNewsletter.ts';
import { createComposer } from '../../src/compose/createComposer.ts';
import { parseDocument } from '../../src/compose/document/document.ts';
import type { Composer, DkimKey, MessageContext, Newsletter } from '../../src/compose/newsletter.ts';
import { checkMustHaves } from '../../src/letter/checks/checkNewsletter.ts';
import { defaultSettings } from '../../src/shared/defaultSettings.ts';
import { msg, UserError } from '../../src/shared/errors.ts';
import type { Recipient } from '../../src/shared/recipient.ts';

/** A picture of one pixel. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export const settings: ComposeSettings = {
  from: 'Ada Byron <ada@example.org>',
  replyTo: '',
  unsubscribe: { mailto: 'leave@example.org', url: 'https://example.org/leave?t={{ token }}' },
  postalAddress: '1 rue de l’Étoile\n59000 Lille',
  listId: 'news.example.org',
  feedbackId: '',
};

export const context: MessageContext = {
  campaign: 'c-2026-11',
  date: Date.UTC(2026, 10, 23, 9, 30, 0),
  key: Buffer.from('a key for tests'),
};

export function filesOf(contents: Record<string, Uint8Array | string>) {
  return {
    async read(path: string): Promise<Uint8Array> {
      if (path.startsWith('..')) throw new UserError('outside', msg('Outside.'), msg('Move it.'));
      const content = Object.hasOwn(contents, path) ? contents[path] : undefined;
      if (content === undefined) throw new UserError('missing', msg('Missing.'), msg('Add it.'));
      return typeof content === 'string' ? Buffer.from(content) : content;
    },
  };
}

interface Wish {
  path?: string;
  files?: Record<string, Uint8Array | string>;
  fields?: readonly string[];
  columns?: Newsletter['columns'];
  settings?: Partial<ComposeSettings>;
  dkim?: DkimKey | null;
  context?: Partial<MessageContext>;
}

export function compile(text: string, wish: Wish = {}) {
  return compileNewsletter({
    document: parseDocument(text, wish.path ?? 'letter.md'),
    settings: { ...settings, ...wish.settings },
    files: filesOf(wish.files ?? {}),
    ...(wish.fields ? { fields: wish.fields } : {}),
    ...(wish.columns ? { columns: wish.columns } : {}),
  });
}

/** Codes of what was found, each with its line: `unknownField:7`. */
export async function findingsOf(text: string, wish: Wish = {}): Promise<string[]> {
  const document = parseDocument(text, wish.path ?? 'letter.md');
  const { newsletter, findings } = await compile(text, wish);
  const all = { ...defaultSettings, ...settings, ...wish.settings };
  const found = [...document.findings, ...checkMustHaves({ document, newsletter, settings: all }), ...findings];
  return found.map((finding) => `${finding.code}:${finding.place.line ?? 0}`);
}

export async function composerOf(text: string, wish: Wish = {}): Promise<Composer & { newsletter: Newsletter }> {
  const { newsletter, findings } = await compile(text, wish);
  if (!newsletter) throw new Error(`does not compile: ${JSON.stringify(findings)}`);
  const assets = filesOf(wish.files ?? {}).read;
  const composer = await createComposer(newsletter, assets, { ...context, ...wish.context }, wish.dkim ?? null);
  return { ...composer, newsletter };
}

/** With a subject in front, so that a test need only write the body. */
export function withSubject(body: string, extra = ''): string {
  return `---\nsubject: A letter\n${extra}---\n${body}`;
}

/** The HTML between the layout's content element. */
export function contentOf(html: string): string {
  return /<div class="content"[^>]*>([\s\S]*)<\/div>\s*<\/td>/.exec(html)?.[1]?.trim() ?? html;
}

/** Without the inlined styles, to compare structure. */
export function bare(html: string): string {
  return html
    .replace(/ style="[^"]*"| scope="col"/g, '')
    .replace(/>\n+</g, '><')
    .trim();
}

export function person(fields: Record<string, string> = {}, address = 'eve@example.com'): Recipient {
  return { line: 2, address, fields };
}

export async function renderBody(body: string, fields: Record<string, string> = {}, wish: Wish = {}) {
  const composer = await composerOf(withSubject(body), wish);
  const rendered = await composer.render(person(fields));
  return { ...rendered, content: bare(contentOf(rendered.html)) };
}

export interface ParsedMail {
  subject?: string;
  text?: string;
  html?: string | false;
  messageId?: string;
  date?: Date;
  from?: { value: { name: string; address: string }[] };
  to?: { value: { name: string; address: string }[] };
  replyTo?: { value: { name: string; address: string }[] };
  cc?: unknown;
  bcc?: unknown;
  headerLines: { key: string; line: string }[];
  attachments: { filename?: string; contentType: string; cid?: string; related?: boolean; content: Buffer }[];
}

const { simpleParser } = createRequire(import.meta.url)('mailparser') as {
  simpleParser(source: Buffer, options: object): Promise<ParsedMail>;
};

/** Reads a message with a parser that is not ours; images keep their `cid:`. */
export function parseMail(bytes: Uint8Array): Promise<ParsedMail> {
  return simpleParser(Buffer.from(bytes), { keepCidLinks: true, skipTextToHtml: true, skipImageLinks: true });
}
