import { providerOfHost, signsItself } from '../providers/lookup.ts';
import type { Provider } from '../providers/provider.ts';
import { domainOf } from '../shared/address.ts';
import type { SenderQuestion } from '../shared/evidence.ts';
import { DIRECT, type DkimSettings, transportNames } from '../shared/settings.ts';
import { dkimKeyFor } from '../shared/signing.ts';

/** A route of the mail, with what matters for authenticating the sender. */
export interface MailRoute {
  /** "direct", or the server's name. */
  name: string;
  direct: boolean;
  host: string;
  provider: Provider | undefined;
  /** Domain of MAIL FROM, which SPF checks; "" = the provider uses its own. */
  envelope: string;
  /** Whose DKIM signature its messages carry. */
  signs: 'ours' | 'provider' | 'nobody';
}

/** The sender, as far as the settings tell. */
export interface Sender {
  from: string;
  domain: string;
  ways: readonly MailRoute[];
  /** Our own key for the From address. */
  key: { domain: string; entry: DkimSettings } | null;
}

export function senderOf({ from, settings }: SenderQuestion): Sender {
  const domain = domainOf(from).toLowerCase();
  const key = dkimKeyFor(settings.dkim, from);
  const ways = transportNames(settings).flatMap((name): MailRoute[] => {
    if (name === DIRECT) {
      const envelope = envelopeDomain(settings.direct.returnPath, domain);
      return [{ name, direct: true, host: '', provider: undefined, envelope, signs: key ? 'ours' : 'nobody' }];
    }
    const server = settings.servers[name];
    if (!server) return [];
    const provider = providerOfHost(server.host);
    const own = server.dkim === 'own' || (server.dkim === 'auto' && !signsItself(server.host));
    return [
      {
        name,
        direct: false,
        host: server.host,
        provider,
        envelope: provider?.sender?.ownEnvelope ? '' : envelopeDomain(server.returnPath, domain),
        signs: own && key ? 'ours' : provider?.signs || provider?.sender?.selectors ? 'provider' : 'nobody',
      },
    ];
  });
  return { from, domain, ways, key };
}

/** A return path may contain a mark of the reader: its domain is the same for all. */
function envelopeDomain(returnPath: string, fallback: string): string {
  return returnPath === '' ? fallback : domainOf(returnPath.replace(/[<>]/g, '')).trim().toLowerCase();
}
