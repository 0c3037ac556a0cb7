import { dirname } from 'node:path/posix';
import { type AnyNode, type Comment, type Document as Dom, Element, isComment, isTag, Text } from 'domhandler';
import { findAll, getElementsByTagName, replaceElement, textContent } from 'domutils';
import { msg, UserError } from '../../shared/errors.ts';
import { decodeLetter } from '../document/decodeLetter.ts';
import { type Files, relativePath } from '../files.ts';
import { decodePath, type Embedder } from './embedFile.ts';

interface EmbedOptions {
  dom: Dom;
  embedder: Embedder;
  files: Files;
  /** Images get a width attribute, which Outlook needs, of at most this many pixels; 0 leaves them alone. */
  maxWidth: number;
}

/**
 * Every local file of the tree becomes part of the letter, wherever it is named: `src`, `srcset`, `background`, `url()`
 * in styles, Outlook's VML, linked style sheets. What cannot be embedded is reported.
 */
export async function embedFiles({ dom, embedder, files, maxWidth }: EmbedOptions): Promise<void> {
  for (const link of getElementsByTagName('link', dom, true)) await embedStyleSheet(link, embedder, files);
  for (const element of findAll(isTag, dom.children)) {
    if (element.name === 'img') await embedImage(element, embedder, maxWidth);
    else if (element.name === 'style') await embedInStyle(element, embedder);
    if (namesFile(element)) await embedAttributes(element, embedder);
  }
  for (const comment of commentsOf(dom)) {
    if (/^\[if/i.test(comment.data))
      comment.data = await replaceAll(comment.data, VML_SRC, (src) => embedder.image(src));
  }
}

async function embedImage(image: Element, embedder: Embedder, maxWidth: number): Promise<void> {
  const found = await embedder.image(image.attribs.src ?? '', '', true);
  if (!found) return;
  image.attribs.src = found.address;
  const sized = 'width' in image.attribs || /(?:^|[;\s])width\s{0,9}:/i.test(image.attribs.style ?? '');
  if (maxWidth > 0 && found.width > 0 && !sized) image.attribs.width = String(Math.min(found.width, maxWidth));
}

/** Most elements name none, and are not awaited. */
function namesFile({ attribs }: Element): boolean {
  for (const name in attribs)
    if (name !== 'style' ? FILE_ATTRIBUTES.has(name) : attribs.style?.includes('url(')) return true;
  return false;
}

const FILE_ATTRIBUTES = new Set(['background', 'poster', 'src', 'srcset']);

async function embedAttributes(element: Element, embedder: Embedder): Promise<void> {
  const { attribs } = element;
  const set = async (name: string) => {
    const found = await embedder.image(attribs[name] ?? '');
    if (found) attribs[name] = found.address;
  };
  if (attribs.background !== undefined) await set('background');
  if (attribs.poster !== undefined) await set('poster');
  if (attribs.src !== undefined && element.name === 'input') await set('src');
  if (attribs.srcset !== undefined) attribs.srcset = await embedSet(attribs.srcset, embedder);
  if (attribs.style?.includes('url('))
    attribs.style = await replaceAll(attribs.style, CSS_URL, (url) => embedder.image(url));
  const media = /^(?:video|audio|source|track)$/.test(element.name) ? (attribs.src ?? '') : '';
  if (media !== '' && !/^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(media))
    embedder.report(
      'warning',
      'fileNotSent',
      msg('Mail programs cannot load {0}: it is not sent with the letter.', media),
      media,
    );
}

/** `a.png 1x, b.png 2x`. */
async function embedSet(srcset: string, embedder: Embedder): Promise<string> {
  const candidates: string[] = [];
  for (const [address, size] of candidatesOf(srcset)) {
    const found = await embedder.image(address);
    candidates.push([found?.address ?? address, size].join(' ').trim());
  }
  return candidates.join(', ');
}

/** As browsers parse it: an address ends at a blank, because `data:` contains commas. */
function candidatesOf(srcset: string): [address: string, size: string][] {
  const candidates: [string, string][] = [];
  const blank = /\s/;
  for (let at = 0; at < srcset.length; ) {
    let end = at;
    while (end < srcset.length && !blank.test(srcset[end] ?? '')) end++;
    let address = srcset.slice(at, end);
    let size = '';
    if (address.endsWith(',')) {
      let length = address.length;
      while (address[length - 1] === ',') length--;
      address = address.slice(0, length);
    } else if (address !== '') {
      const comma = srcset.indexOf(',', end);
      const stop = comma < 0 ? srcset.length : comma;
      size = srcset.slice(end, stop).trim();
      end = stop;
    }
    if (address !== '') candidates.push([address, size]);
    at = end + 1;
  }
  return candidates;
}

/** Blanks are limited, so that no input makes the search slow. */
const CSS_URL = /url\(\s{0,20}(?:"([^"]*)"|'([^']*)'|&quot;([^&]*)&quot;|([^\s"'()]+))\s{0,20}\)/gi;
const VML_SRC = /\b(?:src|background)\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)')/gi;
const IMPORT = /@import\s{1,20}(?:url\(\s{0,20})?["']?([^"'()\s;]+)/gi;

async function embedInStyle(style: Element, embedder: Embedder, folder = ''): Promise<void> {
  const css = textContent(style);
  for (const [, name = ''] of css.matchAll(IMPORT))
    if (!/^(?:https?:|\/\/)/i.test(name))
      embedder.report(
        'warning',
        'fileNotSent',
        msg('Mail programs cannot load {0}: it is not sent with the letter.', name),
        name,
      );
  const embedded = await replaceAll(css, CSS_URL, (url, before) => {
    if (!/\.(?:woff2?|ttf|otf|eot|css)(?:[?#]|$)/i.test(url)) return embedder.image(url, folder);
    if (!/^(?:https?|data):/i.test(url) && !/@import\s{1,20}$/i.test(before))
      embedder.report(
        'warning',
        'fileNotSent',
        msg('Mail programs cannot load {0}: it is not sent with the letter.', url),
        url,
      );
    return null;
  });
  if (embedded === css) return;
  const text = new Text(embedded);
  text.parent = style;
  style.children = [text];
}

/** The first group that matched is the name of a file; it is replaced where the file becomes part of the letter. */
async function replaceAll(
  text: string,
  pattern: RegExp,
  embed: (name: string, before: string) => Promise<{ address: string } | null> | null,
): Promise<string> {
  let out = '';
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    const name = match.slice(1).find((group) => group !== undefined) ?? '';
    const found = await embed(name, text.slice(Math.max(0, match.index - 30), match.index));
    if (!found) continue;
    const start = match.index + match[0].indexOf(name, match[0].indexOf('(') >= 0 ? 4 : 0);
    out += text.slice(at, start) + found.address;
    at = start + name.length;
  }
  return out + text.slice(at);
}

/** A linked style sheet is replaced by a style element. */
async function embedStyleSheet(link: Element, embedder: Embedder, files: Files): Promise<void> {
  const name = (link.attribs.href ?? '').trim();
  if (!/\bstylesheet\b/i.test(link.attribs.rel ?? '') || name === '' || /^(?:https?:)?\/\//i.test(name)) return;
  const path = /^[a-z][a-z0-9+.-]*:/i.test(name) ? undefined : relativePath(decodePath(name));
  const outside = msg('The file {0} must be in the document’s folder or below it.', name);
  if (path === undefined) {
    embedder.report('error', 'styleSheet', outside, name);
    return;
  }
  try {
    const css = decodeLetter(await files.read(path));
    const style = new Element('style', link.attribs.media ? { media: link.attribs.media } : {});
    const text = new Text(css.replace(/<\/style/gi, ''));
    text.parent = style;
    style.children = [text];
    replaceElement(link, style);
    const folder = dirname(path);
    await embedInStyle(style, embedder, folder === '.' ? '' : folder);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const missing = msg('The file {0} does not exist.', name);
    embedder.report('error', 'styleSheet', error.code === 'outside' ? outside : missing, name);
  }
}

function commentsOf(dom: Dom): Comment[] {
  const comments: Comment[] = [];
  const walk = (nodes: readonly AnyNode[]): void => {
    for (const node of nodes) {
      if (isComment(node)) comments.push(node);
      else if (isTag(node)) walk(node.children);
    }
  };
  walk(dom.children);
  return comments;
}
