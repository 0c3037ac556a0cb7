import * as vscode from 'vscode';
import { suppressionReasons } from '../../letter/readersBefore.ts';
import { msg, UserError } from '../../shared/errors.ts';
import { plural } from '../../shared/words.ts';
import { notCancelled } from '../errors.ts';
import type { HostServices } from '../hostServices.ts';
import { loadCompose } from '../openLetter/compose.ts';
import { requireTrust } from '../sending/target.ts';
import { say } from '../text.ts';
import { changeList } from './changeList.ts';

/** Marks or removes suppressed readers in a list. Everything else in the file stays byte for byte. */
export async function writeBack(services: HostServices, argument: unknown): Promise<void> {
  requireTrust();
  const uri = await listOf(argument);
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open?.isDirty && !(await open.save())) throw new Error('the list was not saved');
  const before = await vscode.workspace.fs.readFile(uri);
  const compose = await loadCompose();
  const reasonOf = await services.engine.through((engine) => suppressionReasons(engine));
  const file = uri.toString();
  const ways = {
    mark: await compose.writeBack(before, 'mark', reasonOf, { file }),
    remove: await compose.writeBack(before, 'remove', reasonOf, { file }),
  };
  if (!ways.mark || !ways.remove) {
    throw new UserError(
      'listBinary',
      msg('Envoi cannot write to a workbook.'),
      msg('Save it as CSV, and use that as the list.'),
      { file },
    );
  }
  const name = vscode.workspace.asRelativePath(uri);
  if (ways.remove.rows === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No address on {0} is suppressed.', name));
    return;
  }
  const items = [
    ...(ways.mark.rows > 0
      ? [
          {
            label: vscode.l10n.t('Mark Them'),
            description: say(plural('{0} row', '{0} rows', ways.mark.rows)),
            detail: vscode.l10n.t(
              'A column “envoi_status” gives the reason. The rows stay in the file and are left out when sending.',
            ),
            way: 'mark' as const,
          },
        ]
      : []),
    {
      label: vscode.l10n.t('Remove Them'),
      description: say(plural('{0} row', '{0} rows', ways.remove.rows)),
      detail: vscode.l10n.t('The rows are deleted from the file.'),
      way: 'remove' as const,
    },
  ];
  const { way } = notCancelled(
    await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Addresses on {0} that no longer get mail', name),
      placeHolder: vscode.l10n.t('The rest of the file stays as it is. You can undo this.'),
    }),
  );
  const chosen = ways[way];
  if (!chosen) return;
  await changeList(uri, before, chosen.edits, compose.withEdits(before, chosen.edits));
  const done =
    way === 'mark'
      ? plural('{0} row of {1} is marked.', '{0} rows of {1} are marked.', chosen.rows, name)
      : plural('{0} row of {1} is removed.', '{0} rows of {1} are removed.', chosen.rows, name);
  void offerUndo(uri, before, compose.withEdits(before, chosen.edits), say(done));
}

/** As long as the file has not been changed since. */
async function offerUndo(uri: vscode.Uri, before: Uint8Array, after: Uint8Array, done: string): Promise<void> {
  const undo = vscode.l10n.t('Undo');
  if ((await vscode.window.showInformationMessage(done, undo)) !== undo) return;
  const now = await vscode.workspace.fs.readFile(uri);
  if (Buffer.compare(now, after) === 0) await vscode.workspace.fs.writeFile(uri, before);
  else void vscode.window.showWarningMessage(vscode.l10n.t('The list has changed since then and was left as it is.'));
}

async function listOf(argument: unknown): Promise<vscode.Uri> {
  if (argument instanceof vscode.Uri) return argument;
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active && /\.(csv|tsv|txt)$/i.test(active.path)) return active;
  const [chosen] = notCancelled(
    await vscode.window.showOpenDialog({
      filters: { [vscode.l10n.t('Lists')]: ['csv', 'tsv', 'txt'] },
      openLabel: vscode.l10n.t('Write Back'),
    }),
  );
  return notCancelled(chosen);
}
