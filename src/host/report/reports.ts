import * as vscode from 'vscode';
import { DisposableStore } from '../../shared/disposable.ts';
import { isReportState } from './fromReport.ts';
import { REPORT_TYPE, type ReportDeps, ReportPanel } from './reportPanel.ts';
import { SentDocuments } from './sentDocuments.ts';

/** All reports of the window, one a campaign; restored after a reload. */
export class Reports implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #deps: ReportDeps;
  readonly #owned = new DisposableStore();
  readonly #sent = this.#owned.add(new SentDocuments());
  readonly #panels = new Map<string, ReportPanel>();

  constructor(deps: ReportDeps) {
    this.#deps = deps;
    this.#owned.add(vscode.window.registerWebviewPanelSerializer(REPORT_TYPE, this));
  }

  show(campaign: string): void {
    const known = this.#panels.get(campaign);
    if (known) known.panel.reveal();
    else this.#adopt(campaign, vscode.window.createWebviewPanel(REPORT_TYPE, '', vscode.ViewColumn.Active));
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    if (isReportState(state) && !this.#panels.has(state.campaign)) this.#adopt(state.campaign, panel);
    else panel.dispose();
  }

  dispose(): void {
    for (const report of [...this.#panels.values()]) report.dispose();
    this.#owned.dispose();
  }

  #adopt(campaign: string, panel: vscode.WebviewPanel): void {
    const report = new ReportPanel(this.#deps, this.#sent, campaign, panel);
    const icon = (name: string) => vscode.Uri.joinPath(this.#deps.context.extensionUri, 'media', name);
    panel.iconPath = { light: icon('tabLight.svg'), dark: icon('tabDark.svg') };
    this.#panels.set(campaign, report);
    panel.onDidDispose(() => {
      if (this.#panels.get(campaign) === report) this.#panels.delete(campaign);
      report.dispose();
    });
  }
}
