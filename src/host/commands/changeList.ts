import * as vscode from 'vscode';
import type { ByteEdit } from '../../compose/index.ts';

/** The editor does not open larger ones. */
const MOST_OPENED = 20_000_000;
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Changes a list: in the editor, so that its own Undo reverts it, where the editor preserves every other byte; else in
 * the file itself. `after` is what it must be then.
 */
export async function changeList(
  uri: vscode.Uri,
  before: Uint8Array,
  edits: readonly ByteEdit[],
  after: Uint8Array,
): Promise<void> {
  if (before.length > MOST_OPENED || !(await byEditor(uri, before, edits)))
    await vscode.workspace.fs.writeFile(uri, after);
}

/** False, and nothing changed, for another encoding than UTF-8, mixed line ends and the like. */
async function byEditor(uri: vscode.Uri, before: Uint8Array, edits: readonly ByteEdit[]): Promise<boolean> {
  const first = Buffer.from(before.subarray(0, 3)).equals(MARK) ? 3 : 0;
  const document = await vscode.workspace.openTextDocument(uri).then(
    (opened) => opened,
    () => undefined,
  );
  if (!document || Buffer.compare(Buffer.from(document.getText()), before.subarray(first)) !== 0) return false;
  const change = new vscode.WorkspaceEdit();
  let units = 0;
  let bytes = first;
  const placeOf = (at: number) => {
    units += Buffer.from(before.subarray(bytes, at)).toString().length;
    bytes = at;
    return document.positionAt(units);
  };
  for (const { start, end, text } of edits) {
    const from = placeOf(start);
    change.replace(uri, new vscode.Range(from, placeOf(end)), text);
  }
  if (!(await vscode.workspace.applyEdit(change))) return false;
  return document.save();
}
