import { allProviders } from './all.ts';
import type { OAuth, Provider, Submission } from './provider.ts';

/** Keys of `envoi.domainRoutes` other than domains. */
export const providerIds: readonly string[] = allProviders.map(({ id }) => id);

/** By the name of an MX host or relay; the most specific ending wins. */
export function providerOfHost(host: string): Provider | undefined {
  const name = `.${normal(host)}`;
  let best: Provider | undefined;
  let length = 0;
  for (const provider of allProviders) {
    for (const end of provider.hosts) {
      if (end.length > length && name.endsWith(end.startsWith('.') ? end : `.${end}`)) {
        best = provider;
        length = end.length;
      }
    }
  }
  return best;
}

/** By the host that replied, else by a signature in the reply's text. */
export function providerOfReply(host: string, text: string): Provider | undefined {
  return providerOfHost(host) ?? allProviders.find((provider) => provider.signature?.test(text));
}

export function providerOfId(id: string): Provider | undefined {
  return allProviders.find((provider) => provider.id === id);
}

/** Domains as written in the data, with the place of their provider: of several the first counts. */
const wholeDomains = new Map<string, number>();
/** Those of any ending, `yahoo.`. */
const startsOfDomains: [start: string, place: number][] = [];
for (const [place, { domains }] of allProviders.entries())
  for (const domain of domains)
    if (domain.endsWith('.*')) startsOfDomains.push([domain.slice(0, -1), place]);
    else if (!wholeDomains.has(domain)) wholeDomains.set(domain, place);

/** The provider of a domain's mailboxes. */
export function providerOfDomain(domain: string): Provider | undefined {
  const name = normal(domain);
  let first = wholeDomains.get(name) ?? Number.POSITIVE_INFINITY;
  for (const [start, place] of startsOfDomains) if (place < first && name.startsWith(start)) first = place;
  return allProviders[first];
}

/** Whether a server sends for a provider's own mailboxes. */
export function sendsFor(provider: Provider, host: string): boolean {
  const own = provider.submission.some((submission) => submission.host === normal(host));
  const by = providerOfHost(host)?.id;
  return own || (by !== undefined && (by === provider.id || (provider.kin ?? []).includes(by)));
}

/** Whether the server signs and breaks our signature: then `dkim` is "provider" if nothing else is set. */
export function signsItself(host: string): boolean {
  return providerOfHost(host)?.signs !== undefined;
}

/** Whether mail via this server carries the signature of `envoi.dkim`. */
export function takesOurSignature({
  host,
  dkim = 'auto',
}: {
  host: string;
  dkim?: 'auto' | 'own' | 'provider';
}): boolean {
  return dkim === 'own' || (dkim === 'auto' && !signsItself(host));
}

export function oauthOf(host: string): OAuth | undefined {
  return providerOfHost(host)?.oauth;
}

export const submissions: readonly Submission[] = allProviders.flatMap(({ submission }) => submission);

/** The known server of a host, for suggesting limits when a person enters it. */
export function submissionOf(host: string): Submission | undefined {
  const name = normal(host);
  return submissions.find((submission) => submission.host === name);
}

function normal(name: string): string {
  return name.trim().toLowerCase().replace(/\.$/, '');
}
