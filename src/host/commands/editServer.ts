import { openSettingsAt } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { mailboxNameOf } from '../mailboxes/pickMailbox.ts';

/** The place of a server, or a mailbox, in settings.json. */
export async function editServer(_: HostServices, argument: unknown): Promise<void> {
  await openSettingsAt(mailboxNameOf(argument) === undefined ? 'envoi.servers' : 'envoi.mailboxes');
}
