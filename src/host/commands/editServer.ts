import { openSettingsAt } from '../errors.ts';
import { mailboxNameOf } from '../mailboxes/pickMailbox.ts';
import type { Parts } from '../parts.ts';

/** Where a server, or a mailbox, stands in settings.json. */
export async function editServer(_: Parts, argument: unknown): Promise<void> {
  await openSettingsAt(mailboxNameOf(argument) === undefined ? 'envoi.servers' : 'envoi.mailboxes');
}
