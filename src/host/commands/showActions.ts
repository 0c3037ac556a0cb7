import * as vscode from 'vscode';
import { type CampaignSnapshot, resendCount } from '../../shared/campaign.ts';
import { subjectWords } from '../../shared/subjectWords.ts';
import { notCancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { SHOW_END_MS } from '../status/statusOf.ts';
import { attentionWords, campaignIcon, campaignLine } from '../views/campaignWords.ts';
import type { CommandId } from './ids.ts';

type Action = vscode.QuickPickItem & { command?: CommandId; argument?: string };

/** What can be done now, campaign by campaign: behind the status bar. */
export async function showActions(services: HostServices): Promise<void> {
  const now = Date.now();
  const campaigns = services.campaigns
    .all()
    .filter((item) => item.finishedAt === 0 || item.counts.inDoubt > 0 || now - item.finishedAt < SHOW_END_MS)
    .slice(0, 8);
  const items: Action[] = campaigns.flatMap((campaign) => [
    { label: subjectWords(campaign.subject), kind: vscode.QuickPickItemKind.Separator },
    ...actionsOf(campaign, now),
  ]);
  items.push(
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: `$(list-tree) ${vscode.l10n.t('Show All Campaigns')}` },
    { label: `$(output) ${vscode.l10n.t('Show Log')}`, command: 'envoi.showLog' },
  );
  const chosen = notCancelled(await vscode.window.showQuickPick(items, { title: 'Envoi' }));
  if (chosen.command) await vscode.commands.executeCommand(chosen.command, chosen.argument);
  else await vscode.commands.executeCommand('envoi.campaigns.focus');
}

function actionsOf(campaign: CampaignSnapshot, now: number): Action[] {
  const action = (command: CommandId, icon: string, label: string, rest: Partial<Action> = {}): Action => ({
    label: `$(${icon}) ${label}`,
    command,
    argument: campaign.id,
    ...rest,
  });
  const [attention] = campaign.attention;
  const report = action('envoi.showReport', 'graph', vscode.l10n.t('Show Report'), {
    description: `$(${campaignIcon(campaign)}) ${campaignLine(campaign)}`,
    ...(attention ? { detail: attentionWords(attention, now) } : {}),
  });
  const pause = action('envoi.pauseCampaign', 'debug-pause', vscode.l10n.t('Pause'));
  const resume = action('envoi.resumeCampaign', 'play', vscode.l10n.t('Resume'));
  const cancel = action('envoi.cancelCampaign', 'circle-slash', vscode.l10n.t('Cancel…'));
  const doubt =
    campaign.counts.inDoubt > 0
      ? [action('envoi.decideInDoubt', 'question', vscode.l10n.t('Resolve In-Doubt Messages…'))]
      : [];
  const resend =
    resendCount(campaign) > 0 ? [action('envoi.resendFailed', 'refresh', vscode.l10n.t('Resend to Failed…'))] : [];
  switch (campaign.state) {
    case 'running':
    case 'scheduled':
      return [report, pause, cancel, ...doubt];
    case 'paused':
    case 'needsAction':
      return [report, resume, cancel, ...doubt];
    case 'done':
    case 'cancelled':
      return [report, ...doubt, ...resend];
    default:
      return campaign.state satisfies never;
  }
}
