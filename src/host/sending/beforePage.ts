import * as vscode from 'vscode';

const SCHEME = 'envoi-before';

/**
 * The page “Before You Send”, shown as the editor shows Markdown. There is one, locked to its own text: it neither follows
 * the person into another document nor opens a second time, and each question to send writes it anew.
 */
export class BeforePage implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registered: vscode.Disposable;
  #text = '';

  constructor() {
    this.#registered = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: this.#changed.event,
      // What an earlier window showed is not true any more.
      provideTextDocumentContent: () =>
        this.#text ||
        `# ${vscode.l10n.t('Before You Send')}\n\n${vscode.l10n.t('Send Newsletter… writes this page.')}\n`,
    });
  }

  async show(text: string): Promise<void> {
    this.#text = text;
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${vscode.l10n.t('Before You Send')}.md` });
    this.#changed.fire(uri);
    await vscode.commands.executeCommand('markdown.showPreview', uri, [uri], { locked: true });
    // A page that is open already is only brought to the front by that.
    await vscode.commands.executeCommand('markdown.preview.refresh');
  }

  dispose(): void {
    this.#registered.dispose();
    this.#changed.dispose();
  }
}
