import * as vscode from 'vscode';
import { DisposableStore } from '../../shared/disposable.ts';
import { editorSetting } from '../settings.ts';

const GUARD_MS = 200;

/** Keeps editor and preview at the same line, one direction at a time: the side that was scrolled by the other does not reply. */
export class ScrollSync implements vscode.Disposable {
  readonly #uri: vscode.Uri;
  readonly #owned = new DisposableStore();
  readonly #send: (line: number) => void;
  #quietUntil = 0;

  constructor(uri: vscode.Uri, toPage: (line: number) => void) {
    this.#uri = uri;
    this.#send = toPage;
    this.#owned.add(
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor, visibleRanges }) => {
        if (textEditor.document.uri.toString() !== uri.toString() || Date.now() < this.#quietUntil) return;
        const top = visibleRanges[0]?.start.line;
        if (top !== undefined && editorSetting<boolean>('preview.scrollSync', uri) !== false) toPage(top + 1);
      }),
    );
  }

  /** Tells the page where the editor is, before anything has been scrolled. */
  toPage(): void {
    const editor = vscode.window.visibleTextEditors.find(
      ({ document }) => document.uri.toString() === this.#uri.toString(),
    );
    const top = editor?.visibleRanges[0]?.start.line;
    if (top) this.#send(top + 1);
  }

  /** Brings a line (from 1, with its fraction) to the top of every editor that shows the document. */
  toEditor(line: number): void {
    this.#quietUntil = Date.now() + GUARD_MS;
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.toString() !== this.#uri.toString()) continue;
      const at = Math.min(editor.document.lineCount - 1, Math.max(0, Math.floor(line) - 1));
      editor.revealRange(new vscode.Range(at, 0, at, 0), vscode.TextEditorRevealType.AtTop);
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
