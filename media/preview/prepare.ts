/** A letter made ready for the frame. */
export interface Prepared {
  srcdoc: string;
  /** Images on the web that the page does not load. */
  remoteImages: number;
}

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; font-src 'none'; form-action 'none'; base-uri 'none'; img-src data: blob:";

/** What no mail program allows in a letter, or what could load something unasked. */
const WITHHELD =
  'script, iframe, frame, frameset, object, embed, applet, portal, base, link, meta[http-equiv], noscript, template, audio, video, track, svg use, svg image, svg foreignObject, dialog';

/**
 * The letter as the frame may have it. It is parsed in an inert document, where nothing loads, what could run or reach
 * the network is taken out, and images sent along are filled in. Behind this stand the sandbox, which runs no script,
 * and the page's own content security policy; neither alone is relied upon.
 */
export function prepareLetter(html: string, imageOf: (cid: string) => string | undefined, remote: boolean): Prepared {
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const element of page.querySelectorAll(WITHHELD)) element.remove();
  let remoteImages = 0;
  for (const element of page.querySelectorAll('*')) {
    for (const { name, value } of [...element.attributes]) {
      if (name.startsWith('on') || name === 'ping' || name === 'autofocus' || name === 'srcdoc' || name === 'nonce')
        element.removeAttribute(name);
      else if (/^\s*cid:/i.test(value) && /^(?:src|background|href|poster)$/.test(name)) {
        const url = imageOf(value.trim().slice(4));
        if (url) element.setAttribute(name, url);
      } else if ((name === 'style' || name === 'srcset') && /cid:/i.test(value))
        element.setAttribute(name, withImages(value, imageOf));
    }
    if (element instanceof HTMLImageElement) {
      const source = element.getAttribute('src') ?? '';
      if (/^\s*(?:https?:)?\/\//i.test(source)) {
        remoteImages++;
        if (!remote) element.setAttribute('data-envoi-blocked', '');
      }
    } else if (/^\s*(?:https?:)?\/\//i.test(element.getAttribute('background') ?? '')) remoteImages++;
    if (/url\(\s*["']?\s*(?:https?:)?\/\//i.test(element.getAttribute('style') ?? '')) remoteImages++;
  }
  for (const style of page.querySelectorAll('style'))
    style.textContent = withImages((style.textContent ?? '').replace(/@import\b[^;]*;?/gi, ''), imageOf);
  const policy = page.createElement('meta');
  policy.setAttribute('http-equiv', 'Content-Security-Policy');
  policy.setAttribute('content', remote ? `${POLICY} https:` : POLICY);
  const prefetch = page.createElement('meta');
  prefetch.setAttribute('http-equiv', 'x-dns-prefetch-control');
  prefetch.setAttribute('content', 'off');
  const referrer = page.createElement('meta');
  referrer.setAttribute('name', 'referrer');
  referrer.setAttribute('content', 'no-referrer');
  const own = page.createElement('style');
  own.textContent =
    'img[data-envoi-blocked]{outline:1px dashed #8888;outline-offset:-1px;min-width:24px;min-height:24px;background:#8881}';
  page.head.prepend(policy, prefetch, referrer, own);
  const doctype = page.doctype ? '<!doctype html>' : '';
  return { srcdoc: doctype + page.documentElement.outerHTML, remoteImages };
}

/** Pictures named inside a style sheet, a style attribute or a set of sizes. */
function withImages(text: string, imageOf: (cid: string) => string | undefined): string {
  return text.replace(/cid:([^\s"'),]+)/gi, (written, cid: string) => imageOf(cid) ?? written);
}
