import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An OAuth client for a program on a person's computer (RFC 8252), with the provider's two addresses. */
export interface OAuthClient {
  authorizeUrl: string;
  tokenUrl: string;
  clientId: string;
  /** For a desktop client it is not a secret, but some providers require it. */
  clientSecret: string;
  scope: string;
}

export interface TokenAnswer {
  access_token: string;
  /** Seconds. */
  expires_in: number;
  refresh_token?: string;
}

/** The provider refused; `code` as in RFC 6749 4.1.2.1 and 5.2, such as "invalid_grant", or "HTTP 503". */
export class ProviderRefusal extends Error {
  readonly code: string;

  constructor(code: string, description: string) {
    super(description || code);
    this.name = 'ProviderRefusal';
    this.code = code;
  }
}

/** What the browser shows when it returns. */
export interface ReturnWords {
  done: string;
  refused: string;
  other: string;
}

const TOKEN_WAIT_MS = 30_000;

/**
 * Signs in with the system browser: authorization code with PKCE (RFC 7636), given back to a port of this computer.
 * `openPage` shows the provider's page. Throws ProviderRefusal when the person or the provider refuses, and the signal's
 * reason when it is aborted.
 */
export async function signInByCode(
  client: OAuthClient,
  user: string,
  openPage: (url: string) => PromiseLike<unknown>,
  words: ReturnWords,
  signal: AbortSignal,
): Promise<TokenAnswer> {
  const verifier = randomBytes(48).toString('base64url');
  const state = randomBytes(24).toString('base64url');
  const server = createServer();
  try {
    const redirect = await listening(server);
    const came = answerTo(server, state, words, signal);
    // Until the page is open nothing waits for the response.
    came.catch(() => {});
    const query = new URLSearchParams({
      client_id: client.clientId,
      redirect_uri: redirect,
      response_type: 'code',
      scope: client.scope,
      access_type: 'offline',
      prompt: 'consent',
      login_hint: user,
      state,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    await openPage(`${client.authorizeUrl}?${query}`);
    const code = await came;
    return await askToken(client, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirect,
      code_verifier: verifier,
    });
  } finally {
    server.close();
    server.closeIdleConnections();
  }
}

/** A new access token (RFC 6749 6). A ProviderRefusal of "invalid_grant" means that the person must sign in again. */
export function refreshed(client: OAuthClient, refreshToken: string): Promise<TokenAnswer> {
  return askToken(client, { grant_type: 'refresh_token', refresh_token: refreshToken });
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Only a request with the right state ends the waiting; any other program may connect to the port. */
function answerTo(server: Server, state: string, words: ReturnWords, signal: AbortSignal): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    server.on('request', (request, response) => {
      const { url = '' } = request;
      const query = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');
      const ours = query.get('state') === state;
      const code = ours ? query.get('code') : null;
      const error = ours ? query.get('error') : null;
      response.writeHead(code ? 200 : 400, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
      response.end(code ? words.done : error ? words.refused : words.other);
      if (code) resolve(code);
      else if (error) reject(new ProviderRefusal(error, query.get('error_description') ?? ''));
    });
  });
}

async function askToken(client: OAuthClient, parameters: Record<string, string>): Promise<TokenAnswer> {
  const response = await fetch(client.tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({ client_id: client.clientId, client_secret: client.clientSecret, ...parameters }),
    signal: AbortSignal.timeout(TOKEN_WAIT_MS),
    redirect: 'error',
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok && isTokenAnswer(answer)) return answer;
  throw new ProviderRefusal(textOf(answer, 'error') || `HTTP ${response.status}`, textOf(answer, 'error_description'));
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

function textOf(answer: unknown, key: string): string {
  const value = typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value : '';
}
