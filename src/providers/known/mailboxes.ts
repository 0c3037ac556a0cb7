import type { Provider } from '../provider.ts';
import { block, credentials, full, HOUR, identity, MINUTE, published, quota, slow, suppress } from '../replyRule.ts';

const shaping = {
  source: 'https://github.com/KumoCorp/kumomta (policy-extras/shaping.toml)',
  date: '2026-11-23',
};

/** Mailbox providers besides the largest. */
export const mailboxes: readonly Provider[] = [
  {
    id: 'icloud',
    label: 'iCloud',
    hosts: ['.icloud.com', '.me.com'],
    domains: ['icloud.com', 'me.com', 'mac.com'],
    inbound: { ...shaping, maxConnections: 10, maxMessagesPerConnection: 5 },
    submission: [
      {
        id: 'icloud',
        label: 'iCloud Mail',
        host: 'smtp.mail.me.com',
        port: 587,
        security: 'starttls',
        auth: 'password',
        limits: { source: 'https://support.apple.com/102198', date: '2026-11-25', quota: ['1000/day'] },
        hint: { kind: 'appPassword', account: 'Apple', url: 'https://account.apple.com/account/manage' },
      },
    ],
    replies: published('https://support.apple.com/102322', '2026-11', [
      { code: /^4/, match: /\[HCM1\]|\[BS02\]/i, cause: 'rateLimited', scope: 'path', act: slow(15 * MINUTE, 2) },
      { match: /user is over quota/i, cause: 'mailboxFull', scope: 'recipient', act: full },
      {
        match: /\[?CS01\]?|local policy|spamhaus|\[HM0[78]\]|not accepting connections/i,
        cause: 'reputation',
        scope: 'path',
        act: block,
      },
    ]),
  },
  {
    id: 'gmx',
    label: 'GMX and WEB.DE',
    hosts: ['.gmx.net', '.gmx.com', '.web.de', '.mail.com'],
    domains: ['gmx.*', 'web.de', 'mail.com', 'email.com'],
    inbound: { ...shaping, maxConnections: 4, maxMessagesPerConnection: 20, tlsRequired: true },
    submission: [
      { id: 'gmx', label: 'GMX', host: 'mail.gmx.net', port: 465, security: 'tls', auth: 'password' },
      { id: 'webde', label: 'WEB.DE', host: 'smtp.web.de', port: 587, security: 'starttls', auth: 'password' },
      { id: 'mailcom', label: 'mail.com', host: 'smtp.mail.com', port: 465, security: 'tls', auth: 'password' },
    ],
    replies: published('https://postmaster.gmx.net/en/error-messages', '2026-11', [
      { match: /mail send limit exceeded/i, cause: 'quota', scope: 'account', act: quota },
      {
        match: /invalid dns mx|sender address (?:is )?not allowed|sender domain/i,
        cause: 'senderNotAllowed',
        scope: 'identity',
        act: identity,
      },
      {
        code: /^4/,
        match: /too many|try again/i,
        cause: 'rateLimited',
        scope: 'path',
        act: slow(30 * MINUTE, 2),
      },
      { match: /exceeded storage|quota exceeded/i, cause: 'mailboxFull', scope: 'recipient', act: full },
      {
        code: /^550/,
        match: /mailbox unavailable|user unknown/i,
        unless: /dns|policy|\bip\b|spam|explanation/i,
        cause: 'unknownUser',
        scope: 'recipient',
        act: suppress,
      },
      {
        code: /^5/,
        match: /policy (?:restrictions?|violations?)|no smtp service|dynamic|bad dns ptr|\b(?:dns|ip)\b/i,
        cause: 'blocklisted',
        scope: 'path',
        act: block,
      },
    ]),
  },
  {
    id: 'tonline',
    label: 'T-Online',
    hosts: ['.t-online.de'],
    domains: ['t-online.de', 'magenta.de'],
    submission: [
      {
        id: 'tonline',
        label: 'T-Online',
        host: 'securesmtp.t-online.de',
        port: 465,
        security: 'tls',
        auth: 'password',
        hint: { kind: 'appPassword', account: 'Telekom' },
      },
    ],
    replies: published('https://postmaster.t-online.de/', '2026-11', [
      {
        code: /^5/,
        match: /a problem occurred|tosa@rx\.t-online\.de|bad reputation/i,
        cause: 'blocklisted',
        scope: 'path',
        act: block,
      },
    ]),
  },
  {
    id: 'proton',
    label: 'Proton Mail',
    hosts: ['.protonmail.ch', '.proton.ch', '.proton.me'],
    domains: ['proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me'],
    submission: [
      {
        id: 'proton',
        label: 'Proton Mail (SMTP token)',
        host: 'smtp.protonmail.ch',
        port: 587,
        security: 'starttls',
        auth: 'password',
        hint: { kind: 'smtpKey', page: 'IMAP/SMTP, SMTP tokens' },
      },
      {
        id: 'protonBridge',
        label: 'Proton Mail Bridge',
        host: '127.0.0.1',
        port: 1025,
        security: 'starttls',
        auth: 'password',
        hint: { kind: 'smtpKey', page: 'Proton Mail Bridge' },
      },
    ],
    replies: [],
  },
  {
    id: 'fastmail',
    label: 'Fastmail',
    hosts: ['.fastmail.com', '.messagingengine.com'],
    domains: ['fastmail.com', 'fastmail.fm'],
    submission: [
      {
        id: 'fastmail',
        label: 'Fastmail',
        host: 'smtp.fastmail.com',
        port: 465,
        security: 'tls',
        auth: 'password',
        hint: { kind: 'appPassword', account: 'Fastmail', url: 'https://app.fastmail.com/settings/security' },
      },
    ],
    replies: [],
  },
  {
    id: 'zoho',
    label: 'Zoho Mail',
    hosts: ['.zoho.com', '.zoho.eu', '.zoho.in', '.zohomail.com'],
    domains: ['zohomail.com', 'zohomail.eu'],
    submission: [
      {
        id: 'zoho',
        label: 'Zoho Mail',
        host: 'smtp.zoho.com',
        port: 465,
        security: 'tls',
        auth: 'password',
        hint: { kind: 'appPassword', account: 'Zoho', url: 'https://accounts.zoho.com/home#security/app_password' },
      },
      {
        id: 'zohoEu',
        label: 'Zoho Mail (EU)',
        host: 'smtp.zoho.eu',
        port: 465,
        security: 'tls',
        auth: 'password',
        hint: { kind: 'appPassword', account: 'Zoho', url: 'https://accounts.zoho.com/home#security/app_password' },
      },
    ],
    replies: published('https://www.zoho.com/mail/help/usage-policy.html', '2026-11', [
      {
        match: /unusual sending activity/i,
        cause: 'quota',
        scope: 'account',
        act: { do: 'next', otherwise: 'later', close: { forMs: 4 * HOUR, needsAction: false } },
      },
      {
        match: /email outgoing blocked|sender address blocked/i,
        cause: 'accountSuspended',
        scope: 'account',
        act: credentials,
      },
      { match: /relaying disallowed as/i, cause: 'senderNotAllowed', scope: 'identity', act: identity },
    ]),
  },
  {
    id: 'yandex',
    label: 'Yandex',
    hosts: ['.yandex.ru', '.yandex.net', '.yandex.com'],
    domains: ['yandex.*', 'ya.ru'],
    submission: [
      {
        id: 'yandex',
        label: 'Yandex Mail',
        host: 'smtp.yandex.com',
        port: 465,
        security: 'tls',
        auth: 'password',
        hint: { kind: 'appPassword', account: 'Yandex' },
      },
    ],
    replies: published('https://yandex.com/support/mail/', '2026-11', [
      {
        match: /policy rejection on the target address/i,
        cause: 'recipientPolicy',
        scope: 'recipient',
        act: { do: 'reject' },
      },
    ]),
  },
  {
    id: 'mailru',
    label: 'Mail.ru',
    hosts: ['.mail.ru'],
    domains: ['mail.ru', 'bk.ru', 'inbox.ru', 'list.ru'],
    submission: [],
    replies: published('https://postmaster.mail.ru/error/', '2026-11', [
      {
        code: /^550/,
        match: /message was not accepted -- invalid mailbox/i,
        cause: 'unknownUser',
        scope: 'recipient',
        act: suppress,
      },
    ]),
  },
  {
    id: 'qq',
    label: 'QQ',
    hosts: ['.qq.com'],
    domains: ['qq.com', 'foxmail.com'],
    inbound: { ...shaping, maxConnections: 4, maxMessagesPerConnection: 8 },
    submission: [],
    replies: published('https://service.mail.qq.com/', '2026-11', [
      {
        match: /mailbox unavailable or access denied|mailbox not found/i,
        cause: 'unknownUser',
        scope: 'recipient',
        act: suppress,
      },
      {
        match: /sending frequency|frequency limited|connection frequency/i,
        cause: 'rateLimited',
        scope: 'path',
        act: slow(HOUR, 2),
      },
    ]),
  },
  {
    id: 'netease',
    label: 'NetEase',
    hosts: ['.163.com', '.126.com', '.netease.com', '.yeah.net'],
    domains: ['163.com', '126.com', 'yeah.net'],
    inbound: { ...shaping, maxConnections: 4, maxMessagesPerConnection: 7 },
    submission: [],
    replies: published('https://mail.163.com/help/help_spam_16.htm', '2026-11', [
      { match: /^MI:(?:SPB|DMC|STC|CEL|NHD)|\bHL:/i, cause: 'rateLimited', scope: 'path', act: slow(HOUR, 2) },
      { match: /^(?:RP|DT|MI|NS):(?!SPB|DMC|STC|CEL|NHD)[A-Z]{3}\b/, cause: 'reputation', scope: 'path', act: block },
    ]),
  },
];
