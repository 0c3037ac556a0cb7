import { createHash } from 'node:crypto';
import { domainOf, parseAddress } from '../shared/address.ts';
import { format, msg, UserError } from '../shared/errors.ts';
import type { Recipient } from '../shared/recipient.ts';
import { analyzeLiquid } from './liquid/analysis.ts';
import type { Dialect } from './liquid/engine.ts';
import { createContext, createProgram, type Program } from './liquid/program.ts';
import { cleanText, oneLine } from './liquid/safeHtml.ts';
import { shieldLiquid } from './liquid/shield.ts';
import { type Attachment, attachmentOf, createPartCache, inlineImagePart } from './message/attachments.ts';
import { createDkimSigner } from './message/dkim.ts';
import { formatDate, longHeader, mailboxHeader, mailboxText, rawHeader, textHeader } from './message/headers.ts';
import { messageIdLocal, unsubscribeToken } from './message/identity.ts';
import { createMimeTree } from './message/mimeTree.ts';
import { createPlainPart, createTextPart } from './message/parts.ts';
import { createSink } from './message/quotedPrintable.ts';
import { createUnsubscribe } from './message/unsubscribe.ts';
import { createValueReader } from './message/values.ts';
import type { AssetReader, Composer, DkimKey, MessageContext, Newsletter } from './newsletter.ts';

/** One message rendered, not yet encoded. */
interface Made {
  subject: string;
  preheader: string;
  toName: string;
  html: string[];
  text: string[];
  attachments: Attachment[];
  unsubscribe: { header: string; oneClick: boolean };
}

/**
 * Does once whatever is the same for all recipients: templates parsed, images and unchanging text encoded, key read.
 * Rejects with a UserError for a DKIM key that cannot sign or a pinned file that is gone. The composer's calls may
 * overlap; each rejects with a UserError when no message can be made for its recipient.
 */
