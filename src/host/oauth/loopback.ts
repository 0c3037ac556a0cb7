import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { Cancelled } from '../errors.ts';

const WAIT_MS = 5 * 60_000;

/** Opens the sign-in page in the browser and waits, on a port of this computer only, for it to come back. */
export async function waitForCode(
  state: string,
  pageFor: (redirect: string) => string,
): Promise<{ code: string; redirect: string }> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const redirect = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const came = new Promise<string>((resolve) => {
    server.on('request', (request, response) => {
      const query = new URL(request.url ?? '/', redirect).searchParams;
      const code = query.get('code');
      const good = code !== null && query.get('state') === state;
      response.writeHead(good ? 200 : 400, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
      response.end(
        good ? vscode.l10n.t('Signed in. You can close this page.') : vscode.l10n.t('Not a sign-in answer.'),
      );
      if (good) resolve(code);
    });
  });
  try {
    const code = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Sign in in the browser'),
        cancellable: true,
      },
      async (_, token) => {
        await vscode.env.openExternal(vscode.Uri.parse(pageFor(redirect)));
        return Promise.race([came, given(token)]);
      },
    );
    return { code, redirect };
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** Rejects when the person cancels or nothing came for five minutes. */
function given(token: vscode.CancellationToken): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => reject(new Cancelled()), WAIT_MS);
    token.onCancellationRequested(() => {
      clearTimeout(timer);
      reject(new Cancelled());
    });
  });
}
