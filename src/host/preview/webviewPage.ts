import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

export interface WebviewPage {
  extensionUri: vscode.Uri;
  /** Name of the bundle in `dist`, without ending. */
  script: string;
  title: string;
  strings: object;
  data: Record<string, string>;
  /** Lets images in from the web; off by default, as a picture can tell its sender that it was looked at. */
  remoteImages: boolean;
}

/** The only folder a page may load from. */
export function pageRoots(extensionUri: vscode.Uri): vscode.Uri[] {
  return [vscode.Uri.joinPath(extensionUri, 'dist')];
}

/** A page that may run its own script and nothing else. Frames inside inherit the policy. */
export function webviewPage(webview: vscode.Webview, page: WebviewPage): string {
  const nonce = randomBytes(18).toString('base64');
  const uri = (name: string) =>
    quote(webview.asWebviewUri(vscode.Uri.joinPath(page.extensionUri, 'dist', name)).toString());
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    `img-src data: blob:${page.remoteImages ? ' https:' : ''}`,
    `font-src 'none'`,
    `form-action 'none'`,
    `base-uri 'none'`,
  ].join('; ');
  const data = Object.entries(page.data).map(([name, value]) => ` data-${name}="${quote(value)}"`);
  return `<!DOCTYPE html>
<html lang="${quote(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${quote(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${quote(page.title)}</title>
<link rel="stylesheet" href="${uri(`${page.script}.css`)}">
</head>
<body data-strings="${quote(JSON.stringify(page.strings))}"${data.join('')}>
<script nonce="${nonce}" src="${uri(`${page.script}.js`)}"></script>
</body>
</html>`;
}

function quote(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
