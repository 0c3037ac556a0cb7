import { appendBytes } from './base64.ts';
import type { TextPart } from './mimeParts.ts';
import type { Sink } from './quotedPrintable.ts';

/** The body of every message of a newsletter: `alternative` in `related` in `mixed`, the outer two only when needed. */
export interface MimeTree {
  /** Value of the message's own Content-Type. */
  contentType: string;
  /** What each body begins with. */
  prefix: Buffer;
  append(
    sink: Sink,
    text: readonly string[],
    html: readonly string[],
    images: readonly Buffer[],
    attachments: readonly Buffer[],
  ): void;
}

interface TreeOptions {
  text: TextPart;
  html: TextPart;
  /** Whole parts with their headers. */
  images: readonly Buffer[];
  /** Messages may have images of their own. */
  hasRowImages: boolean;
  hasAttachments: boolean;
  /** Makes boundaries of different newsletters differ. */
  seed: string;
}

export function createMimeTree(options: TreeOptions): MimeTree {
  // "=_" occurs neither in quoted-printable nor in base64, so no content can look like a boundary.
  const boundary = (name: string) => `=_envoi_${options.seed}_${name}`;
  const alternative = boundary('alternative');
  const related = boundary('related');
  const mixed = boundary('mixed');
  const hasImages = options.images.length > 0 || options.hasRowImages;
  const type = {
    alternative: `multipart/alternative;\r\n boundary="${alternative}"`,
    related: `multipart/related; type="multipart/alternative";\r\n boundary="${related}"`,
    mixed: `multipart/mixed;\r\n boundary="${mixed}"`,
  };
  const partHead = (kind: string, encoding: string) =>
    `Content-Type: text/${kind}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;

  let open = '';
  if (options.hasAttachments)
    open += `--${mixed}\r\nContent-Type: ${hasImages ? type.related : type.alternative}\r\n\r\n`;
  if (hasImages) open += `--${related}\r\nContent-Type: ${type.alternative}\r\n\r\n`;
  const beforeText = latin(`${open}--${alternative}\r\n${partHead('plain', options.text.encoding)}`);
  const beforeHtml = latin(`\r\n--${alternative}\r\n${partHead('html', options.html.encoding)}`);
  const afterHtml = Buffer.concat([
    latin(`\r\n--${alternative}--\r\n`),
    ...options.images.flatMap((part) => [latin(`\r\n--${related}\r\n`), part]),
  ]);
  const beforeImage = latin(`\r\n--${related}\r\n`);
  const afterImages = latin(hasImages ? `\r\n--${related}--\r\n` : '');
  const beforeAttachment = latin(`\r\n--${mixed}\r\n`);
  const end = latin(options.hasAttachments ? `\r\n--${mixed}--\r\n` : '');
  return {
    contentType: options.hasAttachments ? type.mixed : hasImages ? type.related : type.alternative,
    prefix: Buffer.concat([beforeText, options.text.prefix]),
    append(sink, text, html, images, attachments) {
      appendBytes(sink, beforeText);
      options.text.append(sink, text);
      appendBytes(sink, beforeHtml);
      options.html.append(sink, html);
      appendBytes(sink, afterHtml);
      for (const part of images) {
        appendBytes(sink, beforeImage);
        appendBytes(sink, part);
      }
      appendBytes(sink, afterImages);
      for (const part of attachments) {
        appendBytes(sink, beforeAttachment);
        appendBytes(sink, part);
      }
      appendBytes(sink, end);
    },
  };
}

function latin(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
