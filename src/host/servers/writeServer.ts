import { dirname, join } from 'node:path';
import { applyEdits, modify, parse } from 'jsonc-parser';
import * as vscode from 'vscode';
import type { ServerEntry } from './serverEntry.ts';

/**
 * Adds the server to the person's own settings.json. Where the file can be found it is edited in place, so that
 * comments inside `envoi.servers` stay; otherwise the editor's own way writes it.
 */
export async function writeServer(name: string, entry: ServerEntry, context: vscode.ExtensionContext): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('envoi');
  const present = configuration.inspect<Record<string, unknown>>('servers')?.globalValue;
  if (present !== undefined && (await editInPlace(name, entry, present, context))) return;
  await configuration.update('servers', { ...plain(present), [name]: entry }, vscode.ConfigurationTarget.Global);
}

async function editInPlace(
  name: string,
  entry: ServerEntry,
  present: unknown,
  context: vscode.ExtensionContext,
): Promise<boolean> {
  const uri = vscode.Uri.file(join(dirname(dirname(context.globalStorageUri.fsPath)), 'settings.json'));
  try {
    const document = await vscode.workspace.openTextDocument(uri);
    const text = document.getText();
    const written: unknown = parse(text, [], { allowTrailingComma: true });
    const servers =
      typeof written === 'object' && written !== null && (written as Record<string, unknown>)['envoi.servers'];
    // Another profile's or another machine's file: not the one that holds.
    if (JSON.stringify(servers) !== JSON.stringify(present)) return false;
    const edits = modify(text, ['envoi.servers', name], entry, {
      formattingOptions: { insertSpaces: true, tabSize: 4, eol: text.includes('\r\n') ? '\r\n' : '\n' },
    });
    const change = new vscode.WorkspaceEdit();
    const whole = new vscode.Range(document.positionAt(0), document.positionAt(text.length));
    change.replace(uri, whole, applyEdits(text, edits));
    return (await vscode.workspace.applyEdit(change)) && (await document.save());
  } catch {
    return false;
  }
}

function plain(value: unknown): Record<string, unknown> {
  return value === undefined ? {} : JSON.parse(JSON.stringify(value));
}
