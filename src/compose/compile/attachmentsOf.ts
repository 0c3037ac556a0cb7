import { msg, UserError } from '../../shared/errors.ts';
import { placeOfKey } from '../document/places.ts';
import { relativePath } from '../files.ts';
import { hasLiquid } from '../liquid/analysis.ts';
import type { Newsletter } from '../newsletter.ts';
import type { Compilation } from './compilation.ts';

/** The attachments of the front matter; those that are the same for all must exist, and are pinned. */
export async function attachmentsOf(compilation: Compilation): Promise<Newsletter['attachments']> {
  const { document, files, assets } = compilation;
  const attachments: { path: string }[] = [];
  for (const [index, written] of (document.frontMatter.attachments ?? []).entries()) {
    const key = document.places[`attachments[${index}]`] ? `attachments[${index}]` : 'attachments';
    const place = placeOfKey(document, key);
    const outside = msg('The attachment {0} must be in the document’s folder or below it.', written);
    compilation.checkKey(key, written);
    const path = relativePath(written);
    if (path === undefined) {
      compilation.report('error', 'attachmentOutside', outside, place);
      continue;
    }
    attachments.push({ path });
    if (hasLiquid(path)) continue;
    try {
      compilation.weigh(await files.read(path));
      assets.add(path);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (error.code === 'outside') compilation.report('error', 'attachmentOutside', outside, place);
      else compilation.report('error', 'attachmentMissing', msg('The attachment {0} does not exist.', written), place);
    }
  }
  return attachments;
}
