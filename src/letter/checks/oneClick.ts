import { msg } from '../../shared/errors.ts';
import { placeOfKey } from './places.ts';
import { finding, type Rule } from './rule.ts';

/** From here on Gmail, Yahoo and Microsoft count a sender as a bulk sender. */
export const BULK = 5000;

/** Bulk senders must offer unsubscribing by one click, over https (RFC 8058). */
export const oneClick: Rule = {
  code: 'oneClick',
  check({ document, newsletter, list }) {
    if (!list || list.count < BULK || newsletter?.kind !== 'newsletter' || newsletter.unsubscribe.url !== '') return [];
    const text = msg(
      'A list of {0} needs unsubscribing by one click, or Gmail and Yahoo refuse the letter: set envoi.unsubscribe.url.',
      list.count,
    );
    return [finding('oneClick', 'warning', text, placeOfKey(document, 'recipients'))];
  },
};
