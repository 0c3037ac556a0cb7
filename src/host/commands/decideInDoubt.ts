import * as vscode from 'vscode';
import { subjectWords } from '../../shared/subjectWords.ts';
import { notCancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { pickCampaign } from '../sending/pickCampaign.ts';
import { secretsForResume } from '../sending/resumeSecrets.ts';
import { requireTrust } from '../sending/target.ts';

const ANY = ['running', 'paused', 'needsAction', 'done', 'cancelled'] as const;

export async function decideInDoubt(services: HostServices, argument: unknown): Promise<void> {
  requireTrust();
  const campaign = await pickCampaign(services, argument, ANY, (item) => item.counts.inDoubt > 0);
  const engine = await services.engine.use();
  const rows = await engine.report({ campaign: campaign.id, states: ['inDoubt'], after: 0, limit: 20 });
  const names = rows.map((row) => row.address).join(', ');
  const more = campaign.counts.inDoubt - rows.length;
  const resend = { label: vscode.l10n.t('Resend'), detail: vscode.l10n.t('It may arrive twice.') };
  const leave = {
    label: vscode.l10n.t('Leave'),
    detail: vscode.l10n.t('Counted as sent, but it may never have arrived.'),
  };
  const chosen = notCancelled(
    await vscode.window.showQuickPick([resend, leave], {
      title: vscode.l10n.t('In doubt: {0}', subjectWords(campaign.subject)),
      placeHolder:
        more > 0
          ? vscode.l10n.t('The connection ended before the server answered: {0} and {1} more', names, more)
          : vscode.l10n.t('The connection ended before the server answered: {0}', names),
      ignoreFocusOut: true,
    }),
  );
  const decision = chosen === resend ? 'resend' : 'leave';
  if (decision === 'resend') await engine.provideSecrets({ secrets: await secretsForResume(services, campaign) });
  services.campaigns.put(await engine.decideInDoubt({ campaign: campaign.id, decision }));
}
