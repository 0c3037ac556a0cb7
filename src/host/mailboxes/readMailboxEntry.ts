import type { MailboxSettings } from '../../shared/settings.ts';
import { readSettings } from '../../shared/settingsReader.ts';
import type { MailboxEntry } from './mailboxEntry.ts';

/** An entry as the settings' own reader understands it. */
export function readMailboxEntry(name: string, entry: MailboxEntry): MailboxSettings {
  const { settings } = readSettings(
    { 'envoi.mailboxes': { [name]: entry } },
    { file: 'settings.json', baseDir: '.', providers: [] },
  );
  const mailbox = settings.mailboxes[name];
  if (!mailbox) throw new Error(`the mailbox ${name} was not read`);
  return mailbox;
}
