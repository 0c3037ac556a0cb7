import * as vscode from 'vscode';
import type { Finding } from '../../shared/errors.ts';
import { diagnosticOf } from '../problems/problems.ts';

/** What Check Links found, until the letter is edited or closed. */
export class LinkProblems implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('envoi.links');
  readonly #listening = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) this.#collection.delete(document.uri);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#collection.delete(uri)),
  );

  show(document: vscode.Uri, findings: readonly Finding[]): void {
    this.#collection.set(document, findings.map(diagnosticOf));
  }

  dispose(): void {
    this.#listening.dispose();
    this.#collection.dispose();
  }
}
