import { createHash, createSecretKey } from 'node:crypto';
import { domainOf, isBeyondAscii, parseAddress } from '../shared/address.ts';
import { format, msg, UserError } from '../shared/errors.ts';
import type { Recipient } from '../shared/recipient.ts';
import { withMark } from '../shared/returnPath.ts';
import { markWireReady } from '../shared/wireReady.ts';
import { imageBytes } from './html/dataUrl.ts';
import { finishText } from './html/textLines.ts';
import { shieldLiquid } from './liquid/shield.ts';
import { attachmentPart, createPartCache, inlineImagePart } from './message/attachments.ts';
import { createDkimSigner } from './message/dkim.ts';
import { mailboxText } from './message/headers.ts';
import { messageIdLocal } from './message/identity.ts';
import { createHeaders } from './message/letterHeaders.ts';
import { createFinishedPart, createTextPart } from './message/mimeParts.ts';
import { createMimeTree } from './message/mimeTree.ts';
import { createSink } from './message/quotedPrintable.ts';
import { rowImagePart } from './message/rowImages.ts';
import type { AssetReader, Composer, DkimKey, MessageContext, Newsletter } from './newsletter.ts';
import { createLetterRenderer } from './renderLetter.ts';

const NONE = {};

/**
 * Does everything that is the same for all recipients once: templates parsed, images and unchanging text encoded, key read.
 * Rejects with a UserError for a DKIM key that cannot sign or a missing pinned file. The composer's calls may
 * overlap; each rejects with a UserError when no message can be made for its recipient.
 */
export async function createComposer(
  newsletter: Newsletter,
  assets: AssetReader,
  { key, ...about }: MessageContext,
  dkim: DkimKey | null,
): Promise<Composer> {
  const context = { ...about, key: createSecretKey(key) };
  const { html, text, make } = createLetterRenderer(newsletter, context);
  // A tag that is not taken leaves blank lines, which are merged after rendering.
  const hasTags = shieldLiquid(newsletter.text).pieces.some((piece) => piece.kind === 'tag');
  const textOf = (pieces: readonly string[]) => (hasTags ? finishText(pieces.join('')) : pieces.join(''));
  const tree = createMimeTree({
    text: hasTags ? createFinishedPart(text) : createTextPart(text),
    html: createTextPart(html),
    images: await Promise.all(
      newsletter.images.map(async (image) => inlineImagePart(image, await imageBytes(image, assets))),
    ),
    hasRowImages: (newsletter.rowImages ?? []).length > 0,
    hasAttachments: newsletter.attachments.length > 0,
    seed: createHash('sha256').update(context.campaign).update(newsletter.html).digest('hex').slice(0, 16),
  });
  const signer = dkim ? createDkimSigner(dkim, tree.prefix) : null;
  const partOf = createPartCache(assets, attachmentPart);
  const imageOf = createPartCache(assets, rowImagePart);
  const headersOf = createHeaders(newsletter, tree.contentType);
  const fromDomain = domainOf(newsletter.from.address);
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
        images: made.images,
      };
    },

    async compose(recipient, { date = context.date, sign = true, headers: extra = NONE, returnPath = '' } = {}) {
      const to = checkRecipient(recipient);
      if (newsletter.from.address === '')
        throw new UserError(
          'fromMissing',
          msg('The letter has no sender.'),
          msg('Set “from” in the front matter, or envoi.from.'),
        );
      const made = make(recipient);
      const files = made.attachments.length === 0 ? [] : await Promise.all(made.attachments.map(partOf));
      const images = made.images.length === 0 ? [] : await Promise.all(made.images.map(imageOf));
      const mark = messageIdLocal(context.key, context.campaign, recipient.address);
      const messageId = `<${mark}@${fromDomain}>`;
      const fields = headersOf(made, { to, messageId, date, extra });
      const headers = `${fields.map((field) => field.text).join('')}\r\n`;
      // No await from here to the copy: the buffer is shared by all calls.
      body.end = 0;
      tree.append(body, made.text, made.html, images, files);
      const content = body.buffer.subarray(0, body.end);
      const signature = sign ? signer?.sign(fields, content, date) : undefined;
      const start = signature?.length ?? 0;
      // Only the reader's address can make the header non-ASCII; then it is UTF-8 (RFC 6532).
      const encoding = isBeyondAscii(to) ? 'utf8' : 'latin1';
      const head = start + Buffer.byteLength(headers, encoding);
      const bytes = Buffer.allocUnsafe(head + content.length);
      bytes.write(headers, start, encoding);
      content.copy(bytes, head);
      if (signature) bytes.write(await signature.field, 0, 'latin1');
      const from = withMark(returnPath, mark) || newsletter.from.address;
      return { from, to, messageId, bytes: markWireReady(bytes) };
    },

    close: () => signer?.close(),
  };
}

function checkRecipient(recipient: Recipient): string {
  const parsed = parseAddress(recipient.address);
  if (parsed.ok) return parsed.address;
  throw new UserError(
    'address',
    msg('“{0}” is not a valid email address: {1}.', recipient.address.slice(0, 320), format(parsed.reason)),
    msg('Correct line {0} of the list.', recipient.line),
  );
}
