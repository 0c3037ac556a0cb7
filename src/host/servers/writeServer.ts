import { dirname, join } from 'node:path';
import { applyEdits, type FormattingOptions, modify, parse } from 'jsonc-parser';
import * as vscode from 'vscode';
import type { ServerEntry } from './serverEntry.ts';

const SEEN_WITHIN_MS = 5_000;

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
      formattingOptions: indentationOf(text),
    });
    const change = new vscode.WorkspaceEdit();
    const whole = new vscode.Range(document.positionAt(0), document.positionAt(text.length));
    change.replace(uri, whole, applyEdits(text, edits));
    const seen = changeOf(
      () => name in plain(vscode.workspace.getConfiguration('envoi').inspect('servers')?.globalValue),
    );
    return (await vscode.workspace.applyEdit(change)) && (await document.save()) && (await seen);
  } catch {
    return false;
  }
}

/** Whether the editor has taken up what was saved; it may look at the file a moment later. */
function changeOf(isSeen: () => boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (seen: boolean) => {
      clearTimeout(timer);
      listening.dispose();
      resolve(seen);
    };
    const timer = setTimeout(() => end(isSeen()), SEEN_WITHIN_MS);
    const listening = vscode.workspace.onDidChangeConfiguration(() => {
      if (isSeen()) end(true);
    });
  });
}

/** As the file is indented already; the first indented line tells. */
function indentationOf(text: string): FormattingOptions {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '    ';
  return { insertSpaces: indent[0] === ' ', tabSize: indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' };
}

function plain(value: unknown): Record<string, unknown> {
  return value === undefined ? {} : JSON.parse(JSON.stringify(value));
}
