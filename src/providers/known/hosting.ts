import type { Provider } from '../provider.ts';
import { HOUR, MINUTE, published, quota } from '../replyRule.ts';

/** Hosting companies: mailboxes for a customer's own domain, with limits meant for letters, not newsletters. */
export const hosting: readonly Provider[] = [
  {
    id: 'ovh',
    label: 'OVHcloud',
    hosts: ['.ovh.net', '.ovh.ca', '.mail.ovh.net'],
    domains: [],
    sender: {
      spf: 'mx.ovh.com',
      source: 'https://docs.ovh.com/it/domains/hosting_condiviso_il_record_spf/',
      date: '2026-11-30',
    },
    submission: [
      {
        id: 'ovh',
        label: 'OVHcloud (MX Plan)',
        host: 'ssl0.ovh.net',
        port: 465,
        security: 'tls',
        auth: 'password',
        imap: { host: 'ssl0.ovh.net' },
        limits: {
          source: 'https://help.ovhcloud.com/csm/en-email-faq',
          date: '2026-11-25',
          quota: ['200/hour'],
        },
      },
    ],
    replies: [],
  },
  {
    id: 'gandi',
    label: 'Gandi',
    hosts: ['.gandi.net'],
    domains: [],
    sender: {
      spf: '_mailcust.gandi.net',
      selectors: ['gm1', 'gm2', 'gm3'],
      source:
        'https://helpdesk.gandi.net/hc/en-us/articles/14001808469404-What-is-an-SPF-record (selectors from memory)',
      date: '2026-11-30',
    },
    submission: [
      {
        id: 'gandi',
        label: 'Gandi',
        host: 'mail.gandi.net',
        port: 465,
        security: 'tls',
        auth: 'password',
        imap: { host: 'mail.gandi.net' },
      },
    ],
    replies: [],
  },
  {
    id: 'infomaniak',
    label: 'Infomaniak',
    hosts: ['.infomaniak.com', '.infomaniak.ch'],
    domains: ['ik.me', 'ikmail.com', 'etik.com'],
    sender: {
      spf: 'spf.infomaniak.ch',
      source: 'https://www.infomaniak.com/en/support/faq/2199/manage-spf-records',
      date: '2026-11-30',
    },
    submission: [
      {
        id: 'infomaniak',
        label: 'Infomaniak',
        host: 'mail.infomaniak.com',
        port: 465,
        security: 'tls',
        auth: 'password',
        imap: { host: 'mail.infomaniak.com' },
        limits: {
          source: 'https://www.infomaniak.com/en/support/faq/2065/',
          date: '2026-11-25',
          quota: ['1440/day'],
        },
        hint: { kind: 'appPassword', account: 'Infomaniak' },
      },
      {
        id: 'infomaniakFree',
        label: 'Infomaniak (my kSuite, Starter)',
        host: 'mail.infomaniak.com',
        port: 465,
        security: 'tls',
        auth: 'password',
        limits: {
          source: 'https://www.infomaniak.com/en/support/faq/2065/',
          date: '2026-11-25',
          quota: ['500/day'],
        },
        hint: { kind: 'appPassword', account: 'Infomaniak' },
      },
    ],
    replies: [],
  },
  {
    id: 'ionos',
    label: 'IONOS',
    hosts: [
      '.ionos.com',
      '.ionos.de',
      '.ionos.fr',
      '.ionos.es',
      '.ionos.co.uk',
      '.ionos.it',
      '.1und1.de',
      '.1and1.com',
      '.1and1.fr',
      '.kundenserver.de',
      '.perfora.net',
    ],
    domains: [],
    submission: [
      {
        id: 'ionos',
        label: 'IONOS',
        host: 'smtp.ionos.com',
        port: 465,
        security: 'tls',
        auth: 'password',
        imap: { host: 'imap.ionos.com' },
      },
      {
        id: 'ionosFr',
        label: 'IONOS (France)',
        host: 'smtp.ionos.fr',
        port: 465,
        security: 'tls',
        auth: 'password',
        imap: { host: 'imap.ionos.fr' },
      },
      {
        id: 'ionosDe',
        label: 'IONOS (Deutschland)',
        host: 'smtp.ionos.de',
        port: 465,
        security: 'tls',
        auth: 'password',
        imap: { host: 'imap.ionos.de' },
      },
    ],
    replies: published('https://postmaster.ionos.com/en/error-messages', '2026-11', [
      { match: /mail send limit exceeded/i, cause: 'quota', scope: 'account', act: quota },
    ]),
  },
  {
    id: 'strato',
    label: 'STRATO',
    hosts: ['.strato.de', '.strato.com', '.rzone.de'],
    domains: [],
    submission: [
      {
        id: 'strato',
        label: 'STRATO',
        host: 'smtp.strato.de',
        port: 465,
        security: 'tls',
        auth: 'password',
        imap: { host: 'imap.strato.de' },
      },
    ],
    replies: published('https://www.strato.de/faq/mail/', '2026-11', [
      {
        via: 'relay',
        match: /transmit rate limit/i,
        cause: 'quota',
        scope: 'account',
        act: { do: 'next', otherwise: 'later', close: { forMs: 15 * MINUTE, needsAction: false } },
      },
    ]),
  },
  {
    id: 'godaddy',
    label: 'GoDaddy',
    hosts: ['.secureserver.net'],
    domains: [],
    submission: [
      {
        id: 'godaddy',
        label: 'GoDaddy Workspace Email',
        host: 'smtpout.secureserver.net',
        port: 465,
        security: 'tls',
        auth: 'password',
        limits: {
          source: 'https://www.godaddy.com/help/what-are-the-limitations-of-my-email-account-3206',
          date: '2026-11-25',
          quota: ['500/day'],
        },
      },
    ],
    replies: published('https://www.godaddy.com/help/fix-rejected-email-with-bounce-error-messages-3568', '2026-11', [
      {
        match: /too many recipients|relay quota|sending limit|\bIB(?:212|605|705)\b/i,
        cause: 'quota',
        scope: 'account',
        act: { do: 'next', otherwise: 'later', close: { forMs: HOUR, needsAction: false } },
      },
    ]),
  },
];
