import { createHash, randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { msg, UserError } from '../../shared/errors.ts';
import type { ServerSettings } from '../../shared/settings.ts';
import { editorSetting } from '../settings.ts';
import { waitForCode } from './loopback.ts';
import type { TokenRequest } from './tokenRequest.ts';

const AUTHORIZE = 'https://accounts.google.com/o/oauth2/v2/auth';
const TOKEN = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://mail.google.com/';
/** A token this close to its end is renewed. */
const MARGIN_MS = 60_000;

const cached = new Map<string, { token: string; until: number }>();

/**
 * With the person's own client ("Desktop app" in the Google console): system browser, loopback redirect, PKCE
 * (RFC 8252, RFC 7636). The refresh token is kept in SecretStorage, access tokens in memory only.
 */
export async function googleToken(server: Pick<ServerSettings, 'user'>, request: TokenRequest): Promise<string> {
  const known = cached.get(server.user);
  if (known && known.until - MARGIN_MS > Date.now()) return known.token;
  const clientId = editorSetting<string>('oauth.google.clientId');
  if (!clientId) throw noClient();
  const { secrets } = request.context;
  const clientSecret = (await secrets.get(secretName(clientId))) ?? (await askClientSecret(clientId, request));
  const refreshKey = `google:${clientId}:${server.user}`;
  const refreshToken = await secrets.get(refreshKey);
  if (refreshToken) {
    try {
      return remember(server.user, await exchange({ grant_type: 'refresh_token', refresh_token: refreshToken }));
    } catch (error) {
      if (!request.interactive) throw error;
      await secrets.delete(refreshKey);
    }
  }
  if (!request.interactive) throw failed(vscode.l10n.t('no sign-in was made'));
  const answer = await signIn(clientId, server.user, exchange);
  if (answer.refresh_token) await secrets.store(refreshKey, answer.refresh_token);
  return remember(server.user, answer);

  function exchange(parameters: Record<string, string>): Promise<TokenAnswer> {
    return postToken({ client_id: clientId ?? '', client_secret: clientSecret, ...parameters });
  }
}

interface TokenAnswer {
  access_token: string;
  expires_in: number;
  refresh_token?: string;
}

async function signIn(
  clientId: string,
  user: string,
  exchange: (parameters: Record<string, string>) => Promise<TokenAnswer>,
): Promise<TokenAnswer> {
  const verifier = randomBytes(48).toString('base64url');
  const state = randomBytes(24).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const { code, redirect } = await waitForCode(state, (redirectUri) => {
    const query = new URLSearchParams({
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: SCOPE,
      access_type: 'offline',
      prompt: 'consent',
      login_hint: user,
      state,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    return `${AUTHORIZE}?${query}`;
  });
  return exchange({ grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier: verifier });
}

async function postToken(parameters: Record<string, string>): Promise<TokenAnswer> {
  const response = await fetch(TOKEN, {
    method: 'POST',
    body: new URLSearchParams(parameters),
    signal: AbortSignal.timeout(30_000),
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok || !isTokenAnswer(answer)) throw failed(reasonOf(answer) || `HTTP ${response.status}`);
  return answer;
}

function isTokenAnswer(value: unknown): value is TokenAnswer {
  return (
    typeof value === 'object' &&
    value !== null &&
    'access_token' in value &&
    typeof value.access_token === 'string' &&
    'expires_in' in value &&
    typeof value.expires_in === 'number'
  );
}

function reasonOf(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null) return '';
  if ('error_description' in answer && typeof answer.error_description === 'string') return answer.error_description;
  return 'error' in answer && typeof answer.error === 'string' ? answer.error : '';
}

function remember(user: string, answer: TokenAnswer): string {
  cached.set(user, { token: answer.access_token, until: Date.now() + answer.expires_in * 1000 });
  return answer.access_token;
}

/** Google's desktop clients come with a "secret" that the token endpoint wants. */
async function askClientSecret(clientId: string, request: TokenRequest): Promise<string> {
  if (!request.interactive) throw failed(vscode.l10n.t('no sign-in was made'));
  const secret = await vscode.window.showInputBox({
    title: vscode.l10n.t('Google sign-in'),
    prompt: vscode.l10n.t('Client secret of {0}, from the Google Cloud console', clientId),
    password: true,
    ignoreFocusOut: true,
  });
  if (!secret) throw failed(vscode.l10n.t('no client secret was given'));
  await request.context.secrets.store(secretName(clientId), secret);
  return secret;
}

function secretName(clientId: string): string {
  return `googleClient:${clientId}`;
}

function noClient(): UserError {
  return new UserError(
    'oauthGoogle',
    msg('Google signs in only with an OAuth client of your own, and envoi.oauth names none.'),
    msg('Enter its id as google.clientId, or use an app password with auth "password".'),
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
