import { placeOfKey } from '../../compose/document/places.ts';
import { providerOfDomain, providerOfHost, sendsFor } from '../../providers/lookup.ts';
import { domainOf } from '../../shared/address.ts';
import { type Finding, msg } from '../../shared/errors.ts';
import { DIRECT, transportNames } from '../../shared/settings.ts';
import { dkimKeyFor } from '../../shared/signing.ts';
import { type Advice, finding } from './check.ts';
import { senderAddress } from './senderAddress.ts';

/** DMARC asks for a signature or an SPF record in the domain of the From address (RFC 9989). */
export const notAligned: Advice = {
  code: 'notAligned',
  check(input) {
    const { document, settings } = input;
    const address = senderAddress(input);
    const domain = domainOf(address).toLowerCase();
    if (domain === '') return [];
    const place = placeOfKey(document, 'from');
    const transports = transportNames(settings);
    const provider = providerOfDomain(domain);
    const findings: Finding[] = [];
    for (const name of transports) {
      const host = settings.servers[name]?.host.toLowerCase();
      if (provider && (name === DIRECT || (host !== undefined && !sendsFor(provider, host)))) {
        const text = msg(
          'Only {0} itself can send for {1}: via “{2}” the letter counts as forged. Use its server, or an address in your own domain.',
          domain,
          address,
          name,
        );
        findings.push(finding('notAligned', 'warning', text, place, { domain, transport: name }));
      } else if (name === DIRECT && !dkimKeyFor(settings.dkim, address)) {
        const text = msg(
          'Mail sent directly from {0} has no DKIM signature: large providers reject it. Set envoi.dkim for {0}.',
          domain,
        );
        findings.push(finding('notAligned', 'warning', text, place, { domain, transport: name }));
      }
    }
    const count = input.list?.count ?? 0;
    if (findings.length === 0 && count >= BULK && !dkimKeyFor(settings.dkim, address) && !provider) {
      const signs = transports.some((name) => knownToSign(settings.servers[name]?.host ?? ''));
      const text = msg(
        'There is no DKIM signature for a list of {0}: Gmail, Yahoo and Microsoft reject that much unsigned mail. Create a key with “Envoi: Set Up DKIM…” or {1}.',
        count,
        'envoi dkim init',
      );
      if (!signs) findings.push(finding('notAligned', 'warning', text, place, { domain, transport: '' }));
    }
    return findings;
  },
};

/** From so many a day on, large providers treat a sender as a bulk sender. */
const BULK = 5_000;

function knownToSign(host: string): boolean {
  const provider = providerOfHost(host);
  return provider?.signs !== undefined || provider?.sender?.selectors !== undefined;
}
