import type { Provider } from '../provider.ts';
import { block, full, HOUR, published, slow, suppress } from '../replyRule.ts';

export const orange: Provider = {
  id: 'orange',
  label: 'Orange',
  hosts: ['.orange.fr', '.wanadoo.fr'],
  signature: /\bOFR\d{0,3}_?\d/,
  domains: ['orange.fr', 'wanadoo.fr', 'voila.fr'],
  bulk: {
    from: 1,
    wants: ['spf', 'dkim', 'dmarc'],
    source: 'https://postmaster.orange.fr/',
    date: '2026-11-30',
  },
  inbound: {
    source: 'https://github.com/KumoCorp/kumomta (policy-extras/shaping.toml)',
    date: '2026-11-23',
    maxConnections: 2,
    maxMessagesPerConnection: 100,
    tlsRequired: true,
  },
  submission: [
    {
      id: 'orange',
      label: 'Orange',
      host: 'smtp.orange.fr',
      port: 465,
      security: 'tls',
      auth: 'password',
      imap: { host: 'imap.orange.fr' },
    },
  ],
  replies: published('https://postmaster.orange.fr/', '2026-11', [
    {
      match: /too many connections|OFR\d*_104/i,
      cause: 'tooManyConnections',
      scope: 'remote',
      act: slow(HOUR, 3),
    },
    {
      match: /OFR\d*_41[68]|\[41[68]\]|utilisateur inconnu|destinataire invalide/i,
      cause: 'unknownUser',
      scope: 'recipient',
      act: suppress,
    },
    { match: /OFR\d*_417|\[417\]|bo.{1,2}te.*pleine/i, cause: 'mailboxFull', scope: 'recipient', act: full },
    {
      match: /OFR006_\d+|OFR\d*_5(?:06|1\d)|\[5(?:06|1\d)\]|service refus|spamming issues/i,
      cause: 'blocklisted',
      scope: 'path',
      act: block,
    },
  ]),
};
