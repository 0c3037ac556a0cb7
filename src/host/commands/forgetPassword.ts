import * as vscode from 'vscode';
import { notCancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';

export async function forgetPassword(services: HostServices): Promise<void> {
  const keys = services.secrets.keys();
  if (keys.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Envoi has no saved passwords.'));
    return;
  }
  const key = notCancelled(
    await vscode.window.showQuickPick([...keys], {
      title: vscode.l10n.t('Forget a password'),
      placeHolder: vscode.l10n.t('Saved passwords, by user and server'),
    }),
  );
  await services.secrets.forget(key);
  vscode.window.setStatusBarMessage(vscode.l10n.t('The password for {0} was deleted.', key), 5000);
}
