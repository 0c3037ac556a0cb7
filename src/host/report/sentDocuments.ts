import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { ReportSummary } from '../../protocol/engineApi.ts';
import { uriOf } from '../errors.ts';

const SCHEME = 'envoi-sent';

/** Documents as they were sent: read-only, and for comparison with the present file. */
export class SentDocuments implements vscode.Disposable, vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  async show(summary: ReportSummary): Promise<void> {
    await vscode.window.showTextDocument(this.#keep(summary), { preview: true });
  }

  async compare(summary: ReportSummary): Promise<void> {
    const today = uriOf(summary.document.path);
    const title = vscode.l10n.t('{0}: as sent and today', posix.basename(today.path));
    await vscode.commands.executeCommand('vscode.diff', this.#keep(summary), today, title);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#texts.clear();
  }

  #keep({ snapshot, document }: ReportSummary): vscode.Uri {
    const path = `/${snapshot.id}/${posix.basename(uriOf(document.path).path)}`;
    const uri = vscode.Uri.from({ scheme: SCHEME, path });
    this.#texts.set(uri.toString(), document.text);
    return uri;
  }
}
