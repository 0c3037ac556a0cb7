import * as vscode from 'vscode';

const allowed = new Set(['http', 'https', 'mailto', 'tel']);

/** Opens a link of a letter, after showing its target. The text of a link can say anything. */
export async function confirmLink(written: string): Promise<void> {
  const url = written.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined || !allowed.has(scheme)) return;
  const open = vscode.l10n.t('Open');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('Open this link from the letter?'),
    { modal: true, detail: url.length > 500 ? `${url.slice(0, 500)}…` : url },
    open,
  );
  if (chosen === open) await vscode.env.openExternal(vscode.Uri.parse(url, true));
}
