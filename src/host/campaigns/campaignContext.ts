import * as vscode from 'vscode';
import { type CampaignSnapshot, isOver, resendCount } from '../../shared/campaign.ts';
import type { Campaigns } from './campaigns.ts';

/** Context keys for the palette: Pause is offered only while something runs. */
const keys: Record<string, (campaigns: readonly CampaignSnapshot[]) => boolean> = {
  'envoi.hasCampaigns': (all) => all.length > 0,
  'envoi.canPause': (all) => all.some(({ state }) => state === 'running' || state === 'scheduled'),
  'envoi.canResume': (all) => all.some(({ state }) => state === 'paused' || state === 'needsAction'),
  'envoi.canCancel': (all) => all.some((campaign) => !isOver(campaign)),
  'envoi.hasInDoubt': (all) => all.some(({ counts }) => counts.inDoubt > 0),
  'envoi.hasFailed': (all) => all.some((campaign) => resendCount(campaign) > 0),
};

export function followCampaigns(campaigns: Campaigns): vscode.Disposable {
  const shown = new Map<string, boolean>();
  const look = () => {
    const all = campaigns.all();
    for (const [key, test] of Object.entries(keys)) {
      const value = test(all);
      if (shown.get(key) === value) continue;
      shown.set(key, value);
      void vscode.commands.executeCommand('setContext', key, value);
    }
  };
  return campaigns.onDidChange(look);
}
