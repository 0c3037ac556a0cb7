import * as vscode from 'vscode';
import { notCancelled } from '../errors.ts';
import type { Parts } from '../parts.ts';

export async function forgetPassword(parts: Parts): Promise<void> {
  const keys = parts.secrets.keys();
  if (keys.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Envoi keeps no password.'));
    return;
  }
  const key = notCancelled(
    await vscode.window.showQuickPick([...keys], {
      title: vscode.l10n.t('Forget a password'),
      placeHolder: vscode.l10n.t('Kept passwords, by user and server'),
    }),
  );
  await parts.secrets.forget(key);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Password of {0} forgotten.', key), 5000);
}
