import { msg } from '../../shared/errors.ts';
import { type Advice, finding } from './check.ts';
import { deadLinkReason } from './deadLink.ts';

export const insecureLink: Advice = {
  code: 'insecureLink',
  check: ({ elements }) => [
    ...elements.links
      .filter(({ href }) => bare(href) && deadLinkReason(href, elements.anchors) === null)
      .map(({ href, place }) => {
        const text = msg('The link {0} is not encrypted. Use https://.', href);
        return finding('insecureLink', 'warning', text, place, { href, suggestion: secure(href) });
      }),
    ...elements.images
      .filter(({ src }) => bare(src))
      .map(({ src, place }) => {
        const text = msg('The image {0} is not encrypted: many mail programs do not load it. Use https://.', src);
        return finding('insecureLink', 'warning', text, place, { href: src, suggestion: secure(src) });
      }),
  ],
};

function bare(address: string): boolean {
  return /^http:\/\//i.test(address);
}

function secure(address: string): string {
  return address.replace(/^http:/i, 'https:');
}
