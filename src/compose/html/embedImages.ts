import { createHash } from 'node:crypto';
import { type Document as Dom, isTag } from 'domhandler';
import { findAll } from 'domutils';
import { type Finding, msg, type Place, UserError } from '../../shared/errors.ts';
import type { FindingCode } from '../../shared/findingCodes.ts';
import { type Files, relativePath } from '../files.ts';
import type { Shield } from '../liquid/shield.ts';
import type { Newsletter } from '../newsletter.ts';
import { imageInfo } from './imageInfo.ts';

interface EmbedOptions {
  dom: Dom;
  shield: Shield;
  files: Files;
  /** Right-hand side of the Content-IDs. */
  domain: string;
  /** Images get a width attribute, which Outlook needs, of at most this many pixels; 0 leaves them alone. */
  maxWidth: number;
  placeOf(source: string): Place;
}

/** Local images of the tree become `cid:` references, each file embedded once however often it is shown. */
export async function embedImages(
  options: EmbedOptions,
): Promise<{ images: Newsletter['images']; findings: Finding[] }> {
  const { dom, shield, files, placeOf } = options;
  const findings: Finding[] = [];
  const byPath = new Map<string, { cid: string; width: number } | null>();
  const byCid = new Map<string, { path: string; cid: string; type: string }>();
  for (const image of findAll((element) => isTag(element) && element.name === 'img', dom.children)) {
    const written = decodeEntity(image.attribs.src ?? '').trim();
    if (written === '' || /^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(written)) continue;
    const liquid = new RegExp(shield.pattern.source).exec(written);
    if (liquid) {
      // A value that begins the address may be a web address; behind a folder's name it can only be a file.
      if (liquid.index === 0) continue;
      findings.push({
        severity: 'error',
        code: 'imageVariable',
        text: msg('A local image cannot differ by recipient: {0}', shield.restore(written)),
        place: placeOf(shield.restore(written)),
      });
      continue;
    }
    const path = relativePath(decodePath(written));
    let found = path === undefined ? undefined : byPath.get(path);
    if (path !== undefined && found === undefined) {
      found = await read(path, written);
      byPath.set(path, found);
    }
    if (path === undefined)
      report('imageOutside', msg('The image {0} must lie beside the document or below it.', written), written);
    if (!found) continue;
    image.attribs.src = `cid:${found.cid}`;
    if (
      options.maxWidth > 0 &&
      found.width > 0 &&
      !('width' in image.attribs) &&
      !/(?:^|[;\s])width\s*:/i.test(image.attribs.style ?? '')
    )
      image.attribs.width = String(Math.min(found.width, options.maxWidth));
  }
  return { images: [...byCid.values()], findings };

  function report(code: FindingCode, text: ReturnType<typeof msg>, source: string): null {
    findings.push({ severity: 'error', code, text, place: placeOf(source) });
    return null;
  }

  async function read(path: string, written: string): Promise<{ cid: string; width: number } | null> {
    let bytes: Uint8Array;
    try {
      bytes = await files.read(path);
    } catch (error) {
      if (error instanceof UserError) {
        const text =
          error.code === 'outside'
            ? msg('The image {0} must lie beside the document or below it.', written)
            : msg('The image {0} is not there.', written);
        return report(error.code === 'outside' ? 'imageOutside' : 'imageMissing', text, written);
      }
      throw error;
    }
    const info = imageInfo(bytes);
    if (!info) return report('imageFormat', msg('{0} is not an image that mail programs show.', written), written);
    if (info.type === 'image/svg+xml' || info.type === 'image/webp') {
      findings.push({
        severity: 'warning',
        code: 'imageFormat',
        text: msg('{0}: Gmail or Outlook do not show this kind of image. Use PNG or JPEG.', written),
        place: placeOf(written),
      });
    }
    const cid = `${createHash('sha256').update(bytes).digest('hex').slice(0, 24)}@${options.domain}`;
    if (!byCid.has(cid)) byCid.set(cid, { path, cid, type: info.type });
    return { cid, width: info.width };
  }
}

function decodeEntity(value: string): string {
  return value.replace(/&amp;/g, '&');
}

function decodePath(written: string): string {
  const path = written.replace(/[?#].*$/, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
