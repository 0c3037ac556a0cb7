import * as vscode from 'vscode';
import { isOver, resendCount } from '../../shared/campaign.ts';
import { msg, UserError } from '../../shared/errors.ts';
import { subjectWords } from '../../shared/subjectWords.ts';
import { Cancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { pickCampaign } from '../sending/pickCampaign.ts';
import { secretsForResume } from '../sending/resumeSecrets.ts';
import { requireTrust } from '../sending/target.ts';
import { words } from '../text.ts';

export async function resendFailed(services: HostServices, argument: unknown): Promise<void> {
  requireTrust();
  const campaign = await pickCampaign(services, argument, ['done', 'cancelled'], (item) => resendCount(item) > 0);
  const count = resendCount(campaign);
  if (count === 0) {
    throw new UserError(
      'noCampaign',
      isOver(campaign)
        ? msg('“{0}” has no recipients left that another attempt could reach.', subjectWords(campaign.subject))
        : msg('“{0}” is still running: it retries automatically.', subjectWords(campaign.subject)),
      isOver(campaign)
        ? msg('Addresses that do not exist, and readers who unsubscribed or complained, are suppressed.')
        : msg('“Resend to Failed” is available once it has finished.'),
    );
  }
  const resend = vscode.l10n.t('Resend');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Resend “{0}” to those who did not get it?', subjectWords(campaign.subject)),
    {
      modal: true,
      detail: vscode.l10n.t(
        'Recipients to try again: at most {0}. Their message was rejected for a reason that may no longer apply, expired, or was cancelled. Addresses that do not exist are suppressed and left out. Nobody who received the letter gets it again. The text sent is the one saved with the campaign.',
        words.number(count),
      ),
    },
    resend,
  );
  if (chosen !== resend) throw new Cancelled();
  const engine = await services.engine.use();
  const secrets = await secretsForResume(services, campaign);
  await engine.provideSecrets({ secrets });
  services.campaigns.put(await engine.resendFailed({ campaign: campaign.id }));
}
