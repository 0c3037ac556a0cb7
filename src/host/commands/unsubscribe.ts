import * as vscode from 'vscode';
import { parseAddress } from '../../shared/address.ts';
import { tokenIn } from '../../shared/unsubscribeToken.ts';
import { notCancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { requireTrust } from '../sending/target.ts';
import { words } from '../text.ts';

/** Unsubscribes somebody who asked for it in some other way: by their address, or by the link of their letter. */
export async function unsubscribe(services: HostServices): Promise<void> {
  requireTrust();
  const written = notCancelled(
    await vscode.window.showInputBox({
      title: vscode.l10n.t('Unsubscribe'),
      prompt: vscode.l10n.t(
        'The address of the person who wants to unsubscribe, or the unsubscribe link from their message.',
      ),
      placeHolder: 'grace@example.org',
      ignoreFocusOut: true,
      validateInput: (value) =>
        tokenIn(value.trim()) || parseAddress(value.trim()).ok
          ? undefined
          : vscode.l10n.t('Enter an address, or paste the whole link.'),
    }),
  ).trim();
  const engine = await services.engine.use();
  const token = tokenIn(written);
  const at = Date.now();
  if (!token) {
    await engine.suppress({ entries: [{ entry: written, reason: 'unsubscribed', note: '', at }] });
    services.views.refreshSuppressions();
    return said(vscode.l10n.t('{0} is unsubscribed and will receive no more mail.', written));
  }
  const { left } = await engine.unsubscribe({ tokens: [{ token, at }] });
  services.views.refreshSuppressions();
  const [gone] = left;
  if (!gone) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t('This link does not belong to any letter sent from this computer in the last 180 days.'),
    );
    return;
  }
  const letter = services.campaigns.get(gone.campaign);
  said(
    letter
      ? vscode.l10n.t(
          '{0} is unsubscribed with the link from “{1}” ({2}).',
          gone.address,
          letter.subject,
          words.day(letter.createdAt),
        )
      : vscode.l10n.t('{0} is unsubscribed and will receive no more mail.', gone.address),
  );
}

function said(sentence: string): void {
  void vscode.window.showInformationMessage(sentence);
}
