import * as vscode from 'vscode';
import { deletionText } from '../../letter/plan/deletion.ts';
import type { EngineApi } from '../../protocol/engineApi.ts';
import type { FromReport, ReportAction, ToReport } from '../../protocol/reportMessages.ts';
import type { CampaignSnapshot } from '../../shared/campaign.ts';
import { DisposableStore } from '../../shared/disposable.ts';
import { UserError } from '../../shared/errors.ts';
import { subjectWords } from '../../shared/subjectWords.ts';
import { plural } from '../../shared/words.ts';
import type { Campaigns } from '../campaigns/campaigns.ts';
import type { EngineLink } from '../engineLink/engine.ts';
import { openPlace, showError, uriOf } from '../errors.ts';
import { Throttle } from '../pages/throttle.ts';
import { pageRoots, post, webviewPage } from '../pages/webviewPage.ts';
import { say } from '../text.ts';
import { exportCsv } from './exportCsv.ts';
import { isFromReport } from './fromReport.ts';
import { reportStrings } from './reportStrings.ts';
import { filterStates, listsOfCampaign, reportAttempt, reportLine, reportView } from './reportView.ts';
import type { SentDocuments } from './sentDocuments.ts';

export const REPORT_TYPE = 'envoi.report';
const REFRESH_MS = 1000;
const PAGE = 100;

export interface ReportDeps {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  engine: EngineLink;
  campaigns: Campaigns;
}

const commands: Partial<Record<ReportAction, string>> = {
  pause: 'envoi.pauseCampaign',
  resume: 'envoi.resumeCampaign',
  cancel: 'envoi.cancelCampaign',
  resendFailed: 'envoi.resendFailed',
  decideInDoubt: 'envoi.decideInDoubt',
};

/** One campaign's report. It queries the engine again when the campaign has changed, at most once a second. */
export class ReportPanel implements vscode.Disposable {
  readonly campaign: string;
  readonly panel: vscode.WebviewPanel;
  readonly #deps: ReportDeps;
  readonly #sent: SentDocuments;
  readonly #owned = new DisposableStore();
  readonly #refresh: Throttle;
  #ready = false;

  constructor(deps: ReportDeps, sent: SentDocuments, campaign: string, panel: vscode.WebviewPanel) {
    this.#deps = deps;
    this.#sent = sent;
    this.campaign = campaign;
    this.panel = panel;
    this.#refresh = this.#owned.add(new Throttle(REFRESH_MS, (isCurrent) => this.#show(isCurrent)));
    panel.title = vscode.l10n.t('Report');
    panel.webview.options = {
      enableScripts: true,
      enableForms: false,
      localResourceRoots: pageRoots(deps.context.extensionUri),
    };
    this.#owned.add(panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)));
    this.#owned.add(deps.campaigns.onDidChange(({ id }) => id === campaign && this.#refresh.request()));
    this.#owned.add(deps.engine.onDidReturn(() => this.#refresh.request()));
    this.#owned.add(panel.onDidChangeViewState(() => panel.visible && this.#refresh.request()));
    panel.webview.html = webviewPage(panel.webview, {
      extensionUri: deps.context.extensionUri,
      script: 'report',
      title: panel.title,
      strings: reportStrings(),
      data: { campaign },
      remoteImages: false,
    });
  }

  dispose(): void {
    this.#owned.dispose();
    this.panel.dispose();
  }

  #send(message: ToReport): void {
    if (this.#ready) void post(this.panel.webview, message);
  }

  #receive(message: unknown): void {
    if (!isFromReport(message)) return;
    this.#handle(message).catch((error: unknown) => this.#fail(error));
  }

  async #handle(message: FromReport): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#refresh.request();
        return;
      case 'query': {
        const engine = await this.#engine();
        const { filter, search, after } = message;
        const rows = await engine.report({
          campaign: this.campaign,
          states: filterStates[filter],
          ...(search.trim() ? { search: search.trim() } : {}),
          after,
          limit: PAGE,
        });
        const now = Date.now();
        const lists = listsOfCampaign(await engine.get({ campaign: this.campaign }));
        this.#send({
          type: 'rows',
          query: message.query,
          after,
          rows: rows.map((row) => reportLine(row, lists, now)),
          more: rows.length === PAGE,
        });
        return;
      }
      case 'attempts': {
        const attempts = await (await this.#engine()).attempts({ campaign: this.campaign, id: message.id });
        const now = Date.now();
        this.#send({
          type: 'attempts',
          id: message.id,
          attempts: attempts.map((attempt) => reportAttempt(attempt, now)),
        });
        return;
      }
      case 'act':
        await this.#act(message.action).catch((error: unknown) => showError(error, this.#deps.log));
        return;
      case 'openLine': {
        const snapshot = this.#deps.campaigns.get(this.campaign);
        const list = snapshot && listsOfCampaign(snapshot)[message.list];
        if (list) await openPlace({ file: uriOf(list).toString(), line: message.line });
        return;
      }
      default:
        message satisfies never;
    }
  }

  async #act(action: ReportAction): Promise<void> {
    const command = commands[action];
    if (command) {
      await vscode.commands.executeCommand(command, this.campaign);
      this.#refresh.request();
      return;
    }
    const engine = await this.#engine();
    const summary = await engine.summary({ campaign: this.campaign });
    if (action === 'delete') await this.#delete(engine, summary.snapshot);
    else if (action === 'showSent') await this.#sent.show(summary);
    else if (action === 'compare') await this.#sent.compare(summary);
    else if (action === 'exportCsv') {
      const count = await exportCsv(engine, this.campaign, subjectWords(summary.snapshot.subject));
      vscode.window.setStatusBarMessage(say(plural('{0} row exported.', '{0} rows exported.', count)), 5000);
    }
  }

  async #delete(engine: EngineApi, snapshot: CampaignSnapshot): Promise<void> {
    const { question, goes } = deletionText(snapshot, Date.now());
    const button = vscode.l10n.t('Delete');
    const options = { modal: true, detail: goes.map(say).join('\n') };
    if ((await vscode.window.showWarningMessage(say(question), options, button)) !== button) return;
    await engine.remove({ campaign: this.campaign });
    this.panel.dispose();
    this.#deps.campaigns.remove(this.campaign);
  }

  #engine(): Promise<EngineApi> {
    return this.#deps.engine.use();
  }

  async #show(isCurrent: () => boolean): Promise<void> {
    if (!this.#ready || !this.panel.visible) return;
    try {
      const summary = await (await this.#engine()).summary({ campaign: this.campaign });
      if (!isCurrent()) return;
      this.panel.title = vscode.l10n.t('Report: {0}', subjectWords(summary.snapshot.subject).slice(0, 40));
      this.#send({ type: 'report', report: reportView(summary, Date.now()) });
    } catch (error) {
      if (isCurrent()) this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (error instanceof UserError) {
      this.#send({ type: 'failure', text: `${say(error.what)} ${say(error.remedy)}`.trim() });
      return;
    }
    this.#deps.log.error(error instanceof Error ? error : String(error));
    this.#send({
      type: 'failure',
      text: vscode.l10n.t('The report could not be read: {0}', error instanceof Error ? error.message : String(error)),
    });
  }
}
