import type { KeyObject } from 'node:crypto';
import { msg, UserError } from '../shared/errors.ts';
import type { Recipient } from '../shared/recipient.ts';
import { analyzeLiquid } from './liquid/analysis.ts';
import type { Dialect } from './liquid/engine.ts';
import { createProgram, type Program } from './liquid/program.ts';
import { cleanText, oneLine } from './liquid/safeHtml.ts';
import { type Attachment, attachmentOf } from './message/attachments.ts';
import { unsubscribeToken } from './message/identity.ts';
import { rowImageCid, rowImagePath } from './message/rowImages.ts';
import { createUnsubscribe } from './message/unsubscribe.ts';
import { createValueReader, type Values } from './message/values.ts';
import type { MessageContext, Newsletter } from './newsletter.ts';
import { usableLang } from './values/lang.ts';

/** One message rendered, not yet encoded. */
export interface RenderedLetter {
  subject: string;
  preheader: string;
  toName: string;
  html: string[];
  text: string[];
  attachments: Attachment[];
  /** Of this recipient's own, each once. */
  images: { path: string; cid: string }[];
  unsubscribe: { header: string; oneClick: boolean };
}

export interface LetterRenderer {
  /** The parsed templates of the two parts: what in them never changes is encoded once. */
  html: Program;
  text: Program;
  /** Throws a UserError when no message can be made for this recipient. */
  make(recipient: Recipient): RenderedLetter;
}

/** The context with its key made ready once for all messages. */
export type Keyed = Omit<MessageContext, 'key'> & { key: KeyObject };

/** Parses a newsletter's templates, once for all recipients. Throws a UserError for Liquid that is broken. */
export function createLetterRenderer(newsletter: Newsletter, context: Keyed): LetterRenderer {
  const names = new Set<string>();
  const program = (source: string, dialect: Dialect): Program => {
    const analysis = analyzeLiquid(source, dialect, { file: '', line: 1, column: 1 }, null);
    const broken = analysis.findings[0];
    if (broken) throw new UserError('liquidSyntax', broken.text, msg('Compile the letter again.'));
    for (const name of analysis.names) names.add(name);
    return createProgram(source, dialect);
  };
  const subject = program(newsletter.subject, 'text');
  const preheader = program(newsletter.preheader, 'text');
  const toName = program(newsletter.toName ?? '', 'text');
  const html = program(newsletter.html, 'html');
  const text = program(newsletter.text, 'text');
  const attachments = newsletter.attachments.map((attachment) => program(attachment.path, 'text'));
  const rowImages = (newsletter.rowImages ?? []).map((image) => program(image.path, 'text'));
  program(newsletter.unsubscribe.url, 'url');
  program(newsletter.unsubscribe.mailto, 'url');
  const waysOut = createUnsubscribe(
    newsletter.kind === 'newsletter' ? newsletter.unsubscribe : { url: '', mailto: '' },
  );
  const valuesOf = createValueReader([...names], newsletter, (recipient) => ({
    address: recipient.address,
    email: recipient.address,
    campaign: context.campaign,
    from_name: newsletter.from.name,
    from_address: newsletter.from.address,
  }));
  const lang = usableLang(newsletter.lang);
  const now = new Date(context.date).toISOString();
  const postalAddress = cleanText(newsletter.postalAddress);
  const line = (what: Program, values: object) => oneLine(what.render(values).join(''));

  const made = (recipient: Recipient): RenderedLetter => {
    const values: Values = valuesOf(recipient);
    const token = unsubscribeToken(context.key, context.campaign, recipient.address);
    values.envoi_now = now;
    values.envoi_lang = lang;
    values.postal_address = postalAddress;
    values.token = token;
    const unsubscribe = waysOut(values, token, recipient.address);
    values.unsubscribe_url = unsubscribe.link;
    const subjectLine = line(subject, values);
    values.subject = subjectLine;
    const preheaderLine = line(preheader, values);
    values.preheader = preheaderLine;
    return {
      subject: subjectLine,
      preheader: preheaderLine,
      toName: line(toName, values),
      html: html.render(values),
      text: text.render(values),
      attachments: attachments
        .map((path) => attachmentOf(path.render(values).join('')))
        .filter((attachment) => attachment !== undefined),
      images: imagesOf(rowImages.map((path) => path.render(values).join(''))),
      unsubscribe,
    };
  };

  return {
    html,
    text,
    make(recipient) {
      try {
        return made(recipient);
      } catch (error) {
        if (error instanceof UserError) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        throw new UserError(
          'render',
          msg('The message for {0} cannot be rendered: {1}', recipient.address, reason),
          msg('Check line {0} of the list and the Liquid in the document.', recipient.line),
        );
      }
    },
  };
}

function imagesOf(rendered: readonly string[]): RenderedLetter['images'] {
  if (rendered.length === 0) return [];
  const paths = new Set(rendered.map(rowImagePath).filter((path) => path !== undefined));
  return [...paths].map((path) => ({ path, cid: rowImageCid(path) }));
}
