import * as vscode from 'vscode';
import { DisposableStore } from '../../shared/disposable.ts';
import type { LetterState } from '../openLetter/letterState.ts';

/** Calls back when a picture, layout or attachment beside the document or below it changes. */
export function watchBeside(document: vscode.Uri, changed: () => void): vscode.Disposable {
  const owned = new DisposableStore();
  const folder = vscode.Uri.joinPath(document, '..');
  const pattern = new vscode.RelativePattern(folder, '**/*.{png,jpg,jpeg,gif,svg,webp,html,htm,css,txt,pdf}');
  const watcher = owned.add(vscode.workspace.createFileSystemWatcher(pattern));
  for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete])
    owned.add(event((uri) => uri.toString() !== document.toString() && changed()));
  return owned;
}

/** Whether the letter is made of this file: its own text, its layout, its text part. */
export function isMadeOf(document: vscode.Uri, state: LetterState | undefined, uri: vscode.Uri): boolean {
  if (uri.toString() === document.toString()) return true;
  const matter = state?.view?.document.frontMatter;
  const used = [matter?.layout, matter?.text].filter(
    (path) => path !== undefined && path !== 'default' && path !== 'none',
  );
  return used.some((path) => vscode.Uri.joinPath(document, '..', path ?? '').toString() === uri.toString());
}
