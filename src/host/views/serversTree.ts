import * as vscode from 'vscode';
import { submissionOf } from '../../providers/lookup.ts';
import type { LearnedLimit, TransportSnapshot } from '../../shared/campaign.ts';
import { detailWords } from '../../shared/detailText.ts';
import { rateSetting, rateText } from '../../shared/duration.ts';
import type { ServerProbe } from '../../shared/serverProbe.ts';
import {
  type ProbeSettings,
  probeNotes,
  probeRemedy,
  probeSettings,
  probeSettingsText,
  probeSummary,
} from '../../shared/serverProbeWords.ts';
import { DIRECT, type ServerSettings, secretKey } from '../../shared/settings.ts';
import type { Campaigns } from '../campaigns/campaigns.ts';
import { unfinishedStates } from '../campaigns/campaigns.ts';
import type { EngineLink } from '../engineLink/engine.ts';
import type { ReturnKeeper } from '../mailboxes/returnKeeper.ts';
import { publishedLimits } from '../servers/serviceWords.ts';
import { readConfiguration } from '../settings.ts';
import { say, words } from '../text.ts';
import { type MailNode, mailGroups, mailItem } from './mailNodes.ts';
import { type SourceNode, sourceItem, sourceNodes } from './sourceNodes.ts';

/** `server`, `limitOf`, `quota`, `probeOf` and `keep` are what the commands in place get; `quota` "" = the settings have no word for it. */
type Node =
  | { kind: 'server'; server: string; settings: ServerSettings; place: string }
  | { kind: 'direct'; place: string }
  | SourceNode
  | MailNode
  | { kind: 'line'; label: string; description: string; icon: string; tooltip?: string }
  | { kind: 'learned'; limitOf: string; quota: string; label: string; description: string; tooltip: string }
  | { kind: 'probe'; probeOf: string; keep: ProbeSettings; label: string; description: string; tooltip: string };

/** Servers with their health and what is left of their quotas, as the newest campaign that used them saw it. */
export class ServersTree implements vscode.TreeDataProvider<Node> {
  readonly #context: vscode.ExtensionContext;
  readonly #campaigns: Campaigns;
  readonly #returns: ReturnKeeper;
  readonly #engine: EngineLink;
  /** The last in-depth test of each account. */
  #probes: ReadonlyMap<string, ServerProbe> = new Map();
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  #timer: NodeJS.Timeout | undefined;

