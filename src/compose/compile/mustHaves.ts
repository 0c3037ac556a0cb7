import { msg } from '../../shared/errors.ts';
import { placeOfKey } from '../document/places.ts';
import type { Newsletter } from '../newsletter.ts';
import type { Compilation } from './compilation.ts';

/** What law and mail providers want of every newsletter, before anything is made. */
export function checkMustHaves(
  compilation: Compilation,
  kind: Newsletter['kind'],
  unsubscribe: Newsletter['unsubscribe'],
  postalAddress: string,
): void {
  const { document } = compilation;
  if (!document.frontMatter.subject?.trim()) {
    const text = msg('No subject: set “subject” in the front matter.');
    compilation.report('error', 'subjectMissing', text, placeOfKey(document, 'subject'));
  }
  if (kind !== 'newsletter') return;
  if (!unsubscribe.mailto && !unsubscribe.url)
    compilation.report(
      'error',
      'unsubscribeMissing',
      msg(
        'A newsletter needs a way to unsubscribe: set envoi.unsubscribe, or “kind: internal” for mail to your own people.',
      ),
      placeOfKey(document, 'kind'),
    );
  if (!postalAddress.trim())
    compilation.report(
      'error',
      'postalAddressMissing',
      msg(
        'A newsletter needs a postal address: set envoi.postalAddress, or “kind: internal” for mail to your own people.',
      ),
      placeOfKey(document, 'kind'),
    );
}
