import { placeOfKey } from '../../compose/document/places.ts';
import { oneClickHindrance } from '../../compose/message/unsubscribe.ts';
import { msg, type Text } from '../../shared/errors.ts';
import { type Advice, finding } from './check.ts';

/** From here on Gmail, Yahoo and Microsoft count a sender as a bulk sender. */
export const BULK = 5000;

/** Bulk senders must offer one-click unsubscribe, over https, with a link unique to each reader (RFC 8058). */
export const oneClick: Advice = {
  code: 'oneClick',
  check({ document, newsletter, list }) {
    if (newsletter?.kind !== 'newsletter') return [];
    const { url } = newsletter.unsubscribe;
    const warn = (text: Text) => [finding('oneClick', 'warning', text, placeOfKey(document, 'recipients'))];
    if (url === '') {
      if (!list || list.count < BULK) return [];
      return warn(
        msg(
          'A list of {0} needs one-click unsubscribe, or Gmail and Yahoo will reject the letter: set envoi.unsubscribe.url.',
          list.count,
        ),
      );
    }
    const column = list?.header.fields[list.header.addressIndex]?.name;
    const hindrance = oneClickHindrance(url, ['email', 'address', ...(column ? [column] : [])]);
    switch (hindrance) {
      case null:
        return [];
      case 'shared':
        return warn(
          msg(
            'The unsubscribe link is the same for every reader, so the letter cannot offer one-click unsubscribe: put {0} into envoi.unsubscribe.url.',
            '{{ token }}',
          ),
        );
      case 'address':
        return warn(
          msg(
            'The unsubscribe link contains the reader’s address, so anyone could unsubscribe anyone, and the letter cannot offer one-click unsubscribe: use {0} alone in envoi.unsubscribe.url.',
            '{{ token }}',
          ),
        );
      default:
        return hindrance satisfies never;
    }
  },
};
