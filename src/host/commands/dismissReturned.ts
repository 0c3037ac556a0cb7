import type { HostServices } from '../hostServices.ts';
import { mailOf } from '../mailboxes/mailOf.ts';

/** Removes a message from the list; it stays in the mailbox, without consequences. */
export async function dismissReturned(services: HostServices, argument: unknown): Promise<void> {
  const mail = mailOf(argument);
  if (mail) await services.engine.through((engine) => engine.dismissReturned({ ids: [mail.id] }));
}
