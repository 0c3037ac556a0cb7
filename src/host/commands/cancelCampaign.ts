import * as vscode from 'vscode';
import { openCount } from '../../shared/campaign.ts';
import { subjectWords } from '../../shared/subjectWords.ts';
import { Cancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { pickCampaign } from '../sending/pickCampaign.ts';
import { words } from '../text.ts';

export async function cancelCampaign(services: HostServices, argument: unknown): Promise<void> {
  const campaign = await pickCampaign(services, argument, ['running', 'scheduled', 'paused', 'needsAction']);
  const open = openCount(campaign);
  const stop = vscode.l10n.t('Cancel Campaign');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Cancel “{0}”?', subjectWords(campaign.subject)),
    {
      modal: true,
      detail: vscode.l10n.t(
        'Messages already sent cannot be recalled: {0}. Recipients who would not get the letter: {1}. A cancelled campaign cannot be resumed, but “Resend to Failed” can still reach the rest.',
        words.number(campaign.counts.sent),
        words.number(open),
      ),
    },
    stop,
  );
  if (chosen !== stop) throw new Cancelled();
  const engine = await services.engine.use();
  services.campaigns.put(await engine.cancel({ campaign: campaign.id }));
}
