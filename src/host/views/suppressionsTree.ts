import * as vscode from 'vscode';
import type { EngineApi, Suppression } from '../../protocol/engineApi.ts';
import type { Campaigns } from '../campaigns/campaigns.ts';
import type { EngineLink } from '../engineLink/engine.ts';
import { words } from '../text.ts';

type Reason = Suppression['reason'];

type Node =
  | { kind: 'reason'; reason: Reason; count: number }
  | { kind: 'entry'; suppression: string; item: Suppression }
  | { kind: 'more'; reason: Reason; after: string };

/** In the order in which they are shown. */
const REASONS: readonly Reason[] = ['unsubscribed', 'complained', 'bounced', 'blocked'];
const PAGE = 500;

/** Addresses and domains that get nothing, by reason, page by page. */
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
    switch (node.kind) {
      case 'reason': {
        const group = new vscode.TreeItem(reasonWords(node.reason), vscode.TreeItemCollapsibleState.Expanded);
        group.id = `reason/${node.reason}`;
        group.description = words.number(node.count);
        return group;
      }
      case 'more':
        return new vscode.TreeItem(vscode.l10n.t('More…'), vscode.TreeItemCollapsibleState.Collapsed);
      case 'entry':
        return entryItem(node.item);
      default:
        return node satisfies never;
    }
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node?.kind === 'entry') return [];
    const engine = await this.#engine.use();
    if (!node) {
      const counts = await engine.suppressionCounts();
      const groups = REASONS.flatMap((reason): Node[] =>
        counts[reason] > 0 ? [{ kind: 'reason', reason, count: counts[reason] }] : [],
      );
      void vscode.commands.executeCommand('setContext', 'envoi.hasSuppressions', groups.length > 0);
      return groups;
    }
    const { reason } = node;
    const after = node.kind === 'more' ? node.after : '';
    const page = await engine.suppressions({ after, limit: PAGE, reason });
    const rows = page.map((item): Node => ({ kind: 'entry', suppression: item.entry, item }));
    const last = page.at(-1);
    return last && page.length === PAGE ? [...rows, { kind: 'more', reason, after: last.entry }] : rows;
  }
}

function entryItem(item: Suppression): vscode.TreeItem {
  const row = new vscode.TreeItem(item.entry);
  row.id = item.entry;
  row.description = item.at > 0 ? words.day(item.at) : '';
  row.tooltip = [reasonWords(item.reason), item.note, item.at > 0 ? words.moment(item.at) : '']
    .filter((text) => text)
    .join('\n');
  row.contextValue = 'suppression';
  row.iconPath = new vscode.ThemeIcon(item.entry.includes('@') ? 'mail' : 'globe');
  return row;
}

function reasonWords(reason: Reason): string {
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
export async function announceSuppressions(engine: EngineApi): Promise<void> {
  const page = await engine.suppressions({ after: '', limit: 1 }).catch(() => []);
  await vscode.commands.executeCommand('setContext', 'envoi.hasSuppressions', page.length > 0);
}
