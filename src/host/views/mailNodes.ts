import * as vscode from 'vscode';
import { type ReturnedMail, suppressionFor } from '../../shared/returnedMail.ts';
import { words } from '../text.ts';

/** What came back to a mailbox and is for a person. `mail` is what the commands in place get. */
export type MailNode =
  | { kind: 'replies' | 'undecided'; source: string; mails: readonly ReturnedMail[] }
  | { kind: 'mail'; mail: ReturnedMail };

export function mailGroups(source: string, all: readonly ReturnedMail[]): MailNode[] {
  const mails = all.filter(({ account }) => account === source);
  const replies = mails.filter(({ kind }) => kind === 'replied');
  const undecided = mails.filter(({ kind }) => kind !== 'replied');
  return [
    ...(undecided.length > 0 ? [{ kind: 'undecided' as const, source, mails: undecided }] : []),
    ...(replies.length > 0 ? [{ kind: 'replies' as const, source, mails: replies }] : []),
  ];
}

export function mailItem(node: MailNode): vscode.TreeItem {
  if (node.kind === 'mail') return messageItem(node.mail);
  const replies = node.kind === 'replies';
  const item = new vscode.TreeItem(
    replies ? vscode.l10n.t('Replies') : vscode.l10n.t('For you to decide'),
    vscode.TreeItemCollapsibleState.Expanded,
  );
  item.id = `${node.kind}/${node.source}`;
  item.description = words.number(node.mails.length);
  item.iconPath = new vscode.ThemeIcon(replies ? 'comment-discussion' : 'question');
  if (!replies)
    item.tooltip = vscode.l10n.t('Nothing proves which recipients these are about, so Envoi did not act on them.');
  return item;
}

function messageItem(mail: ReturnedMail): vscode.TreeItem {
  const whom = mail.kind === 'replied' || mail.about === '' ? mail.from : mail.about;
  const item = new vscode.TreeItem(whom === '' ? vscode.l10n.t('(no sender)') : whom);
  item.id = `mail/${mail.id}`;
  item.description = [kindWords(mail.kind), mail.subject].filter((text) => text !== '').join(' · ');
  item.tooltip = [mail.from, mail.subject, words.moment(mail.at)].filter((text) => text !== '').join('\n');
  item.contextValue = suppressionFor(mail) ? 'returnedMail undecided' : 'returnedMail';
  item.iconPath = new vscode.ThemeIcon('mail');
  item.command = { command: 'envoi.openReturned', title: '', arguments: [{ kind: 'mail', mail }] };
  return item;
}

function kindWords(kind: ReturnedMail['kind']): string {
  switch (kind) {
    case 'replied':
      return '';
    case 'bounced':
      return vscode.l10n.t('no such mailbox?');
    case 'complained':
      return vscode.l10n.t('complaint?');
    case 'left':
      return vscode.l10n.t('wants to unsubscribe?');
    default:
      return kind satisfies never;
  }
}