export async function createComposer(
  newsletter: Newsletter,
  assets: AssetReader,
  context: MessageContext,
  dkim: DkimKey | null,
): Promise<Composer> {
  const signer = dkim ? createDkimSigner(dkim) : null;
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
  program(newsletter.unsubscribe.url, 'url');
  program(newsletter.unsubscribe.mailto, 'url');
  const isNewsletter = newsletter.kind === 'newsletter';
  const waysOut = createUnsubscribe(isNewsletter ? newsletter.unsubscribe : { url: '', mailto: '' });
  const valuesOf = createValueReader([...names], newsletter.variables, (recipient) => ({
    address: recipient.address,
    email: recipient.address,
    campaign: context.campaign,
    from_name: newsletter.from.name,
    from_address: newsletter.from.address,
  }));
  const now = new Date(context.date).toISOString();
  const postalAddress = cleanText(newsletter.postalAddress);
  const render = (what: Program, dialect: Dialect, values: object) => what.render(createContext(dialect, values));

  const make = (recipient: Recipient): Made => {
    try {
      const values = valuesOf(recipient);
      values.envoi_now = now;
      values.postal_address = postalAddress;
      values.token = unsubscribeToken(context.key, context.campaign, recipient.address);
      const unsubscribe = waysOut(values, values.token as string, recipient.address);
      values.unsubscribe_url = unsubscribe.link;
      const subjectLine = oneLine(render(subject, 'text', values).join(''));
      values.subject = subjectLine;
      const preheaderLine = oneLine(render(preheader, 'text', values).join(''));
      values.preheader = preheaderLine;
      return {
        subject: subjectLine,
        preheader: preheaderLine,
        toName: oneLine(render(toName, 'text', values).join('')),
        html: render(html, 'html', values),
        text: render(text, 'text', values),
        attachments: attachments
          .map((path) => attachmentOf(render(path, 'text', values).join('')))
          .filter((attachment) => attachment !== undefined),
        unsubscribe,
      };
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError(
        'render',
        msg(
          'No message can be made for {0}: {1}',
          recipient.address,
          error instanceof Error ? error.message : String(error),
        ),
        msg('Look at line {0} of the list, and at the Liquid in the document.', recipient.line),
      );
    }
  };

  const hasTags = shieldLiquid(newsletter.text).pieces.some((piece) => piece.kind === 'tag');
  const textPart = hasTags ? createPlainPart(text, finishText) : createTextPart(text);
  const htmlPart = createTextPart(html);
  const textOf = (pieces: readonly string[]) => (hasTags ? finishText(pieces) : pieces.join(''));
  const images = await Promise.all(
    newsletter.images.map(async (image) => inlineImagePart(image, await assets(image.path))),
  );
  const tree = createMimeTree({
    text: textPart,
    html: htmlPart,
    images,
    hasAttachments: attachments.length > 0,
    seed: createHash('sha256').update(context.campaign).update(newsletter.html).digest('hex').slice(0, 16),
  });
  const partOf = createPartCache(assets);
  const fromDomain = domainOf(newsletter.from.address);
  const before = mailboxHeader('From', newsletter.from);
  const after = newsletter.replyTo ? mailboxHeader('Reply-To', newsletter.replyTo) : '';
  const last =
    (newsletter.listId && isNewsletter ? listIdHeader(newsletter.listId) : '') +
    (newsletter.feedbackId ? rawHeader('Feedback-ID', oneLine(newsletter.feedbackId)) : '') +
    `MIME-Version: 1.0\r\nContent-Type: ${tree.contentType}\r\n`;
  const body = createSink(65_536);

  return {
    async render(recipient) {
      const made = make(recipient);
      return {
        subject: made.subject,
        preheader: made.preheader,
        html: made.html.join(''),
        text: textOf(made.text),
        to: mailboxText({ name: made.toName, address: recipient.address }),
        attachments: made.attachments,
      };
    },

    async compose(recipient, date = context.date) {
      const to = checkRecipient(recipient);
      if (newsletter.from.address === '')
        throw new UserError(
          'fromMissing',
          msg('The letter has no sender.'),
          msg('Set “from” in the front matter, or envoi.from.'),
        );
      const made = make(recipient);
      const files = made.attachments.length === 0 ? [] : await Promise.all(made.attachments.map(partOf));
      const messageId = `<${messageIdLocal(context.key, context.campaign, recipient.address)}@${fromDomain}>`;
      const headers =
        before +
        mailboxHeader('To', { name: made.toName, address: to }) +
        after +
        rawHeader('Date', formatDate(date)) +
        textHeader('Subject', made.subject) +
        `Message-ID: ${messageId}\r\n` +
        (made.unsubscribe.header ? longHeader('List-Unsubscribe', made.unsubscribe.header) : '') +
        (made.unsubscribe.oneClick ? 'List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n' : '') +
        last;
      // From here to the copy nothing waits: the buffer is shared by all calls.
      body.end = 0;
      tree.append(body, made.text, made.html, files);
      const content = body.buffer.subarray(0, body.end);
      const signature = signer?.sign(headers, content, date);
      const start = signature?.length ?? 0;
      const bytes = Buffer.allocUnsafe(start + headers.length + 2 + content.length);
      bytes.write(`${headers}\r\n`, start, 'latin1');
      content.copy(bytes, start + headers.length + 2);
      if (signature) bytes.write(await signature.field, 0, 'latin1');
      return { from: newsletter.from.address, to, messageId, bytes };
    },
  };
}

/** Blank lines left by conditions that failed are taken together. */
function finishText(pieces: readonly string[]): string {
  return pieces
    .join('')
    .replace(/\r\n?/g, '\n')
    .replace(/(?<!--)[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+/, '');
}

function checkRecipient(recipient: Recipient): string {
  const parsed = parseAddress(recipient.address);
  if (parsed.ok) return parsed.address;
  const beyondAscii = /[^\u0000-\u007f]/.test(recipient.address.replace(/@[^@]*$/, ''));
  throw new UserError(
    beyondAscii ? 'smtputf8' : 'address',
    msg('“{0}” is no mail address: {1}.', recipient.address.slice(0, 320), format(parsed.reason)),
    msg('Correct line {0} of the list.', recipient.line),
  );
}

/** `Name <label.domain>` or the bare identifier (RFC 2919). */
function listIdHeader(setting: string): string {
  const named = /^(.*?)\s*<([^<>]+)>$/.exec(oneLine(setting));
  const id = (named?.[2] ?? oneLine(setting)).trim();
  return named?.[1] ? mailboxHeader('List-Id', { name: named[1], address: id }) : rawHeader('List-Id', `<${id}>`);
}
