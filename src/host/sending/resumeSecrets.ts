import type { CampaignSnapshot } from '../../shared/campaign.ts';
import { type ServerSettings, secretKey } from '../../shared/settings.ts';
import type { HostServices } from '../hostServices.ts';
import { accessToken } from '../secrets/oauth/accessToken.ts';
import { readConfiguration } from '../settings.ts';

/**
 * What a resumed campaign may need for its sign-ins. Its servers are pinned, so missing secrets are named by key;
 * the present settings only help to name them. A refused password is asked for again.
 */
export async function secretsForResume(
  services: HostServices,
  campaign: CampaignSnapshot,
): Promise<Record<string, string>> {
  const { settings } = readConfiguration(undefined, services.context);
  const servers = Object.entries(settings.servers);
  const found = await services.credentials.stored(servers.map(([, server]) => server));
  for (const item of campaign.attention) {
    const wanted = wantedBy(item);
    if (!wanted) continue;
    const known = servers.find(
      ([name, server]) => wanted.key === secretKey(server) || (!wanted.key && name === wanted.transport),
    );
    if (known?.[1].auth === 'oauth2') {
      found[secretKey(known[1])] = await accessToken(known[1], {
        context: services.context,
        purpose: 'smtp',
        interactive: true,
      });
      continue;
    }
    const server = known?.[1] ?? serverOfKey(wanted.key);
    if (!server) continue;
    const key = secretKey(server);
    if (wanted.refused || !found[key]) found[key] = await services.secrets.ask(wanted.transport, server);
  }
  return found;
}

function wantedBy(
  item: CampaignSnapshot['attention'][number],
): { transport: string; key: string; refused: boolean } | null {
  if (item.kind === 'secretMissing') return { transport: item.transport, key: item.secretKey, refused: false };
  if (item.kind === 'transportClosed' && item.cause === 'credentials')
    return { transport: item.transport, key: '', refused: true };
  return null;
}

/** Splits `user@host:port`. */
function serverOfKey(key: string): Pick<ServerSettings, 'host' | 'port' | 'user'> | null {
  const match = /^(.*)@([^@]+):(\d+)$/.exec(key);
  return match ? { user: match[1] ?? '', host: match[2] ?? '', port: Number(match[3]) } : null;
}
