import * as vscode from 'vscode';
import { mailLink } from '../../shared/returnedMail.ts';
import type { HostServices } from '../hostServices.ts';
import { mailOf } from '../mailboxes/mailOf.ts';
import { words } from '../text.ts';

/** Says where a message is, and opens it in the person's mail program if that supports links. */
export async function openReturned(_: HostServices, argument: unknown): Promise<void> {
  const mail = mailOf(argument);
  if (!mail) return;
  const link = mailLink(mail, process.platform);
  const open = vscode.l10n.t('Open in Mail Program');
  const copy = vscode.l10n.t('Copy Message-ID');
  const subject = mail.subject === '' ? vscode.l10n.t('(no subject)') : mail.subject;
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('{0}: “{1}”, {2}, in {3}.', mail.from, subject, words.moment(mail.at), mail.account),
    ...(link === '' ? [] : [open, copy]),
  );
  if (chosen === copy) await vscode.env.clipboard.writeText(mail.messageId);
  if (chosen !== open) return;
  if (await vscode.env.openExternal(vscode.Uri.parse(link, true))) return;
  void vscode.window.showWarningMessage(
    vscode.l10n.t('No mail program on this computer opens such links. Search for the sender and subject in yours.'),
  );
}
