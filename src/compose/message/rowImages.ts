import { createHash } from 'node:crypto';
import { basename } from 'node:path/posix';
import { msg, UserError } from '../../shared/errors.ts';
import { relativePath } from '../files.ts';
import { imageInfo } from '../html/imageInfo.ts';
import { inlineImagePart } from './attachments.ts';

/** The file that a row names as its image; undefined for a web address, and where the row names none. */
export function rowImagePath(rendered: string): string | undefined {
  const written = rendered.trim();
  // Only a folder's name is left when the column is empty.
  if (written === '' || written.endsWith('/') || WEB.test(written)) return undefined;
  if (leadsOutside(written)) {
    throw new UserError(
      'outside',
      msg('The image {0} must be in the document’s folder or below it.', written.slice(0, 200)),
      msg('Correct its path, or the column the path comes from.'),
    );
  }
  return relativePath(written);
}

/** A file, but not in the letter's folder. */
export function leadsOutside(rendered: string): boolean {
  const written = rendered.trim();
  if (written === '' || WEB.test(written)) return false;
  const path = relativePath(written);
  return path === undefined || path === '..' || path.startsWith('../');
}

const WEB = /^(?:https?:|cid:|data:|\/\/|#)/i;

/** Reveals nothing about the file, and is the same in the HTML and in the part. */
export function rowImageCid(path: string): string {
  return `${createHash('sha256').update(path).digest('hex').slice(0, 24)}@row.invalid`;
}

/** The whole MIME part of such an image. */
export function rowImagePart({ path }: { path: string }, content: Uint8Array): Buffer {
  const info = imageInfo(content);
  if (!info)
    throw new UserError(
      'imageFormat',
      msg('{0} is not an image that mail programs can show.', basename(path)),
      msg('Correct its path, or the column the path comes from.'),
    );
  return inlineImagePart({ path, cid: rowImageCid(path), type: info.type }, content);
}
