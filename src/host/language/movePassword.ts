import { applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser';
import * as vscode from 'vscode';
import { providerIds } from '../../providers/lookup.ts';
import { readSettingsFile } from '../../shared/settingsReader.ts';
import { Secrets } from '../secrets/secrets.ts';

export const MOVE_PASSWORD = '_envoi.movePassword';

/** Takes a password out of settings.json and into SecretStorage, keyed like every other: by host, port and user. */
export function registerMovePassword(context: vscode.ExtensionContext): vscode.Disposable {
  const secrets = new Secrets(context);
  return vscode.commands.registerCommand(MOVE_PASSWORD, async (uri: unknown, name: unknown) => {
    if (!(uri instanceof vscode.Uri) || typeof name !== 'string') return;
    const document = await vscode.workspace.openTextDocument(uri);
    const text = document.getText();
    const path = ['envoi.servers', name, 'password'];
    const tree = parseTree(text, [], { allowTrailingComma: true });
    const password: unknown = tree && findNodeAtLocation(tree, path)?.value;
    const server = readSettingsFile(text, uri.toString(), '', providerIds).settings.servers[name];
    if (typeof password !== 'string' || !server) return;
    await secrets.keep(server, password);
    const changed = applyEdits(
      text,
      modify(text, path, undefined, { formattingOptions: { insertSpaces: true, tabSize: 2 } }),
    );
    const edit = new vscode.WorkspaceEdit();
    edit.replace(uri, new vscode.Range(document.positionAt(0), document.positionAt(text.length)), changed);
    if (await vscode.workspace.applyEdit(edit)) await document.save();
    vscode.window.setStatusBarMessage(vscode.l10n.t('The password for {0} is now in the keyring.', name), 8000);
  });
}
