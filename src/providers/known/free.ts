import type { Provider } from '../provider.ts';
import { block, HOUR, published, slow, suppress } from '../replyRule.ts';

export const free: Provider = {
  id: 'free',
  label: 'Free',
  hosts: ['.free.fr', '.online.net', '.proxad.net'],
  signature: /postmaster\.free\.fr/i,
  domains: ['free.fr', 'freesbee.fr', 'libertysurf.fr', 'aliceadsl.fr', 'infonie.fr', 'online.fr'],
  submission: [
    {
      id: 'free',
      label: 'Free',
      host: 'smtp.free.fr',
      port: 465,
      security: 'tls',
      auth: 'password',
      imap: { host: 'imap.free.fr' },
    },
  ],
  replies: published('https://postmaster.free.fr/', '2026-11', [
    {
      code: /^4/,
      match: /too many (?:spams?|errors|mails|messages|connections)|postmaster\.free\.fr/i,
      cause: 'rateLimited',
      scope: 'path',
      act: slow(HOUR, 2),
    },
    { match: /blocked due to inactivity/i, cause: 'mailboxDisabled', scope: 'recipient', act: suppress },
    { match: /too many spams?/i, cause: 'reputation', scope: 'path', act: block },
  ]),
};
