import * as vscode from 'vscode';
import { parseSuppressionEntry } from '../../shared/suppressionEntry.ts';
import { notCancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { requireTrust } from '../sending/target.ts';

export async function addSuppression(services: HostServices): Promise<void> {
  requireTrust();
  const written = notCancelled(
    await vscode.window.showInputBox({
      title: vscode.l10n.t('Suppress'),
      prompt: vscode.l10n.t(
        'An address, a domain (example.org), or all its subdomains (*.example.org) to exclude from every campaign.',
      ),
      placeHolder: 'grace@example.org',
      ignoreFocusOut: true,
      validateInput: (value) =>
        parseSuppressionEntry(value) ? undefined : vscode.l10n.t('Enter an address or a domain.'),
    }),
  );
  const entry = notCancelled(parseSuppressionEntry(written) ?? undefined);
  const engine = await services.engine.use();
  await engine.suppress({ entries: [{ entry, reason: 'blocked', note: '', at: Date.now() }] });
  services.views.refreshSuppressions();
  vscode.window.setStatusBarMessage(vscode.l10n.t('{0} will receive no more mail.', entry), 8000);
}
