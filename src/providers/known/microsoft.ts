import type { OAuth, Provider } from '../provider.ts';
import { block, credentials, full, HOUR, identity, MINUTE, published, reject, slow, suppress } from '../replyRule.ts';

const source = 'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online';
const date = '2026-11';
const oauth: OAuth = {
  by: 'microsoft',
  scopes: {
    smtp: ['https://outlook.office.com/SMTP.Send', 'offline_access'],
    imap: ['https://outlook.office.com/IMAP.AccessAsUser.All', 'offline_access'],
  },
};
const inbound = {
  source: 'https://github.com/KumoCorp/kumomta (policy-extras/shaping.toml)',
  date: '2026-11-23',
  maxConnections: 5,
  maxMessagesPerConnection: 50,
};

/** Consumer mailboxes, tenants and submission use the same replies. */
const replies = [
  ...published(source, date, [
    {
      code: /^432/,
      match: /thread limit|concurrent connections?|4\.3\.2|storedrv/i,
      cause: 'tooManyConnections',
      scope: 'account',
      act: { do: 'later', afterMs: MINUTE, rest: { forMs: MINUTE, connections: 1 } },
    },
    {
      match:
        /submissionquota|message rate limit|daily limit for message recipients|outbound recipients? (?:rate )?limit|recipient rate limit/i,
      unless: /recipient'?s per hour/i,
      cause: 'quota',
      scope: 'account',
      act: { do: 'next', otherwise: 'later', close: { forMs: 4 * HOUR, needsAction: false } },
    },
    {
      code: /^5\d\d 5\.(?:1\.90|7\.23[23])/,
      cause: 'quota',
      scope: 'account',
      act: { do: 'next', otherwise: 'later', close: { forMs: 4 * HOUR, needsAction: false } },
    },
    {
      code: /^5\d\d 5\.7\.(?:705|708|750)\b/,
      cause: 'quota',
      scope: 'account',
      act: { do: 'next', otherwise: 'later', close: { forMs: 4 * HOUR, needsAction: true } },
    },
    { code: /^53[045] /, cause: 'credentials', scope: 'account', act: credentials },
    {
      code: /^5\d\d 5\.7\.(?:139|57|3)\b/,
      match: /auth/i,
      cause: 'credentials',
      scope: 'account',
      act: credentials,
    },
    { match: /sendasdenied/i, cause: 'relayDenied', scope: 'identity', act: identity },
    { code: /^5\d\d 5\.7\.60\b/, cause: 'relayDenied', scope: 'identity', act: identity },
    { code: /^550 5\.7\.(?:515|509|23)\b/, cause: 'authenticationFailed', scope: 'identity', act: identity },
    { code: /^550 5\.7\.513/, cause: 'recipientPolicy', scope: 'path', act: block },
    {
      match: /\bbanned sending ip\b|\bS31(?:40|50)\b|\b(?:OU|SC|DY)-00[1-4]\b|block list/i,
      cause: 'blocklisted',
      scope: 'path',
      act: block,
    },
    {
      code: /^550 5\.7\.(?:51[12]?|6(?:0[6-9]|[1-4]\d))\b/,
      cause: 'blocklisted',
      scope: 'path',
      act: block,
    },
    {
      match: /\bRP-00[123]\b|server busy/i,
      cause: 'rateLimited',
      scope: 'path',
      act: slow(90 * MINUTE, 2),
    },
    {
      code: /^4\d\d 4\.7\.(?:65[01]|500|8[5-9]\d)\b/,
      cause: 'rateLimited',
      scope: 'path',
      act: slow(90 * MINUTE, 2),
    },
    {
      match:
        /sender not (?:authenticated for (?:group|mailbox|recipient)|in allowed-?senders)|sendernotauthenticatedfor/i,
      cause: 'recipientPolicy',
      scope: 'recipient',
      act: reject,
    },
    {
      code: /^5\d\d 5\.7\.(?:133|134|136|124|507)\b/,
      cause: 'recipientPolicy',
      scope: 'recipient',
      act: reject,
    },
    {
      match: /recipientlimit|recipient.{0,60}(?:hourly|rate|per hour).{0,20}limit/i,
      cause: 'recipientRate',
      scope: 'recipient',
      act: { do: 'later', afterMs: HOUR, maxTries: 3 },
    },
    { match: /quotaexceeded|mailbox ?full/i, cause: 'mailboxFull', scope: 'recipient', act: full },
    {
      match: /recip(?:ient)?notfound|not found by smtp address lookup/i,
      cause: 'unknownUser',
      scope: 'recipient',
      act: suppress,
    },
    {
      code: /^550 5\.4\.1/,
      match: /recipient address rejected: access denied/i,
      cause: 'unknownUser',
      scope: 'recipient',
      act: suppress,
    },
    {
      code: /^550 5\.5\.0/,
      match: /mailbox unavailable/i,
      cause: 'unknownUser',
      scope: 'recipient',
      act: suppress,
    },
    { code: /^550 5\.1\.10\b/, cause: 'unknownUser', scope: 'recipient', act: suppress },
  ]),
];

export const outlook: Provider = {
  id: 'outlook',
  label: 'Outlook.com',
  hosts: ['.olc.protection.outlook.com', '.outlook.com', '.hotmail.com', '.live.com'],
  domains: ['outlook.*', 'hotmail.*', 'live.*', 'msn.*'],
  bulk: {
    from: 5000,
    wants: ['spf', 'dkim', 'dmarc'],
    source: 'https://techcommunity.microsoft.com/blog/microsoftdefenderforoffice365blog/4399730',
    date: '2026-11-30',
  },
  kin: ['microsoft365'],
  inbound,
  submission: [
    {
      id: 'outlook',
      label: 'Outlook.com, Hotmail',
      host: 'smtp-mail.outlook.com',
      port: 587,
      security: 'starttls',
      auth: 'oauth2',
      imap: { host: 'outlook.office365.com' },
      limits: {
        source: 'https://support.microsoft.com/office/sending-limits-in-outlook-com',
        date: '2026-11-23',
        quota: ['300/day'],
      },
      hint: { kind: 'oauthOnly' },
    },
  ],
  oauth,
  replies,
};

export const microsoft365: Provider = {
  id: 'microsoft365',
  label: 'Microsoft 365',
  hosts: [
    '.mail.protection.outlook.com',
    '.mx.microsoft',
    '.office365.com',
    '.office.com',
    '.mail.protection.office365.us',
  ],
  signature: /\.(?:protection|prod)\.outlook\.com\b/i,
  domains: [],
  sender: {
    spf: 'spf.protection.outlook.com',
    selectors: ['selector1', 'selector2'],
    source:
      'from memory, to be compared with https://learn.microsoft.com/defender-office-365/email-authentication-spf-configure',
    date: '2026-11-30',
  },
  inbound,
  submission: [
    {
      id: 'exchangeOnline',
      label: 'Microsoft 365 (Exchange Online)',
      host: 'smtp.office365.com',
      port: 587,
      security: 'starttls',
      auth: 'oauth2',
      imap: { host: 'outlook.office365.com' },
      limits: {
        source:
          'https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits',
        date: '2026-11-23',
        maxConnections: 3,
        rate: '30/minute',
        quota: ['10000/day'],
      },
      hint: { kind: 'basicAuthEnds' },
    },
  ],
  oauth,
  replies,
};
