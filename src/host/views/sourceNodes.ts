import * as vscode from 'vscode';
import type { SourceStanding } from '../../protocol/engineApi.ts';
import { endpointUrl } from '../../shared/endpointUrl.ts';
import { type MailboxSettings, mailboxAccount, type Settings } from '../../shared/settings.ts';
import { say, words } from '../text.ts';

/** Where news of readers come from. `mailbox`, `kind` and `contextValue` are what the commands in place get. */
export type SourceNode =
  | { kind: 'mailbox'; mailbox: string; settings: MailboxSettings; source: string }
  | { kind: 'endpoint'; url: string; source: string };

export function sourceNodes(settings: Settings): SourceNode[] {
  const url = endpointUrl(settings.unsubscribe);
  return [
    ...Object.entries(settings.mailboxes).map(
      ([name, mailbox]): SourceNode => ({
        kind: 'mailbox',
        mailbox: name,
        settings: mailbox,
        source: mailboxAccount(mailbox),
      }),
    ),
    ...(url === '' ? [] : [{ kind: 'endpoint' as const, url, source: url }]),
  ];
}

/** `waiting`: how many messages are there for a person. */
export function sourceItem(node: SourceNode, standing: SourceStanding | undefined, waiting: number): vscode.TreeItem {
  const item = new vscode.TreeItem(
    node.kind === 'mailbox' ? node.mailbox : vscode.l10n.t('Unsubscribe page'),
    waiting > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None,
  );
  // Another one once there is mail: the editor keeps a row closed that had nothing in it.
  item.id = `${node.kind}/${node.source}${waiting > 0 ? '/mail' : ''}`;
  const place = node.kind === 'mailbox' ? `${node.settings.user} · ${node.settings.host}` : node.url;
  const stands = standingWords(standing);
  item.description = [stands, place].filter((text) => text !== '').join(' · ');
  item.tooltip = [place, standing?.failure ? say(standing.failure) : stands].filter((text) => text !== '').join('\n');
  item.contextValue = node.kind === 'mailbox' ? `mailbox ${node.settings.auth}` : 'endpoint';
  item.iconPath = new vscode.ThemeIcon(node.kind === 'mailbox' ? 'inbox' : 'link', colorOf(standing));
  return item;
}

function standingWords(standing: SourceStanding | undefined): string {
  if (!standing) return '';
  const at = standing.readAt > 0 ? words.time(standing.readAt, Date.now()) : '';
  switch (standing.state) {
    case 'reading':
      return vscode.l10n.t('being read');
    case 'failed':
      return vscode.l10n.t('cannot be read');
    case 'waiting':
    case 'idle':
      return at === '' ? '' : vscode.l10n.t('read at {0}', at);
    default:
      return standing.state satisfies never;
  }
}

function colorOf(standing: SourceStanding | undefined): vscode.ThemeColor | undefined {
  if (standing?.state === 'failed') return new vscode.ThemeColor('charts.red');
  return standing?.state === 'waiting' ? new vscode.ThemeColor('charts.green') : undefined;
}
