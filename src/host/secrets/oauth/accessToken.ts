import { oauthOf } from '../../../providers/lookup.ts';
import { msg, UserError } from '../../../shared/errors.ts';
import type { ServerSettings } from '../../../shared/settings.ts';
import { googleToken } from './google.ts';
import { microsoftToken } from './microsoft.ts';
import type { TokenRequest } from './tokenRequest.ts';

/** A fresh access token for XOAUTH2. The provider follows from the host. */
export async function accessToken(
  server: Pick<ServerSettings, 'host' | 'port' | 'user'>,
  request: TokenRequest,
): Promise<string> {
  const oauth = oauthOf(server.host);
  if (oauth?.by === 'microsoft') return microsoftToken(server, oauth, request);
  if (oauth?.by === 'google') return googleToken(server, oauth, request);
  throw new UserError(
    'oauthProvider',
    msg('Envoi cannot sign in to {0} with OAuth. It supports Microsoft and Google.', server.host),
    msg('Set the server’s auth to "password".'),
    { file: 'settings.json', key: 'envoi.servers' },
  );
}
