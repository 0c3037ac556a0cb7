import * as vscode from 'vscode';
import type { CampaignState } from '../../shared/campaign.ts';
import type { Campaigns } from '../campaigns/campaigns.ts';
import { words } from '../text.ts';
import { attentionWords } from '../views/campaignWords.ts';
import { statusOf } from './statusOf.ts';
import { tooltipCommands, tooltipOf } from './tooltip.ts';

const EVERY_MS = 1000;
const MINUTE_MS = 60_000;

/** One item. Drawn at most once a second, and only when something changed. */
export class StatusBar implements vscode.Disposable {
  readonly #campaigns: Campaigns;
  readonly #item: vscode.StatusBarItem;
  readonly #listening: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;
  readonly #states = new Map<string, CampaignState>();
  #due = 0;
  #drawnAt = 0;
  #tooltip = '';

  constructor(campaigns: Campaigns) {
    this.#campaigns = campaigns;
    this.#item = vscode.window.createStatusBarItem('envoi.delivery', vscode.StatusBarAlignment.Left, 10);
    this.#item.name = vscode.l10n.t('Envoi Delivery');
    this.#item.command = 'envoi.showActions';
    this.#listening = campaigns.onDidChange(({ id, state }) => {
      // A change of state is drawn at once; numbers at most once a second.
      const turned = this.#states.get(id) !== state;
      this.#states.set(id, state);
      this.#drawAt(turned ? Date.now() : this.#drawnAt + EVERY_MS);
    });
    this.#draw();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listening.dispose();
    this.#item.dispose();
  }

  /** Draws once more at `at`, or earlier when that is asked for already. */
  #drawAt(at: number): void {
    if (this.#timer && this.#due <= at) return;
    clearTimeout(this.#timer);
    this.#due = at;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#draw();
      },
      Math.max(0, at - Date.now()),
    );
  }

  #draw(): void {
    const now = Date.now();
    this.#drawnAt = now;
    const status = statusOf(this.#campaigns.all(), now, words);
    const campaign = status && this.#campaigns.get(status.campaign);
    if (!status || !campaign) {
      this.#item.hide();
      return;
    }
    if (this.#item.text !== status.text) this.#item.text = status.text;
    this.#item.accessibilityInformation = { label: status.label };
    this.#item.backgroundColor = backgroundOf(status.tone);
    const attention = campaign.attention.map((item) => attentionWords(item, now));
    const tooltip = tooltipOf(campaign, now, words, attention);
    if (tooltip !== this.#tooltip) {
      this.#tooltip = tooltip;
      const markdown = new vscode.MarkdownString(tooltip, true);
      markdown.isTrusted = { enabledCommands: tooltipCommands };
      this.#item.tooltip = markdown;
    }
    this.#item.show();
    // Waiting times pass, and the end of a campaign leaves the bar, without any new snapshot.
    this.#drawAt(now + MINUTE_MS);
  }
}

function backgroundOf(tone: 'none' | 'warning' | 'error'): vscode.ThemeColor | undefined {
  switch (tone) {
    case 'none':
      return undefined;
    case 'warning':
      return new vscode.ThemeColor('statusBarItem.warningBackground');
    case 'error':
      return new vscode.ThemeColor('statusBarItem.errorBackground');
    default:
      return tone satisfies never;
  }
}
