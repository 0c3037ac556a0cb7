import * as vscode from 'vscode';
import { looksLikeNewsletter } from './looksLikeNewsletter.ts';

const LANGUAGES = new Set(['markdown', 'html']);

/**
 * Keeps the context keys that show Envoi's buttons in the title of newsletters and in the menu of their files, and nowhere
 * else: a README is Markdown too.
 */
export function followNewsletters(): vscode.Disposable {
  let shown: boolean | undefined;
  const paths = new Set<string>();
  const look = (document: vscode.TextDocument | undefined) => {
    const start = new vscode.Range(0, 0, 200, 0);
    const is =
      document !== undefined && LANGUAGES.has(document.languageId) && looksLikeNewsletter(document.getText(start));
    if (document && paths.has(document.uri.fsPath) !== is) {
      if (is) paths.add(document.uri.fsPath);
      else paths.delete(document.uri.fsPath);
      void vscode.commands.executeCommand('setContext', 'envoi.newsletters', [...paths]);
    }
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
