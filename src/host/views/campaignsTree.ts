import * as vscode from 'vscode';
import type { ReportSummary } from '../../protocol/engineApi.ts';
import { type CampaignSnapshot, type DeliveryState, failedCount, resendCount } from '../../shared/campaign.ts';
import { isCaught } from '../../shared/catcher.ts';
import { causeWords } from '../../shared/causes.ts';
import { detailWords } from '../../shared/detailText.ts';
import { subjectWords } from '../../shared/subjectWords.ts';
import type { Campaigns } from '../campaigns/campaigns.ts';
import type { EngineLink } from '../engineLink/engine.ts';
import { say, words } from '../text.ts';
import { attentionWords, campaignIcon, campaignLine } from './campaignWords.ts';

/** What a row stands for. `campaign` and `contextValue` are what the commands in place get. */
type Node =
  | { kind: 'campaign'; campaign: string }
  | { kind: 'attention'; campaign: string; text: string }
  | { kind: 'state'; campaign: string; state: DeliveryState; count: number; caught: boolean }
  | { kind: 'cause'; campaign: string; cause: ReportSummary['causes'][number] };

const SHOWN: readonly DeliveryState[] = [
  'sent',
  'sending',
  'queued',
  'deferred',
  'rejected',
  'expired',
  'inDoubt',
  'suppressed',
  'cancelled',
];
const WITH_CAUSES: readonly DeliveryState[] = ['deferred', 'rejected', 'expired'];
const REFRESH_MS = 1000;

export class CampaignsTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #campaigns: Campaigns;
  readonly #engine: EngineLink;
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  readonly #listening: vscode.Disposable;
  readonly onDidChangeTreeData = this.#changed.event;
  #timer: NodeJS.Timeout | undefined;

  constructor(campaigns: Campaigns, engine: EngineLink) {
    this.#campaigns = campaigns;
    this.#engine = engine;
    this.#listening = campaigns.onDidChange(() => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#changed.fire(undefined);
      }, REFRESH_MS);
    });
  }

  getTreeItem(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case 'campaign':
        return campaignItem(this.#campaigns.get(node.campaign), node.campaign);
      case 'attention':
        return Object.assign(new vscode.TreeItem(node.text), {
          iconPath: new vscode.ThemeIcon('info'),
          tooltip: node.text,
        });
      case 'state':
        return stateItem(node);
      case 'cause':
        return causeItem(node.cause);
      default:
        return node satisfies never;
    }
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) {
      // Opening the view asks the engine for the current state.
      await this.#engine.use();
      return this.#campaigns.all().map(({ id }) => ({ kind: 'campaign', campaign: id }));
    }
    if (node.kind === 'campaign') return this.#inside(node.campaign);
    if (node.kind !== 'state' || !WITH_CAUSES.includes(node.state)) return [];
    const engine = await this.#engine.use();
    const { causes } = await engine.summary({ campaign: node.campaign });
    return causes
      .filter((cause) => cause.state === node.state)
      .map((cause) => ({ kind: 'cause', campaign: node.campaign, cause }));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listening.dispose();
    this.#changed.dispose();
  }

  #inside(id: string): Node[] {
    const campaign = this.#campaigns.get(id);
    if (!campaign) return [];
    const now = Date.now();
    const attention = campaign.attention.map((item): Node => {
      return { kind: 'attention', campaign: id, text: attentionWords(item, now) };
    });
    const states = SHOWN.filter((state) => campaign.counts[state] > 0).map((state): Node => {
      const caught = state === 'sent' && isCaught(campaign);
      return { kind: 'state', campaign: id, state, count: campaign.counts[state], caught };
    });
    return [...attention, ...states];
  }
}

function campaignItem(campaign: CampaignSnapshot | undefined, id: string): vscode.TreeItem {
  const item = new vscode.TreeItem(id, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = id;
  if (!campaign) return item;
  item.label = subjectWords(campaign.subject) || vscode.l10n.t('(no subject)');
  item.description = campaignLine(campaign);
  item.iconPath = new vscode.ThemeIcon(campaignIcon(campaign), colourOf(campaign));
  item.contextValue = contextOf(campaign);
  item.tooltip = `${item.label}\n${campaign.document}\n${words.moment(campaign.createdAt)}\n${campaignLine(campaign)}`;
  item.command = { command: 'envoi.showReport', title: vscode.l10n.t('Show Report'), arguments: [id] };
  item.accessibilityInformation = { label: `${item.label}, ${campaignLine(campaign)}` };
  return item;
}

/** Space-separated words the menus look for: the state, and what else can be done. */
function contextOf(campaign: CampaignSnapshot): string {
  const words = ['campaign', campaign.state];
  if (campaign.counts.inDoubt > 0) words.push('inDoubt');
  if (resendCount(campaign) > 0) words.push('failed');
  return words.join(' ');
}

function colourOf(campaign: CampaignSnapshot): vscode.ThemeColor | undefined {
  if (campaign.state === 'needsAction' || campaign.counts.inDoubt > 0)
    return new vscode.ThemeColor('list.warningForeground');
  return campaign.state === 'done' && failedCount(campaign) === 0 ? new vscode.ThemeColor('charts.green') : undefined;
}

function stateItem(node: Extract<Node, { kind: 'state' }>): vscode.TreeItem {
  const state = WITH_CAUSES.includes(node.state)
    ? vscode.TreeItemCollapsibleState.Collapsed
    : vscode.TreeItemCollapsibleState.None;
  const label = node.caught ? vscode.l10n.t('Caught here') : deliveryWords(node.state);
  const item = new vscode.TreeItem(label, state);
  item.id = `${node.campaign}/${node.state}`;
  item.description = words.number(node.count);
  item.iconPath = new vscode.ThemeIcon(stateIcons[node.state]);
  return item;
}

function causeItem(cause: ReportSummary['causes'][number]): vscode.TreeItem {
  const { title, meaning, remedy } = causeWords[cause.cause];
  const where = cause.operator || cause.transport;
  const item = new vscode.TreeItem(say(title));
  item.description = where ? vscode.l10n.t('{0} at {1}', words.number(cause.count), where) : words.number(cause.count);
  item.tooltip = [say(meaning), cause.text ? `“${detailWords(cause.text, words)}”` : '', say(remedy)]
    .filter((text) => text)
    .join('\n\n');
  item.iconPath = new vscode.ThemeIcon('dash');
  return item;
}

const stateIcons: Record<DeliveryState, string> = {
  sent: 'check',
  sending: 'arrow-right',
  queued: 'ellipsis',
  deferred: 'history',
  rejected: 'error',
  expired: 'watch',
  inDoubt: 'question',
  suppressed: 'circle-slash',
  cancelled: 'circle-slash',
};

function deliveryWords(state: DeliveryState): string {
  switch (state) {
    case 'queued':
      return vscode.l10n.t('Waiting');
    case 'sending':
      return vscode.l10n.t('Being sent');
    case 'deferred':
      return vscode.l10n.t('Will be retried');
    case 'sent':
      return vscode.l10n.t('Sent');
    case 'rejected':
      return vscode.l10n.t('Rejected');
    case 'expired':
      return vscode.l10n.t('Given up');
    case 'suppressed':
      return vscode.l10n.t('Suppressed');
    case 'inDoubt':
      return vscode.l10n.t('In doubt');
    case 'cancelled':
      return vscode.l10n.t('Cancelled');
    default:
      return state satisfies never;
  }
}
