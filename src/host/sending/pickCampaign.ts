import * as vscode from 'vscode';
import { type CampaignSnapshot, type CampaignState, failedCount } from '../../shared/campaign.ts';
import { msg, UserError } from '../../shared/errors.ts';
import { subjectWords } from '../../shared/subjectWords.ts';
import { notCancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { words } from '../text.ts';
import { campaignIcon, campaignLine } from '../views/campaignWords.ts';

/** The campaign a command was called with, the only one that fits, or the one a person picks. */
export async function pickCampaign(
  services: HostServices,
  argument: unknown,
  states: readonly CampaignState[],
  fits: (campaign: CampaignSnapshot) => boolean = () => true,
): Promise<CampaignSnapshot> {
  const engine = await services.engine.use();
  await services.campaigns.load(engine);
  const id = idOf(argument);
  const named = id === undefined ? undefined : services.campaigns.get(id);
  if (named) return named;
  const candidates = services.campaigns.inState(...states).filter(fits);
  const [only] = candidates;
  if (!only) {
    throw new UserError(
      'noCampaign',
      msg('No campaign is in the right state for this.'),
      msg('The Envoi view lists the campaigns.'),
    );
  }
  if (candidates.length === 1) return only;
  const items = candidates.map((campaign) => ({
    label: `$(${campaignIcon(campaign)}) ${subjectWords(campaign.subject)}`,
    description: campaignLine(campaign),
    detail: vscode.l10n.t('{0}, {1} failed', words.moment(campaign.createdAt), words.number(failedCount(campaign))),
    campaign,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Which campaign?') });
  return notCancelled(chosen).campaign;
}

/** Commands are called with an id (links, buttons), a tree item that has one, or nothing. */
function idOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  if (typeof argument !== 'object' || argument === null) return undefined;
  if ('campaign' in argument && typeof argument.campaign === 'string') return argument.campaign;
  return undefined;
}
