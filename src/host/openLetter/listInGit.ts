import { posix } from 'node:path';
import * as vscode from 'vscode';
import { inGit } from './gitApi.ts';

const TOLD = 'envoi.toldOfGit';
const KEPT = 200;

/**
 * People's addresses do not belong where everyone who clones a repository gets them. Reported once per list, when a
 * letter to it is open or it is chosen; never for one that git ignores.
 */
export class ListInGit {
  readonly #memento: vscode.Memento;
  readonly #looking = new Set<string>();

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  async look(list: vscode.Uri): Promise<void> {
    const key = list.toString();
    if (this.#looking.has(key) || this.#told().includes(key)) return;
    this.#looking.add(key);
    try {
      const found = await inGit(list);
      if (found.kind === 'tracked' || found.kind === 'untracked') await this.#tell(list, found);
    } finally {
      this.#looking.delete(key);
    }
  }

  async #tell(list: vscode.Uri, { kind, root }: { kind: 'tracked' | 'untracked'; root: vscode.Uri }): Promise<void> {
    await this.#memento.update(TOLD, [...this.#told(), list.toString()].slice(-KEPT));
    const name = posix.basename(list.path);
    const ignore = vscode.l10n.t('Add to .gitignore');
    const said =
      kind === 'tracked'
        ? vscode.l10n.t('{0} is tracked by Git: anyone who gets this repository gets its addresses too.', name)
        : vscode.l10n.t('Git does not ignore {0}: the next commit may include its addresses.', name);
    if ((await vscode.window.showWarningMessage(said, ignore)) !== ignore) return;
    await ignoreIn(root, list);
    if (kind !== 'tracked') return;
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        '{0} is now ignored, but Git still tracks it: “git rm --cached {0}” stops that. What was already committed stays in the history.',
        name,
      ),
    );
  }

  #told(): readonly string[] {
    return this.#memento.get<string[]>(TOLD, []);
  }
}

/** Adds the list to the .gitignore of the repository, where a person sees and saves it like any other change. */
async function ignoreIn(root: vscode.Uri, list: vscode.Uri): Promise<void> {
  const file = vscode.Uri.joinPath(root, '.gitignore');
  const before = await vscode.workspace.openTextDocument(file).then(
    (document) => document,
    () => null,
  );
  const edit = new vscode.WorkspaceEdit();
  const line = ignoreLine(posix.relative(root.path, list.path));
  if (!before) edit.createFile(file, { contents: new TextEncoder().encode(`${line}\n`) });
  else {
    const end = before.lineAt(before.lineCount - 1);
    edit.insert(file, end.range.end, `${end.text === '' ? '' : '\n'}${line}\n`);
  }
  await vscode.workspace.applyEdit(edit);
  const document = await vscode.workspace.openTextDocument(file);
  await document.save();
}

/** The pattern that means this file and no other. */
export function ignoreLine(path: string): string {
  return `/${path.replace(/[\\*?[\]]/g, '\\$&').replace(/ $/, '\\ ')}`;
}
