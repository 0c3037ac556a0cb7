import { l10n } from 'vscode';
import type { MailboxStrings } from '../../protocol/mailboxMessages.ts';
import { previewStrings } from '../preview/previewStrings.ts';

export function mailboxStrings(): MailboxStrings {
  return {
    preview: previewStrings(),
    title: l10n.t('Caught Letters'),
    about: l10n.t('These letters stayed on this computer. Nobody received them.'),
    search: l10n.t('Search by name, address or subject'),
    none: l10n.t('No letters yet. Open a newsletter and choose “Try It Here”.'),
    noMatch: l10n.t('No letter matches.'),
    letters: l10n.t('Letters'),
    choose: l10n.t('Choose a letter.'),
    back: l10n.t('Back to the Letters'),
    deleteAll: l10n.t('Delete All'),
  };
}
