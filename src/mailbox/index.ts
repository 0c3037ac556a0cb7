import { type MailboxAccess, type MailboxCursor, newMail } from './imap.ts';
import { readReturned } from './readReturned.ts';
import type { ReturnedMessage } from './returned.ts';

export { findArrivals } from './findArrivals.ts';
export { countMail, type MailboxAccess, type MailboxCursor, mailArrives } from './imap.ts';
export type { Bounce, Returned, ReturnedMessage } from './returned.ts';

/** What came back to a mailbox since the cursor, batch by batch. */
export async function* readMailbox(
  access: MailboxAccess,
  cursor: MailboxCursor,
  since: Date,
): AsyncGenerator<{ mails: ReturnedMessage[]; cursor: MailboxCursor }> {
  for await (const batch of newMail(access, cursor, since)) {
    const mails: ReturnedMessage[] = [];
    for (const { raw } of batch.mails) {
      // One that cannot be parsed is skipped, and must not hold up the others.
      const mail = await readReturned(raw, { authServer: access.settings.authServer }).catch(() => null);
      // Copied: a slice of a message keeps all of it in memory, and many of these are kept together.
      if (mail) mails.push(JSON.parse(JSON.stringify(mail)) as ReturnedMessage);
    }
    yield { mails, cursor: batch.cursor };
  }
}
