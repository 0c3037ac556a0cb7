import * as vscode from 'vscode';
import type { LetterSource } from '../../letter/readLetter.ts';
import { readKeyFile } from '../../shared/readKeyFile.ts';
import { readConfiguration } from '../settings.ts';
import { loadCompose } from './compose.ts';
import { documentFiles } from './documentFiles.ts';
import { WorkerMaker } from './worker/workerMaker.ts';

/** What a letter is read from, apart from its list: the editor's present text, saved or not. */
export function letterSource(
  document: vscode.TextDocument,
  context: vscode.ExtensionContext,
): Omit<LetterSource<never>, 'list' | 'purpose'> {
  const { uri } = document;
  const path = pathOf(document);
  return {
    text: document.getText(),
    path,
    settings: readConfiguration(uri, context),
    files: documentFiles(uri),
    readKeyFile,
    maker: makerOf(context),
    nameOf: (file) => (file === path ? uri : vscode.Uri.joinPath(uri, '..', file)).toString(),
  };
}

let maker: WorkerMaker | undefined;

/** One for all letters of this window. */
function makerOf(context: vscode.ExtensionContext): WorkerMaker {
  if (maker) return maker;
  const entry = vscode.Uri.joinPath(context.extensionUri, 'dist', 'letterWorker.cjs').fsPath;
  const made = new WorkerMaker(entry, async () => (await loadCompose()).makeHere);
  context.subscriptions.push(made);
  maker = made;
  return made;
}

/** The name decides Markdown or HTML; the editor's language decides where the name says nothing. */
export function pathOf(document: vscode.TextDocument): string {
  const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1) || 'letter';
  return document.languageId === 'html' && !/\.html?$/i.test(name) ? `${name}.html` : name;
}
