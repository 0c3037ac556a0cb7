import type { Provider } from '../provider.ts';
import { block, HOUR, published, slow, suppress } from '../replyRule.ts';

export const sfr: Provider = {
  id: 'sfr',
  label: 'SFR',
  hosts: ['.sfr.fr', '.neuf.fr', '.cegetel.net', '.9online.fr', '.club-internet.fr', '.numericable.fr'],
  signature: /\bSFR_(?:IN|OUT)_\d/,
  domains: [
    'sfr.fr',
    'neuf.fr',
    'cegetel.net',
    '9online.fr',
    'club-internet.fr',
    'numericable.fr',
    'numericable.com',
    'noos.fr',
  ],
  submission: [
    {
      id: 'sfr',
      label: 'SFR',
      host: 'smtp.sfr.fr',
      port: 465,
      security: 'tls',
      auth: 'password',
      imap: { host: 'imap.sfr.fr' },
    },
  ],
  replies: published('https://assistance.sfr.fr/ (rejets SMTP)', '2026-11', [
    { code: /^4/, match: /\bSFR_IN_\d/i, cause: 'rateLimited', scope: 'path', act: slow(HOUR, 2) },
    {
      match: /destinataire (?:inconnu|invalide)|utilisateur inconnu|user unknown/i,
      cause: 'unknownUser',
      scope: 'recipient',
      act: suppress,
    },
    { match: /\bSFR_IN_\d/i, cause: 'blocklisted', scope: 'path', act: block },
  ]),
};
