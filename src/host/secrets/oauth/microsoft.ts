import * as vscode from 'vscode';
import type { OAuth } from '../../../providers/provider.ts';
import { msg, UserError } from '../../../shared/errors.ts';
import type { ServerSettings } from '../../../shared/settings.ts';
import { editorSetting } from '../../settings.ts';
import type { TokenRequest } from './tokenRequest.ts';

/** Through the editor's own Microsoft account; it keeps and refreshes the token. */
export async function microsoftToken(
  server: Pick<ServerSettings, 'user'>,
  oauth: Extract<OAuth, { by: 'microsoft' }>,
  { interactive, purpose }: TokenRequest,
): Promise<string> {
  const client = editorSetting<string>('oauth.microsoft.clientId');
  const tenant = editorSetting<string>('oauth.microsoft.tenant');
  const scopes = [
    ...oauth.scopes[purpose],
    ...(client ? [`VSCODE_CLIENT_ID:${client}`] : []),
    `VSCODE_TENANT:${tenant || 'common'}`,
  ];
  const accounts = await vscode.authentication.getAccounts('microsoft').then(
    (found) => found,
    () => [],
  );
  const account = accounts.find(({ label }) => label.toLowerCase() === server.user.toLowerCase());
  try {
    const session = await vscode.authentication.getSession('microsoft', scopes, {
      ...(interactive ? { createIfNone: true } : { silent: true }),
      ...(account ? { account } : {}),
    });
    if (session) return session.accessToken;
  } catch (error) {
    throw signIn(server.user, error instanceof Error ? error.message : String(error));
  }
  throw signIn(server.user, vscode.l10n.t('the sign-in was not completed'));
}

function signIn(user: string, detail: string): UserError {
  return new UserError(
    'oauthMicrosoft',
    msg('The Microsoft sign-in for {0} failed: {1}.', user, detail),
    msg(
      'Try again. An administrator may have to allow SMTP.Send or IMAP.AccessAsUser.All, or provide an application ID for envoi.oauth.',
    ),
    { file: 'settings.json', key: 'envoi.oauth' },
  );
}