  constructor(context: vscode.ExtensionContext, campaigns: Campaigns, returns: ReturnKeeper, engine: EngineLink) {
    this.#engine = engine;
    this.#returns = returns;
    this.#context = context;
    this.#campaigns = campaigns;
    const later = () => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#changed.fire(undefined);
      }, 1000);
    };
    context.subscriptions.push(
      this.#changed,
      campaigns.onDidChange(later),
      returns.onDidChange(() => this.#changed.fire(undefined)),
      engine.onDidConnect(() => void this.refresh()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('envoi')) this.#changed.fire(undefined);
        if (event.affectsConfiguration('envoi.servers')) void this.refresh();
      }),
      { dispose: () => clearTimeout(this.#timer) },
    );
  }

  /** Asks the engine, if this window is connected to one, what in-depth tests have found. */
  async refresh(): Promise<void> {
    const { settings } = readConfiguration(undefined, this.#context);
    const accounts = Object.values(settings.servers).map(secretKey);
    const known = await this.#engine.current?.knownLimits({ accounts }).catch(() => undefined);
    if (!known) return;
    this.#probes = new Map(known.flatMap(({ account, probe }) => (probe ? [[account, probe] as const] : [])));
    this.#changed.fire(undefined);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case 'server': {
        const { host, port, user } = node.settings;
        const item = new vscode.TreeItem(node.server, vscode.TreeItemCollapsibleState.Collapsed);
        item.id = `server/${node.server}`;
        item.description = [node.place, `${host}:${port}`].filter((text) => text).join(' · ');
        item.tooltip = user ? `${user} @ ${host}:${port}` : `${host}:${port}`;
        item.contextValue = `server ${node.settings.auth}`;
        item.iconPath = this.#iconOf(node.server);
        return item;
      }
      case 'direct': {
        const item = new vscode.TreeItem(vscode.l10n.t('Direct'), vscode.TreeItemCollapsibleState.Collapsed);
        item.id = 'direct';
        item.description = [node.place, vscode.l10n.t('to the recipients’ servers')].filter((text) => text).join(' · ');
        item.iconPath = this.#iconOf(DIRECT);
        return item;
      }
      case 'mailbox':
      case 'endpoint':
        return sourceItem(
          node,
          this.#returns.standing(node.source),
          mailGroups(node.source, this.#returns.mail).length,
        );
      case 'replies':
      case 'undecided':
      case 'mail':
        return mailItem(node);
      case 'line': {
        const item = new vscode.TreeItem(node.label);
        item.description = node.description;
        item.tooltip = node.tooltip ?? `${node.label} ${node.description}`;
        item.iconPath = new vscode.ThemeIcon(node.icon);
        return item;
      }
      case 'learned': {
        const item = new vscode.TreeItem(node.label);
        item.description = node.description;
        item.tooltip = node.tooltip;
        item.iconPath = new vscode.ThemeIcon('history');
        if (node.quota !== '') item.contextValue = 'learnedLimit';
        return item;
      }
      case 'probe': {
        const item = new vscode.TreeItem(node.label);
        item.description = node.description;
        item.tooltip = node.tooltip;
        item.iconPath = new vscode.ThemeIcon('beaker');
        if (probeSettingsText(node.keep) !== '') item.contextValue = 'learnedLimit';
        return item;
      }
      default:
        return node satisfies never;
    }
  }

  getChildren(node?: Node): Node[] {
    if (node) return this.#inside(node);
    const { settings } = readConfiguration(undefined, this.#context);
    const names = Object.keys(settings.servers);
    const place = (name: string) => {
      const at = settings.route.findIndex((entry) => [entry].flat().includes(name));
      return at < 0 ? '' : at === 0 ? vscode.l10n.t('first') : vscode.l10n.t('backup');
    };
    const servers = names.map((name): Node => {
      return { kind: 'server', server: name, settings: settings.servers[name] as ServerSettings, place: place(name) };
    });
    const sources = sourceNodes(settings);
    // Without a server the welcome view says what to do.
    if (servers.length === 0) return sources.filter(({ kind }) => kind === 'mailbox');
    const direct: Node[] = settings.route.flat().includes(DIRECT) ? [{ kind: 'direct', place: place(DIRECT) }] : [];
    return [...servers, ...direct, ...sources];
  }

  #inside(node: Node): Node[] {
    if (node.kind === 'mailbox') return mailGroups(node.source, this.#returns.mail);
    if (node.kind === 'replies' || node.kind === 'undecided') return node.mails.map((mail) => ({ kind: 'mail', mail }));
    if (node.kind !== 'server' && node.kind !== 'direct') return [];
    const name = node.kind === 'direct' ? DIRECT : node.server;
    const lines: Node[] = [];
    const seen = this.#seen(name);
    if (seen) {
      lines.push({ kind: 'line', label: healthWords(seen), description: '', icon: 'pulse' });
      if (seen.lastError)
        lines.push({ kind: 'line', label: detailWords(seen.lastError, words), description: '', icon: 'warning' });
      for (const quota of seen.quota) {
        lines.push({
          kind: 'line',
          label: vscode.l10n.t('{0} left', words.number(Math.max(0, quota.count - quota.used))),
          description: vscode.l10n.t('of {0}', say(rateText(quota))),
          icon: 'dashboard',
        });
      }
    }
    if (seen?.learned) lines.push(learnedLine(node, seen.learned));
    const probe = node.kind === 'server' ? this.#probes.get(secretKey(node.settings)) : undefined;
    if (node.kind === 'server' && probe) lines.push(probeLine(node.server, node.settings, probe));
    if (node.kind === 'server' && !seen) {
      for (const window of node.settings.windows)
        lines.push({
          kind: 'line',
          label: say(rateText(window)),
          description: vscode.l10n.t('limit'),
          icon: 'dashboard',
        });
    }
    const published = node.kind === 'server' ? publishedLimits(submissionOf(node.settings.host)?.limits) : '';
    if (published)
      lines.push({ kind: 'line', label: vscode.l10n.t('Its provider allows'), description: published, icon: 'book' });
    if (lines.length === 0)
      lines.push({ kind: 'line', label: vscode.l10n.t('Not used yet'), description: '', icon: 'dash' });
    return lines;
  }

  /** How the engine saw it last: in an unfinished campaign, else in the newest that used it. */
  #seen(name: string): TransportSnapshot | undefined {
    const campaigns = this.#campaigns.all();
    const running = campaigns.filter((item) => unfinishedStates.includes(item.state));
    for (const campaign of [...running, ...campaigns]) {
      const found = campaign.transports.find((transport) => transport.name === name);
      if (found) return found;
    }
    return undefined;
  }

  #iconOf(name: string): vscode.ThemeIcon {
    const icon = name === DIRECT ? 'globe' : 'server';
    const state = this.#seen(name)?.state;
    switch (state) {
      case undefined:
        return new vscode.ThemeIcon(icon);
      case 'ready':
        return new vscode.ThemeIcon(icon, new vscode.ThemeColor('charts.green'));
      case 'resting':
      case 'limited':
        return new vscode.ThemeIcon(icon, new vscode.ThemeColor('charts.yellow'));
      case 'closed':
        return new vscode.ThemeIcon(icon, new vscode.ThemeColor('charts.red'));
      default:
        return state satisfies never;
    }
  }
}

