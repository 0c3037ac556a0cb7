import * as vscode from 'vscode';
import { msg, UserError } from '../../shared/errors.ts';

const LANGUAGES = new Set(['markdown', 'html', 'mjml']);

/** The document a command is about: the one it was called on, else the one in the active editor. */
export async function targetDocument(argument: unknown): Promise<vscode.TextDocument> {
  if (argument instanceof vscode.Uri) return vscode.workspace.openTextDocument(argument);
  const active = vscode.window.activeTextEditor?.document;
  if (active && LANGUAGES.has(active.languageId)) return active;
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (tab instanceof vscode.TabInputText && /\.(md|markdown|html?|mjml)$/i.test(tab.uri.path))
    return vscode.workspace.openTextDocument(tab.uri);
  const visible = vscode.window.visibleTextEditors.find((editor) => LANGUAGES.has(editor.document.languageId));
  if (visible) return visible.document;
  throw new UserError(
    'noDocument',
    msg('No newsletter is open.'),
    msg('Open a Markdown or HTML document, or use “Envoi: New Newsletter…”.'),
  );
}

/** Restricted Mode shows and checks, but sends nothing; a command may be called although it is hidden. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new UserError(
    'untrusted',
    msg('Envoi sends nothing from a workspace in Restricted Mode.'),
    msg('Use “Workspaces: Manage Workspace Trust” if you trust its authors.'),
  );
}
