import * as vscode from 'vscode';
import type { EngineApi, Suppression } from '../../protocol/engineApi.ts';
import type { Campaigns } from '../campaigns/campaigns.ts';
import type { EngineLink } from '../engineLink/engine.ts';
import { words } from '../text.ts';

type Node = { kind: 'entry'; suppression: string; item: Suppression } | { kind: 'more'; after: string };

const PAGE = 500;

/** Addresses and domains that get nothing, page by page. */
export class SuppressionsTree implements vscode.TreeDataProvider<Node> {
  readonly #engine: EngineLink;
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  #timer: NodeJS.Timeout | undefined;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(engine: EngineLink) {
    this.#engine = engine;
  }

  /** Bounces add entries while a campaign goes on: looked at again when there are more of them. */
  follow(campaigns: Campaigns): vscode.Disposable {
    let seen = 0;
    return campaigns.onDidChange(() => {
      const bounced = campaigns.all().reduce((sum, { counts }) => sum + counts.rejected + counts.suppressed, 0);
      if (bounced === seen) return;
      seen = bounced;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.refresh(), 1000);
    });
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node.kind === 'more')
      return new vscode.TreeItem(vscode.l10n.t('More…'), vscode.TreeItemCollapsibleState.Collapsed);
    const { item } = node;
    const row = new vscode.TreeItem(item.entry);
    row.id = item.entry;
    row.description = reasonWords(item.reason);
    row.tooltip = [reasonWords(item.reason), item.note, words.moment(item.at)].filter((text) => text).join('\n');
    row.contextValue = 'suppression';
    row.iconPath = new vscode.ThemeIcon(item.entry.includes('@') ? 'mail' : 'globe');
    return row;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node?.kind === 'entry') return [];
    const engine = await this.#engine.use();
    const page = await engine.suppressions({ after: node?.after ?? '', limit: PAGE });
    if (!node) void vscode.commands.executeCommand('setContext', 'envoi.hasSuppressions', page.length > 0);
    const rows = page.map((item): Node => ({ kind: 'entry', suppression: item.entry, item }));
    const last = page.at(-1);
    return last && page.length === PAGE ? [...rows, { kind: 'more', after: last.entry }] : rows;
  }
}

function reasonWords(reason: Suppression['reason']): string {
  switch (reason) {
    case 'unsubscribed':
      return vscode.l10n.t('unsubscribed');
    case 'bounced':
      return vscode.l10n.t('no such mailbox');
    case 'complained':
      return vscode.l10n.t('complained');
    case 'blocked':
      return vscode.l10n.t('blocked by you');
    default:
      return reason satisfies never;
  }
}

/** Tells the palette whether there is anything to remove. */
export async function tellSuppressions(engine: EngineApi): Promise<void> {
  const page = await engine.suppressions({ after: '', limit: 1 }).catch(() => []);
  await vscode.commands.executeCommand('setContext', 'envoi.hasSuppressions', page.length > 0);
}
