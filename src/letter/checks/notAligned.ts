import { placeOfKey } from '../../compose/document/places.ts';
import { providerOfDomain, sendsFor } from '../../providers/lookup.ts';
import { domainOf } from '../../shared/address.ts';
import { type Finding, msg } from '../../shared/errors.ts';
import { DIRECT, transportNames } from '../../shared/settings.ts';
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
          'Only {0} itself can send for {1}: by “{2}” the letter counts as forged. Use its server, or an address in your own domain.',
          domain,
          address,
          name,
        );
        findings.push(finding('notAligned', 'warning', text, place, { domain, transport: name }));
      } else if (name === DIRECT && !settings.dkim[domain]) {
        const text = msg(
          'Direct delivery from {0} without a DKIM key: large providers refuse it. Set envoi.dkim for {0}.',
          domain,
        );
        findings.push(finding('notAligned', 'warning', text, place, { domain, transport: name }));
      }
    }
    return findings;
  },
};
