import * as vscode from 'vscode';
import { DisposableStore } from '../../shared/disposable.ts';
import type { Lists } from '../openLetter/lists.ts';
import { isPreviewView } from './fromPreview.ts';
import { PREVIEW_TYPE, PreviewPanel } from './previewPanel.ts';

interface Parts {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
}

/** All previews of the window, one a document; restored after a reload. */
export class Previews implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #parts: Parts & { lists: Lists };
  readonly #owned = new DisposableStore();
  readonly #panels = new Map<string, PreviewPanel>();

  constructor(parts: Parts, lists: Lists) {
    this.#parts = { context: parts.context, log: parts.log, lists };
    this.#owned.add(vscode.window.registerWebviewPanelSerializer(PREVIEW_TYPE, this));
    this.#owned.add(
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        for (const panel of this.#panels.values()) panel.refresh();
      }),
    );
  }

  /** Shows the preview of a document beside it, or brings the one there is to the front. */
  open(uri: vscode.Uri, column: vscode.ViewColumn = vscode.ViewColumn.Beside): PreviewPanel {
    const known = this.#panels.get(uri.toString());
    if (known) {
      known.panel.reveal(undefined, true);
      known.refresh();
      return known;
    }
    const panel = vscode.window.createWebviewPanel(PREVIEW_TYPE, '', { viewColumn: column, preserveFocus: true });
    return this.#adopt(new PreviewPanel(this.#parts, uri, panel, null));
  }

  /** The preview the person is looking at, else the one of this document. */
  active(uri?: vscode.Uri): PreviewPanel | undefined {
    const panels = [...this.#panels.values()];
    return panels.find(({ panel }) => panel.active) ?? (uri ? this.#panels.get(uri.toString()) : undefined);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    if (!isPreviewView(state) || this.#panels.has(vscode.Uri.parse(state.document).toString())) {
      panel.dispose();
      return;
    }
    this.#adopt(new PreviewPanel(this.#parts, vscode.Uri.parse(state.document), panel, state));
  }

  dispose(): void {
    this.#owned.dispose();
    for (const panel of [...this.#panels.values()]) panel.dispose();
  }

  #adopt(preview: PreviewPanel): PreviewPanel {
    const key = preview.uri.toString();
    this.#panels.set(key, preview);
    const { panel } = preview;
    const icon = (name: string) => vscode.Uri.joinPath(this.#parts.context.extensionUri, 'media', name);
    panel.iconPath = { light: icon('tabLight.svg'), dark: icon('tabDark.svg') };
    panel.onDidDispose(() => {
      if (this.#panels.get(key) === preview) this.#panels.delete(key);
      preview.dispose();
    });
    return preview;
  }
}