/** What a server refused for, and the setting that keeps to it, where it is not set already. */
function learnedLine(node: Node & { kind: 'server' | 'direct' }, learned: LearnedLimit): Node {
  const { count, perMs, at, text } = learned;
  const server = node.kind === 'server' ? node : null;
  const kept = server?.settings.windows.some((window) => window.perMs === perMs && window.count <= count) ?? true;
  const quota = kept ? '' : rateSetting(learned);
  const remedy = quota
    ? vscode.l10n.t('To stay within it: {0} in envoi.servers.{1}.', `"quota": ["${quota}"]`, server?.server ?? '')
    : '';
  return {
    kind: 'learned',
    limitOf: server?.server ?? '',
    quota,
    label: vscode.l10n.t('Rejected after {0}', say(rateText({ count, perMs }))),
    description: words.day(at),
    tooltip: [text, remedy].filter((line) => line !== '').join('\n\n'),
  };
}

/** What an in-depth test found, and the settings that keep to it. */
function probeLine(server: string, settings: ServerSettings, probe: ServerProbe): Node {
  const summary = probeSummary(probe, words);
  const tooltip = [
    summary,
    ...probeNotes(probe).map(say),
    detailWords(probe.text, words),
    probeRemedy(server, settings, probe, words),
  ];
  return {
    kind: 'probe',
    probeOf: server,
    keep: probeSettings(probe, settings),
    label: summary,
    description: vscode.l10n.t('tested in depth'),
    tooltip: tooltip.filter((line) => line !== '').join('\n\n'),
  };
}

export function healthWords(transport: TransportSnapshot): string {
  const until = transport.until > 0 ? words.time(transport.until, Date.now()) : '';
  switch (transport.state) {
    case 'ready':
      return vscode.l10n.t('Ready');
    case 'resting':
      return until ? vscode.l10n.t('Pausing until {0}', until) : vscode.l10n.t('Pausing');
    case 'limited':
      return until ? vscode.l10n.t('Limit reached until {0}', until) : vscode.l10n.t('Limit reached');
    case 'closed':
      return until ? vscode.l10n.t('Unavailable. Next attempt at {0}', until) : vscode.l10n.t('Unavailable');
    default:
      return transport.state satisfies never;
  }
}
