import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { ToMailbox } from '../../protocol/mailboxMessages.ts';
import { plainBytes } from '../../protocol/plainBytes.ts';
import type { ToPreview } from '../../protocol/previewMessages.ts';
import type { ToReport } from '../../protocol/reportMessages.ts';
import { type PageHtml, pageHtml, staticHtml } from './pageHtml.ts';

export interface WebviewPage extends Pick<PageHtml, 'title' | 'strings' | 'data' | 'remoteImages'> {
  extensionUri: vscode.Uri;
  /** Name of the bundle in `dist`, without ending. */
  script: string;
}

/** The only folder a page may load from. */
export function pageRoots(extensionUri: vscode.Uri): vscode.Uri[] {
  return [vscode.Uri.joinPath(extensionUri, 'dist')];
}

export function webviewPage(webview: vscode.Webview, page: WebviewPage): string {
  const uri = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(page.extensionUri, 'dist', name)).toString();
  return pageHtml({
    ...page,
    nonce: randomBytes(18).toString('base64'),
    cspSource: webview.cspSource,
    script: uri(`${page.script}.js`),
    style: uri(`${page.script}.css`),
    language: vscode.env.language,
  });
}

/** A page that runs no script: nothing on it changes until it is rendered again. */
export function staticPage(
  webview: vscode.Webview,
  { extensionUri, style, title, body }: { extensionUri: vscode.Uri; style: string; title: string; body: string },
): string {
  const sheet = webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', `${style}.css`)).toString();
  return staticHtml({ cspSource: webview.cspSource, style: sheet, title, language: vscode.env.language, body });
}

/** The only way a message goes to a page: bytes arrive as bytes. */
export function post(webview: vscode.Webview, message: ToPreview | ToReport | ToMailbox): Thenable<boolean> {
  return webview.postMessage(plainBytes(message));
}
