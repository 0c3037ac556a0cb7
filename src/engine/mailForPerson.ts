import type { Bounce, ReturnedMessage } from '../mailbox/index.ts';
import type { ReturnedMail } from '../shared/returnedMail.ts';
import type { ReturnedMailRow } from './queue/store/returnedMailStore.ts';
import type { Recorded } from './recorded.ts';

/**
 * What a person is shown of a returned message: a reader's reply, or a dead mailbox, a complaint or an unsubscribe request
 * for which nothing proves whom it is about. Null for one that was acted on, or that changes nothing anyway.
 */
export function mailForPerson(
  { said, subject, from, messageId, at }: ReturnedMessage,
  about: Recorded | undefined,
  read: { account: string; now: number; isDead: (bounce: Bounce) => boolean },
): ReturnedMailRow | null {
  const row = (kind: ReturnedMail['kind'], whom: string): ReturnedMailRow => ({
    campaignKey: about?.campaignKey ?? null,
    kind,
    about: whom.slice(0, 320).toLowerCase(),
    from,
    subject,
    messageId,
    account: read.account,
    at: at || read.now,
  });
  switch (said.kind) {
    case 'reply':
      return about ? row('replied', about.address) : null;
    case 'bounce':
      return !about && read.isDead(said) ? row('bounced', said.recipient) : null;
    case 'complaint':
      return about ? null : row('complained', said.recipient);
    case 'leave':
      return about || said.proven ? null : row('left', said.from);
    case 'autoReply':
    case 'notice':
      return null;
    default:
      return said satisfies never;
  }
}
