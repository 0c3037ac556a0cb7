import { l10n } from 'vscode';
import type { MailboxStrings } from '../../protocol/mailboxMessages.ts';
import { previewStrings } from '../preview/previewStrings.ts';

export function mailboxStrings(): MailboxStrings {
  return {
    preview: previewStrings(),
    title: l10n.t('Caught Messages'),
    about: l10n.t('These messages stayed on this computer. Nobody received them.'),
    search: l10n.t('Search by name, address or subject'),
    none: l10n.t('No messages yet. Open a newsletter and choose “Try It Here”.'),
    noMatch: l10n.t('No messages match.'),
    letters: l10n.t('Messages'),
    choose: l10n.t('Choose a message.'),
    back: l10n.t('Back to Messages'),
    deleteAll: l10n.t('Delete All'),
  };
}
