import type { Provider } from '../provider.ts';
import { block, HOUR, published, slow, suppress } from '../replyRule.ts';

export const laposte: Provider = {
  id: 'laposte',
  label: 'La Poste',
  hosts: ['.laposte.net'],
  signature: /\bLPN\d{3}_\d/,
  domains: ['laposte.net'],
  submission: [
    {
      id: 'laposte',
      label: 'La Poste (laposte.net)',
      host: 'smtp.laposte.net',
      port: 465,
      security: 'tls',
      auth: 'password',
      imap: { host: 'imap.laposte.net' },
    },
  ],
  replies: published('https://postmaster.laposte.net/', '2026-11', [
    { code: /^4/, match: /\bLPN\d{3}_\d|too many/i, cause: 'rateLimited', scope: 'path', act: slow(HOUR, 2) },
    {
      match: /LPN\d{3}_41[68]|destinataire (?:inconnu|invalide)|utilisateur inconnu/i,
      cause: 'unknownUser',
      scope: 'recipient',
      act: suppress,
    },
    { match: /\bLPN\d{3}_5\d\d|\bLPN00[67]_|service refus/i, cause: 'blocklisted', scope: 'path', act: block },
  ]),
};
