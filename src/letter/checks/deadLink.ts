import { msg, type Text } from '../../shared/errors.ts';
import { type Advice, finding } from './check.ts';

/** Links that lead nowhere in a mail program, which has no base folder or page for the letter. */
export const deadLink: Advice = {
  code: 'deadLink',
  check: ({ elements }) =>
    elements.links.flatMap(({ href, place }) => {
      const dead = deadLinkReason(href, elements.anchors);
      if (!dead) return [];
      const data = { href, ...(dead.suggestion ? { suggestion: dead.suggestion } : {}) };
      return [finding('deadLink', 'warning', dead.text, place, data)];
    }),
};

const carried = new Set(['http', 'https', 'mailto', 'tel', 'sms', 'xmpp', 'geo', 'webcal', 'ftp', 'whatsapp']);

export function deadLinkReason(href: string, anchors: ReadonlySet<string>): { text: Text; suggestion?: string } | null {
  if (/^\s*\{[{%]/.test(href)) return null;
  if (href === '' || href === '#') return { text: msg('This link has no address.') };
  if (href.startsWith('#')) {
    if (anchors.has(href.slice(1)) || /\{[{%]/.test(href)) return null;
    return { text: msg('Nothing in this letter has the id “{0}”.', href.slice(1)) };
  }
  if (href.startsWith('//'))
    return { text: msg('The link {0} is missing “https:” at the start.', href), suggestion: `https:${href}` };
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(href)?.[1]?.toLowerCase();
  if (scheme && !/^[\w.-]+:\d+(?:\/|$)/.test(href)) {
    if (!carried.has(scheme)) return { text: msg('Mail programs do not open links that start with {0}:', scheme) };
    if (/^https?:/i.test(href) && !/^https?:\/\/[^/?#\s]/i.test(href))
      return { text: msg('The link {0} has no host.', href) };
    if (/^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?:[:/?#]|$)/i.test(href))
      return { text: msg('The link {0} works on this computer only.', href) };
    return null;
  }
  if (
    /^(?:www\.[\w-]+\.|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|gov|info|io|eu|fr|de|uk|es|it|nl|be|ch)(?:[/?#:]|$))/i.test(
      href,
    )
  )
    return { text: msg('The link {0} is missing “https://” at the start.', href), suggestion: `https://${href}` };
  if (href.length <= 320 && /^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(href))
    return { text: msg('The link {0} is missing “mailto:” at the start.', href), suggestion: `mailto:${href}` };
  return {
    text: msg('The link {0} does not work in a mail program: write the full address, with https://.', href),
  };
}
