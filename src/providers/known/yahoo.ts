import type { Provider } from '../provider.ts';
import { block, content, HOUR, identity, MINUTE, malformed, published, slow, suppress } from '../replyRule.ts';

export const yahoo: Provider = {
  id: 'yahoo',
  label: 'Yahoo',
  hosts: ['.yahoodns.net', '.yahoo.com', '.aol.com'],
  domains: ['yahoo.*', 'ymail.com', 'rocketmail.com', 'aol.com'],
  bulk: {
    from: 1,
    wants: ['spf', 'dkim', 'dmarc', 'oneClick'],
    source: 'https://senders.yahooinc.com/best-practices/',
    date: '2026-11-30',
  },
  inbound: {
    source: 'https://github.com/KumoCorp/kumomta (policy-extras/shaping.toml)',
    date: '2026-11-23',
    maxMessagesPerConnection: 20,
  },
  submission: [
    {
      id: 'yahoo',
      label: 'Yahoo Mail',
      host: 'smtp.mail.yahoo.com',
      port: 465,
      security: 'tls',
      auth: 'password',
      imap: { host: 'imap.mail.yahoo.com' },
      limits: { source: 'https://help.yahoo.com/kb/SLN17518.html', date: '2026-11-25', quota: ['500/day'] },
      hint: { kind: 'appPassword', account: 'Yahoo', url: 'https://login.yahoo.com/account/security' },
    },
    {
      id: 'aol',
      label: 'AOL Mail',
      host: 'smtp.aol.com',
      port: 465,
      security: 'tls',
      auth: 'password',
      imap: { host: 'imap.aol.com' },
      hint: { kind: 'appPassword', account: 'AOL', url: 'https://login.aol.com/account/security' },
    },
  ],
  replies: published('https://senders.yahooinc.com/smtp-error-codes/', '2026-11', [
    {
      match: /\[TS03\]|permanently deferred/i,
      cause: 'blocklisted',
      scope: 'path',
      act: { do: 'next', otherwise: 'later', rest: { forMs: 4 * HOUR, connections: 1 } },
    },
    { match: /\[(?:BL2[0-9]|TSS07)\]/i, cause: 'blocklisted', scope: 'path', act: block },
    { match: /\[TSS05\]/i, cause: 'rateLimited', scope: 'path', act: slow(4 * HOUR, 2) },
    {
      match: /max(?:imum)? messages? per connection/i,
      cause: 'rateLimited',
      scope: 'remote',
      act: { do: 'later', afterMs: MINUTE, nextAfter: 3 },
    },
    {
      code: /^4/,
      match: /\[TSS04\]|\[TS0[12]\]|\[IPTS04\]|temporarily deferred|resources temporarily unavailable/i,
      cause: 'rateLimited',
      scope: 'path',
      act: slow(2 * HOUR, 2),
    },
    { code: /^554 5\.7\.9\b/, cause: 'authenticationFailed', scope: 'identity', act: identity },
    { match: /headers are not rfc compliant|\[29[01]\]/i, cause: 'malformed', scope: 'message', act: malformed },
    { match: /\[PH01\]/i, cause: 'content', scope: 'message', act: content },
    {
      match: /mailbox is disabled|554\.30|\[-20\]|no longer valid/i,
      cause: 'mailboxDisabled',
      scope: 'recipient',
      act: suppress,
    },
    {
      match: /this user doesn'?t have|\[-[59]\]|mailbox not found|user unknown/i,
      cause: 'unknownUser',
      scope: 'recipient',
      act: suppress,
    },
  ]),
};

export const yahooJapan: Provider = {
  id: 'yahooJapan',
  label: 'Yahoo Japan',
  hosts: ['.yahoo.co.jp'],
  domains: ['yahoo.co.jp', 'ybb.ne.jp'],
  inbound: {
    source: 'https://github.com/KumoCorp/kumomta (policy-extras/shaping.toml)',
    date: '2026-11-23',
    maxConnections: 2,
    maxMessagesPerConnection: 20,
    windows: [{ count: 10, perMs: 1000 }],
  },
  submission: [],
  replies: [],
};
