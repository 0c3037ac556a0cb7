import * as vscode from 'vscode';
import { DisposableStore } from '../../shared/disposable.ts';
import { isNewsletter } from '../language/newsletterDocument.ts';
import type { Lists } from '../openLetter/lists.ts';
import { isPreviewView } from './fromPreview.ts';
import { PREVIEW_TYPE, PreviewPanel } from './previewPanel.ts';

interface Deps {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
}

/**
 * All previews of the window; restored after a reload. One follows the active letter; locked ones
 * keep theirs.
 */
export class Previews implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #deps: Deps & { lists: Lists };
  readonly #owned = new DisposableStore();
  readonly #panels = new Set<PreviewPanel>();

  constructor(deps: Deps, lists: Lists) {
    this.#deps = { context: deps.context, log: deps.log, lists };
    this.#owned.add(vscode.window.registerWebviewPanelSerializer(PREVIEW_TYPE, this));
    this.#owned.add(
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        for (const panel of this.#panels) panel.refresh();
      }),
    );
    this.#owned.add(vscode.window.onDidChangeActiveTextEditor((editor) => editor && this.#turnTo(editor.document)));
    this.#owned.add(vscode.workspace.onDidRenameFiles(({ files }) => this.#rename(files)));
  }

  /** Shows the preview of a document next to it, or brings the existing one to the front. */
  open(uri: vscode.Uri, column: vscode.ViewColumn = besideColumn()): PreviewPanel {
    const known = this.#of(uri) ?? this.#following();
    if (known) {
      known.panel.reveal(undefined, true);
      known.show(uri);
      return known;
    }
    const panel = vscode.window.createWebviewPanel(PREVIEW_TYPE, '', { viewColumn: column, preserveFocus: true });
    return this.#adopt(new PreviewPanel(this.#deps, uri, panel, null));
  }

  /** The preview the person is looking at, else the one of this document. */
  active(uri?: vscode.Uri): PreviewPanel | undefined {
    return [...this.#panels].find(({ panel }) => panel.active) ?? (uri ? this.#of(uri) : undefined);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    if (!isPreviewView(state) || this.#of(vscode.Uri.parse(state.document))) {
      panel.dispose();
      return;
    }
    this.#adopt(new PreviewPanel(this.#deps, vscode.Uri.parse(state.document), panel, state));
  }

  dispose(): void {
    this.#owned.dispose();
    for (const panel of [...this.#panels]) panel.dispose();
  }

  #of(uri: vscode.Uri): PreviewPanel | undefined {
    return [...this.#panels].find((panel) => panel.uri.toString() === uri.toString());
  }

  #following(): PreviewPanel | undefined {
    return [...this.#panels].find(({ locked }) => !locked);
  }

  /** The one that follows switches to the letter the person has turned to. */
  #turnTo(document: vscode.TextDocument): void {
    if (!isNewsletter(document) || this.#of(document.uri)) return;
    this.#following()?.show(document.uri);
  }

  #rename(files: readonly { oldUri: vscode.Uri; newUri: vscode.Uri }[]): void {
    for (const panel of this.#panels)
      for (const { oldUri, newUri } of files) {
        const shown = panel.uri.toString();
        const rest = shown === oldUri.toString() ? '' : shown.slice(oldUri.toString().length);
        if (!shown.startsWith(oldUri.toString()) || (rest !== '' && !rest.startsWith('/'))) continue;
        panel.show(vscode.Uri.parse(newUri.toString() + rest));
      }
  }

  #adopt(preview: PreviewPanel): PreviewPanel {
    this.#panels.add(preview);
    const { panel } = preview;
    const icon = (name: string) => vscode.Uri.joinPath(this.#deps.context.extensionUri, 'media', name);
    panel.iconPath = { light: icon('tabLight.svg'), dark: icon('tabDark.svg') };
    panel.onDidDispose(() => {
      this.#panels.delete(preview);
      preview.dispose();
    });
    return preview;
  }
}

/** The existing column next to it; a new one only when there is none. */
function besideColumn(): vscode.ViewColumn {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  if (all.length < 2) return vscode.ViewColumn.Beside;
  const after = all.find(({ viewColumn }) => viewColumn > activeTabGroup.viewColumn);
  return (after ?? all[0] ?? activeTabGroup).viewColumn;
}
