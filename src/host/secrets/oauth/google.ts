import * as vscode from 'vscode';
import type { OAuth } from '../../../providers/provider.ts';
import { msg, UserError } from '../../../shared/errors.ts';
import type { ServerSettings } from '../../../shared/settings.ts';
import { Cancelled } from '../../errors.ts';
import { editorSetting } from '../../settings.ts';
import { type OAuthClient, ProviderRefusal, refreshed, signInByCode, type TokenAnswer } from './codeFlow.ts';
import type { TokenRequest } from './tokenRequest.ts';

/** A token this close to its expiry is renewed: several checks of the SecretKeeper earlier. */
const MARGIN_MS = 10 * 60_000;
const WAIT_MS = 5 * 60_000;

const cached = new Map<string, { token: string; until: number }>();

/**
 * With the person's own client ("Desktop app" in the Google console). The refresh token is kept in SecretStorage, access
 * tokens in memory only.
 */
export async function googleToken(
  server: Pick<ServerSettings, 'user'>,
  oauth: Extract<OAuth, { by: 'google' }>,
  request: TokenRequest,
): Promise<string> {
  const known = cached.get(server.user);
  if (known && known.until - MARGIN_MS > Date.now()) return known.token;
  const clientId = editorSetting<string>('oauth.google.clientId');
  if (!clientId) throw noClient();
  const { secrets } = request.context;
  const client: OAuthClient = {
    authorizeUrl: oauth.authorizeUrl,
    tokenUrl: oauth.tokenUrl,
    clientId,
    clientSecret: (await secrets.get(secretName(clientId))) ?? (await askClientSecret(clientId, request)),
    scope: oauth.scope,
  };
  const refreshKey = `google:${clientId}:${server.user}`;
  try {
    const refreshToken = await secrets.get(refreshKey);
    const renewed = refreshToken ? await renew(client, refreshToken) : null;
    if (renewed) return remember(server.user, renewed);
    await secrets.delete(refreshKey);
    if (!request.interactive) throw failed(vscode.l10n.t('the sign-in was not completed'));
    const answer = await signIn(client, server.user);
    if (answer.refresh_token) await secrets.store(refreshKey, answer.refresh_token);
    return remember(server.user, answer);
  } catch (error) {
    if (error instanceof UserError || error instanceof Cancelled) throw error;
    // A mistyped client secret would be refused forever.
    if (error instanceof ProviderRefusal && /^(?:invalid|unauthorized)_client$/.test(error.code))
      await secrets.delete(secretName(clientId));
    throw failed(error instanceof Error ? error.message : String(error));
  }
}

/** Null when the sign-in has ended and must be made again. Any other failure may be temporary. */
async function renew(client: OAuthClient, refreshToken: string): Promise<TokenAnswer | null> {
  try {
    return await refreshed(client, refreshToken);
  } catch (error) {
    if (error instanceof ProviderRefusal && error.code === 'invalid_grant') return null;
    throw error;
  }
}

async function signIn(client: OAuthClient, user: string): Promise<TokenAnswer> {
  const progress = { location: vscode.ProgressLocation.Notification, cancellable: true };
  return vscode.window.withProgress(
    { ...progress, title: vscode.l10n.t('Sign in with your browser') },
    async (_, token) => {
      const given = new AbortController();
      const listening = token.onCancellationRequested(() => given.abort(new Cancelled()));
      const timer = setTimeout(() => given.abort(new Cancelled()), WAIT_MS);
      const words = {
        done: vscode.l10n.t('Signed in. You can close this page.'),
        refused: vscode.l10n.t('The sign-in was refused. You can close this page.'),
        other: vscode.l10n.t('Not a sign-in response.'),
      };
      try {
        const open = (url: string) => vscode.env.openExternal(vscode.Uri.parse(url));
        return await signInByCode(client, user, open, words, given.signal);
      } finally {
        clearTimeout(timer);
        listening.dispose();
      }
    },
  );
}

function remember(user: string, answer: TokenAnswer): string {
  cached.set(user, { token: answer.access_token, until: Date.now() + answer.expires_in * 1000 });
  return answer.access_token;
}

/** Google's desktop clients come with a "secret" that the token endpoint wants. */
async function askClientSecret(clientId: string, request: TokenRequest): Promise<string> {
  if (!request.interactive) throw failed(vscode.l10n.t('the sign-in was not completed'));
  const secret = await vscode.window.showInputBox({
    title: vscode.l10n.t('Google sign-in'),
    prompt: vscode.l10n.t('Client secret for {0}, from the Google Cloud console', clientId),
    password: true,
    ignoreFocusOut: true,
  });
  if (!secret) throw failed(vscode.l10n.t('no client secret was provided'));
  await request.context.secrets.store(secretName(clientId), secret);
  return secret;
}

function secretName(clientId: string): string {
  return `googleClient:${clientId}`;
}

function noClient(): UserError {
  return new UserError(
    'oauthGoogle',
    msg('Google requires your own OAuth client, and envoi.oauth has none.'),
    msg('Enter its client ID as google.clientId, or use an app password with auth "password".'),
    { file: 'settings.json', key: 'envoi.oauth' },
  );
}

function failed(detail: string): UserError {
  return new UserError(
    'oauthGoogle',
    msg('The Google sign-in failed: {0}.', detail),
    msg('Try again, or use an app password with auth "password".'),
  );
}
