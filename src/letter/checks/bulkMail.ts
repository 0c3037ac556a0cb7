import { placeOfBody, placeOfKey } from '../../compose/document/places.ts';
import { type Finding, msg } from '../../shared/errors.ts';
import { finding, type MustHave } from './check.ts';

/** What law and mail providers require of every newsletter; internal mail is exempt. */
export const bulkMail: MustHave = {
  codes: ['unsubscribeMissing', 'postalAddressMissing', 'unsubscribeLink', 'postalAddressHidden'],
  check({ document, newsletter, settings: { unsubscribe, postalAddress } }) {
    if (document.frontMatter.kind === 'internal') return [];
    const findings: Finding[] = [];
    const place = placeOfKey(document, 'kind');
    const hasWay = Boolean(unsubscribe.mailto || unsubscribe.url);
    if (!hasWay) {
      const text = msg(
        'A newsletter needs a way to unsubscribe: set envoi.unsubscribe, or “kind: internal” for mail within your organization.',
      );
      findings.push(finding('unsubscribeMissing', 'error', text, place));
    }
    if (!postalAddress.trim()) {
      const text = msg(
        'A newsletter needs a postal address: set envoi.postalAddress, or “kind: internal” for mail within your organization.',
      );
      findings.push(finding('postalAddressMissing', 'error', text, place));
    }
    // The built-in layout has the link; other layouts and whole HTML documents must contain it.
    if (hasWay && newsletter && !newsletter.html.includes('unsubscribe_url')) {
      const text = msg('The letter has no visible unsubscribe link. Add {0}.', '{{ unsubscribe_url }}');
      findings.push(finding('unsubscribeLink', 'error', text, placeOfBody(document)));
    }
    if (newsletter && !showsAddress(newsletter.html, postalAddress)) {
      const text = msg('The letter does not show your postal address. Add {0}.', '{{ postal_address }}');
      findings.push(finding('postalAddressHidden', 'warning', text, placeOfBody(document)));
    }
    return findings;
  },
};

/** By its name, or written out: its first line is enough. */
function showsAddress(html: string, postalAddress: string): boolean {
  const first = postalAddress.trim().split('\n')[0]?.trim() ?? '';
  return first === '' || html.includes('postal_address') || html.includes(first);
}
