import * as vscode from 'vscode';
import { plural } from '../../shared/words.ts';
import { notCancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { frontMatterEdit } from '../openLetter/frontMatterEdit.ts';
import { streamOf } from '../openLetter/list.ts';
import { allowList, writtenPath } from '../openLetter/listUri.ts';
import { targetDocument } from '../sending/target.ts';
import { say } from '../text.ts';

/** Called on a CSV in the explorer it takes that list for the open document; otherwise it offers the lists it finds. */
export async function chooseRecipients(services: HostServices, argument: unknown): Promise<void> {
  const given = argument instanceof vscode.Uri && /\.(csv|tsv|txt)$/i.test(argument.path) ? argument : undefined;
  const document = await targetDocument(given ? undefined : argument);
  const list = given ?? notCancelled(await pickList(document.uri));
  const { readList } = await loadCompose();
  const { profile } = await readList([{ file: list.toString(), open: () => streamOf(list) }], {});
  await allowList(list, services.context);
  const edit = frontMatterEdit(document.getText(), 'recipients', writtenPath(document.uri, list));
  const change = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(edit.from), document.positionAt(edit.to));
  change.replace(document.uri, range, edit.text);
  await vscode.workspace.applyEdit(change);
  await vscode.window.showTextDocument(document, { preview: false });
  const fields = profile.fields.map((field) => field.name).join(', ');
  vscode.window.setStatusBarMessage(
    say(plural('{0} recipient; fields: {1}', '{0} recipients; fields: {1}', profile.count, fields)),
    8000,
  );
}

async function pickList(document: vscode.Uri): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles('**/*.{csv,tsv}', '**/node_modules/**', 200);
  // The name of an unsaved document is not shown to people.
  const near = (uri: vscode.Uri) =>
    document.scheme === 'untitled' ? vscode.workspace.asRelativePath(uri) : writtenPath(document, uri);
  const items = found
    .sort((a, b) => near(a).length - near(b).length || near(a).localeCompare(near(b)))
    .map((uri) => ({ label: `$(list-unordered) ${near(uri)}`, uri: uri as vscode.Uri | undefined }));
  const browse = { label: `$(folder-opened) ${vscode.l10n.t('Another File…')}`, uri: undefined };
  const chosen = await vscode.window.showQuickPick([...items, browse], {
    title: vscode.l10n.t('Recipients of this newsletter'),
    placeHolder: vscode.l10n.t('A CSV list with one row per recipient and the column names in its first row'),
  });
  if (chosen !== browse) return chosen?.uri;
  const opened = await vscode.window.showOpenDialog({
    defaultUri: vscode.Uri.joinPath(document, '..'),
    filters: { [vscode.l10n.t('Lists')]: ['csv', 'tsv', 'txt'] },
    openLabel: vscode.l10n.t('Use as Recipients'),
  });
  return opened?.[0];
}
