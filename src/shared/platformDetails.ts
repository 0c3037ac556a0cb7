import { msg } from './errors.ts';
import type { FaultDetail } from './faultDetails.ts';

const of = (text: FaultDetail['text'], ...slots: FaultDetail['slots']): FaultDetail => ({ text, slots });

/** What Node.js and the system say where they fail: their English is kept as it is, for whoever looks it up. */
export const platformDetails: readonly FaultDetail[] = [
  of(msg('connect ECONNREFUSED {0}'), 'word'),
  of(msg('connect ETIMEDOUT {0}'), 'word'),
  of(msg('connect EHOSTUNREACH {0}'), 'rest'),
  of(msg('connect ENETUNREACH {0}'), 'rest'),
  of(msg('read ECONNRESET')),
  of(msg('read ETIMEDOUT')),
  of(msg('write ECONNRESET')),
  of(msg('write EPIPE')),
  of(msg('getaddrinfo EAI_AGAIN {0}'), 'word'),
  of(msg('self-signed certificate')),
  of(msg('self-signed certificate in certificate chain')),
  of(msg('unable to verify the first certificate')),
  of(msg('unable to get local issuer certificate')),
  of(msg('certificate has expired')),
  of(msg('certificate is not yet valid')),
  of(msg("Hostname/IP does not match certificate's altnames: {0}"), 'rest'),
];
