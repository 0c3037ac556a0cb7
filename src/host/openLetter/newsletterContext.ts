import * as vscode from 'vscode';
import { looksLikeNewsletter } from './looksLikeNewsletter.ts';

const LANGUAGES = new Set(['markdown', 'html', 'mjml']);

/** Keeps the context key that shows Envoi's button in the editor title of newsletters, and nowhere else. */
export function followNewsletters(): vscode.Disposable {
  let shown: boolean | undefined;
  const look = (document: vscode.TextDocument | undefined) => {
    const start = new vscode.Range(0, 0, 200, 0);
    const is =
      document !== undefined && LANGUAGES.has(document.languageId) && looksLikeNewsletter(document.getText(start));
    if (is === shown) return;
    shown = is;
    void vscode.commands.executeCommand('setContext', 'envoi.isNewsletter', is);
  };
  look(vscode.window.activeTextEditor?.document);
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor((editor) => look(editor?.document)),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document !== vscode.window.activeTextEditor?.document) return;
      if (contentChanges.some((change) => change.range.start.line < 60)) look(document);
    }),
  );
}
