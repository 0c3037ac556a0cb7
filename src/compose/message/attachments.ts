import { basename, extname } from 'node:path/posix';
import { msg, UserError } from '../../shared/errors.ts';
import { relativePath } from '../files.ts';
import type { AssetReader } from '../newsletter.ts';
import { base64Lines } from './base64.ts';
import { parameter } from './headers.ts';

/** Encoded files cached for the next message, in bytes; a file per recipient must not fill memory. */
const KEPT = 64 * 1024 * 1024;

export interface Attachment {
  name: string;
  path: string;
  type: string;
}

/** What a rendered path stands for; undefined for an empty one: this recipient gets no such file. */
export function attachmentOf(rendered: string): Attachment | undefined {
  const written = rendered.trim();
  if (written === '') return undefined;
  const path = relativePath(written);
  if (path === undefined || path === '..' || path.startsWith('../')) {
    throw new UserError(
      'outside',
      msg('The attachment {0} must be in the document’s folder or below it.', written.slice(0, 200)),
      msg('Correct its path, or the column the path comes from.'),
    );
  }
  const name = basename(path);
  return { name, path, type: typeOf(name) };
}

/** The parts of files, each encoded once. */
export function createPartCache<File extends { path: string }>(
  read: AssetReader,
  encode: (file: File, content: Uint8Array) => Buffer,
): (file: File) => Promise<Buffer> {
  const kept = new Map<string, Promise<Buffer>>();
  let bytes = 0;
  return async (attachment) => {
    const known = kept.get(attachment.path);
    if (known) return known;
    const part = read(attachment.path).then((content) => encode(attachment, content));
    kept.set(attachment.path, part);
    try {
      bytes += (await part).length;
    } catch (error) {
      kept.delete(attachment.path);
      throw error;
    }
    for (const [path, old] of kept) {
      if (bytes <= KEPT || path === attachment.path) break;
      kept.delete(path);
      bytes -= (await old).length;
    }
    return part;
  };
}

/** The whole MIME part of an attachment. */
export function attachmentPart(attachment: Attachment, content: Uint8Array): Buffer {
  const head =
    `Content-Type: ${attachment.type}${methodOf(attachment, content)}${parameter('name', attachment.name)}\r\n` +
    'Content-Transfer-Encoding: base64\r\n' +
    `Content-Disposition: attachment${parameter('filename', attachment.name)}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), base64Lines(content)]);
}

/** A calendar file states its method (RFC 5546): with it on the part, a mail program shows an invitation. */
function methodOf({ type }: Attachment, content: Uint8Array): string {
  if (!type.startsWith('text/calendar')) return '';
  const text = Buffer.from(content.subarray(0, 100_000)).toString('latin1');
  const method = /^METHOD:([A-Za-z-]{1,30})[ \t]{0,9}\r?$/im.exec(text)?.[1];
  return method ? `; method=${method.toUpperCase()}` : '';
}

export function inlineImagePart(image: { path: string; cid: string; type: string }, content: Uint8Array): Buffer {
  const name = basename(image.path);
  const head =
    `Content-Type: ${image.type}${parameter('name', name)}\r\n` +
    'Content-Transfer-Encoding: base64\r\n' +
    `Content-ID: <${image.cid}>\r\n` +
    `Content-Disposition: inline${parameter('filename', name)}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), base64Lines(content)]);
}

const types: Record<string, string> = {
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.ics': 'text/calendar; charset=utf-8',
  '.vcf': 'text/vcard; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.xml': 'application/xml',
  '.zip': 'application/zip',
  '.gz': 'application/gzip',
  '.epub': 'application/epub+zip',
  '.doc': 'application/msword',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.xls': 'application/vnd.ms-excel',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '.pptx': 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  '.odt': 'application/vnd.oasis.opendocument.text',
  '.ods': 'application/vnd.oasis.opendocument.spreadsheet',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
};

function typeOf(name: string): string {
  return types[extname(name).toLowerCase()] ?? 'application/octet-stream';
}
