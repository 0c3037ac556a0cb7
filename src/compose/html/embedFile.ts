import { createHash } from 'node:crypto';
import { type Finding, msg, type Place, type Text, UserError } from '../../shared/errors.ts';
import type { FindingCode } from '../../shared/findingCodes.ts';
import { type Files, relativePath } from '../files.ts';
import type { Shield } from '../liquid/shield.ts';
import type { Newsletter } from '../newsletter.ts';
import { bytesOfDataUrl } from './dataUrl.ts';
import { type ImageInfo, imageInfo } from './imageInfo.ts';

export interface EmbedDeps {
  shield: Shield;
  files: Files;
  /** Right-hand side of the Content-IDs. */
  domain: string;
  placeOf(source: string): Place;
}

/** The replacement for a file's name in the letter, and its width in pixels where that is known. */
export interface Embedded {
  address: string;
  width: number;
}

/** From this size on a picture is reported as large: a letter should load over a mobile connection. */
const HEAVY = 1_000_000;

/** Embeds the files that a letter names, each once; reports those that cannot be embedded. */
export class Embedder {
  readonly findings: Finding[] = [];
  readonly images = new Map<string, Newsletter['images'][number]>();
  /** Paths that differ by recipient, as templates. */
  readonly rowImages = new Set<string>();
  readonly #deps: EmbedDeps;
  readonly #known = new Map<string, Embedded | null>();
  readonly #said = new Set<string>();

  constructor(deps: EmbedDeps) {
    this.#deps = deps;
  }

  /**
   * The image's address in the letter; null where the name stays as it is: a web address, or one that was reported.
   * `folder`: the folder of the naming file. `perRow`: whether the place can have a different file for each recipient.
   */
  async image(written: string, folder = '', perRow = false): Promise<Embedded | null> {
    const name = written.replace(/&amp;/g, '&').trim();
    if (name === '') return null;
    if (/^data:/i.test(name)) return this.#dataUrl(name);
    if (/^\/\//.test(name)) {
      this.report('warning', 'fileNotSent', msg('The link {0} is missing “https:” at the start.', name), name);
      return null;
    }
    // A drive letter is not a scheme, and `file:` is this computer.
    if (/^(?:[a-z]:[\\/]|file:)/i.test(name)) return this.#outside(name);
    if (/^(?:[a-z][a-z0-9+.-]*:|#)/i.test(name)) return null;
    const { shield } = this.#deps;
    const liquid = new RegExp(shield.pattern.source).exec(name);
    if (liquid) return perRow ? this.#rowImage(name) : this.#variable(name, liquid.index);
    const path = relativePath(decodePath(folder === '' ? name : `${folder}/${name}`));
    if (path === undefined) return this.#outside(name);
    let known = this.#known.get(path);
    if (known === undefined) {
      known = await this.#read(path, name);
      this.#known.set(path, known);
    }
    return known;
  }

  report(severity: Finding['severity'], code: FindingCode, text: Text, source: string): null {
    const key = `${code} ${source}`;
    if (!this.#said.has(key)) this.findings.push({ severity, code, text, place: this.#deps.placeOf(source) });
    this.#said.add(key);
    return null;
  }

  #outside(name: string): null {
    const text = msg('The image {0} must be in the document’s folder or below it.', name);
    return this.report('error', 'imageOutside', text, name);
  }

  /** Gmail and Outlook do not show images embedded as data; as a part of the message they are shown everywhere. */
  #dataUrl(name: string): Embedded | null {
    const start = this.#deps.shield.restore(name.slice(0, 100)).slice(0, 40);
    const bytes = new RegExp(this.#deps.shield.pattern.source).test(name) ? undefined : bytesOfDataUrl(name);
    const info = bytes && imageInfo(bytes);
    if (bytes && info && /^image\/(?:png|jpeg|gif)$/.test(info.type)) {
      this.#weigh(`${start}…`, bytes, info);
      return this.#embed(bytes, info, `image-${this.images.size + 1}.${info.type.slice(6)}`, true);
    }
    const text = msg('Gmail and Outlook do not show images embedded as data: {0}… Save the image as a file.', start);
    return this.report('warning', 'imageData', text, start);
  }

  #variable(name: string, index: number): null {
    // A value that begins the address may be a web address; after a folder's name it can only be a file.
    if (index === 0) return null;
    const source = this.#deps.shield.restore(name);
    return this.report(
      'error',
      'imageVariable',
      msg('A local image cannot differ by recipient here: {0}', source),
      source,
    );
  }

  /** A file for each recipient: which one, and whether it is a web address after all, is known with the row. */
  #rowImage(name: string): Embedded {
    const source = this.#deps.shield.restore(name);
    this.rowImages.add(source);
    return { address: `{% envoi_cid %}${name}{% endenvoi_cid %}`, width: 0 };
  }

  async #read(path: string, name: string): Promise<Embedded | null> {
    let bytes: Uint8Array;
    try {
      bytes = await this.#deps.files.read(path);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (error.code === 'outside') return this.#outside(name);
      return this.report('error', 'imageMissing', msg('The image {0} does not exist.', name), name);
    }
    const info = imageInfo(bytes);
    if (!info) {
      const text = msg('{0} is not an image that mail programs can show.', name);
      return this.report('error', 'imageFormat', text, name);
    }
    if (info.type === 'image/svg+xml' || info.type === 'image/webp') {
      const text = msg('{0}: Gmail or Outlook does not show this kind of image. Use PNG or JPEG.', name);
      this.report('warning', 'imageFormat', text, name);
    }
    this.#weigh(name, bytes, info);
    return this.#embed(bytes, info, path, false);
  }

  #embed(bytes: Uint8Array, info: ImageInfo, path: string, written: boolean): Embedded {
    const cid = `${createHash('sha256').update(bytes).digest('hex').slice(0, 24)}@${this.#deps.domain}`;
    const data = written ? { data: Buffer.from(bytes).toString('base64') } : {};
    if (!this.images.has(cid)) this.images.set(cid, { path, cid, type: info.type, ...data });
    return { address: `cid:${cid}`, width: info.width };
  }

  #weigh(name: string, { length }: Uint8Array, { width, height }: ImageInfo): void {
    if (length <= HEAVY) return;
    const text = msg(
      'The image {0} is {1} MB ({2} × {3} pixels), and every reader loads it. Make it smaller.',
      name,
      Math.round(length / 100_000) / 10,
      width,
      height,
    );
    this.report('warning', 'imageHeavy', text, name.replace(/…$/, ''));
  }
}

/** Without a query, and with its percent signs undone. */
export function decodePath(written: string): string {
  const path = written.replace(/[?#].*$/s, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
