import * as vscode from 'vscode';
import type { Secrets } from './secrets.ts';

const SAID = 'envoi.lostSecretsSaid';

/** Says once, after a start, that saved passwords are gone: they were not kept as promised. */
export async function sayLostSecrets(secrets: Secrets, memory: vscode.Memento): Promise<void> {
  const lost = await secrets.lost();
  const said = memory.get<string[]>(SAID, []);
  const news = lost.filter((key) => !said.includes(key));
  if (said.some((key) => !lost.includes(key)) || news.length > 0) await memory.update(SAID, lost);
  if (news.length === 0) return;
  const set = vscode.l10n.t('Set Password…');
  const more = vscode.l10n.t('Learn More');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'The password for {0} was not saved: the editor has no keyring on this computer. Envoi asks for it when needed.',
      news.join(', '),
    ),
    set,
    more,
  );
  if (chosen === set) await vscode.commands.executeCommand('envoi.setPassword');
  else if (chosen === more)
    await vscode.commands.executeCommand('envoi.explainProblem', vscode.l10n.t('keyring'), 'places');
}
