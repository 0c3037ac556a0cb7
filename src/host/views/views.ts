import * as vscode from 'vscode';
import type { Campaigns } from '../campaigns/campaigns.ts';
import type { EngineLink } from '../engineLink/engine.ts';
import type { ReturnKeeper } from '../mailboxes/returnKeeper.ts';
import { CampaignsTree } from './campaignsTree.ts';
import { ServersTree } from './serversTree.ts';
import { SuppressionsTree } from './suppressionsTree.ts';

/** The three trees behind the activity bar's icon. */
export class Views implements vscode.Disposable {
  readonly #disposables: vscode.Disposable[] = [];
  readonly #suppressions: SuppressionsTree;
  readonly #servers: ServersTree;

  constructor(context: vscode.ExtensionContext, campaigns: Campaigns, engine: EngineLink, returns: ReturnKeeper) {
    const tree = new CampaignsTree(campaigns, engine);
    this.#suppressions = new SuppressionsTree(engine);
    this.#servers = new ServersTree(context, campaigns, returns, engine);
    this.#disposables.push(
      tree,
      vscode.window.createTreeView('envoi.campaigns', { treeDataProvider: tree }),
      vscode.window.createTreeView('envoi.servers', { treeDataProvider: this.#servers }),
      vscode.window.createTreeView('envoi.suppressions', { treeDataProvider: this.#suppressions }),
      engine.onDidConnect(() => this.#suppressions.refresh()),
      returns.onDidChange(() => this.#suppressions.refresh()),
      this.#suppressions.follow(campaigns),
    );
  }

  /** A server was tested in depth. */
  refreshServers(): Promise<void> {
    return this.#servers.refresh();
  }

  refreshSuppressions(): void {
    this.#suppressions.refresh();
  }

  dispose(): void {
    for (const item of this.#disposables.splice(0)) item.dispose();
  }
}
