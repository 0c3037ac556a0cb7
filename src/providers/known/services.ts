import type { Provider, Submission } from '../provider.ts';
import { credentials, HOUR, identity, MINUTE, published, quota } from '../replyRule.ts';

const key = (page: string): Pick<Submission, 'port' | 'security' | 'auth' | 'hint'> => ({
  port: 587,
  security: 'starttls',
  auth: 'password',
  hint: { kind: 'smtpKey', page },
});

/** Services that send for others. They know each From domain, and some replace our signature with their own. */
export const services: readonly Provider[] = [
  {
    id: 'ses',
    label: 'Amazon SES',
    hosts: ['.amazonaws.com', '.amazonses.com'],
    domains: [],
    sender: {
      spf: 'amazonses.com',
      source:
        'from memory, to be compared with https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-spf.html',
      date: '2026-11-30',
    },
    submission: ['eu-west-1', 'eu-west-3', 'eu-central-1', 'us-east-1'].map((region) => ({
      id: `ses-${region}`,
      label: `Amazon SES (${region})`,
      host: `email-smtp.${region}.amazonaws.com`,
      ...key('SMTP settings'),
    })),
    signs: {
      why: 'It replaces Message-ID and Date and adds Feedback-ID, so a signature over them is broken.',
      source: 'https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dkim-manual.html',
      date: '2026-11-25',
    },
    replies: published('https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-smtp.html', '2026-11', [
      {
        match: /throttling failure: maximum sending rate/i,
        cause: 'rateLimited',
        scope: 'path',
        act: { do: 'later', afterMs: MINUTE, nextAfter: 3, rest: { forMs: 2_000 } },
      },
      {
        match: /throttling failure: daily message quota/i,
        cause: 'quota',
        scope: 'account',
        act: { do: 'next', otherwise: 'later', close: { forMs: 4 * HOUR, needsAction: false } },
      },
      { match: /not authorized to perform/i, cause: 'credentials', scope: 'account', act: credentials },
      {
        match: /identities failed the check|address is not verified/i,
        cause: 'senderNotAllowed',
        scope: 'identity',
        act: identity,
      },
    ]),
  },
  {
    id: 'sendgrid',
    label: 'SendGrid',
    hosts: ['.sendgrid.net'],
    domains: [],
    sender: {
      selectors: ['s1', 's2'],
      source: 'https://dmarc.wiki/sendgrid',
      date: '2026-11-30',
    },
    submission: [
      {
        id: 'sendgrid',
        label: 'SendGrid',
        host: 'smtp.sendgrid.net',
        port: 587,
        security: 'starttls',
        auth: 'password',
        hint: { kind: 'fixedUser', user: 'apikey', page: 'API Keys' },
      },
    ],
    replies: published(
      'https://www.twilio.com/docs/sendgrid/for-developers/sending-email/smtp-errors-and-troubleshooting',
      '2026-11',
      [
        {
          match: /exceeded your messaging limits|maximum credits|too many recipients received this hour/i,
          cause: 'quota',
          scope: 'account',
          act: quota,
        },
        {
          match: /unauthenticated senders not allowed/i,
          cause: 'credentials',
          scope: 'account',
          act: credentials,
        },
        {
          match: /verified sender identity/i,
          cause: 'senderNotAllowed',
          scope: 'identity',
          act: identity,
        },
      ],
    ),
  },
  {
    id: 'brevo',
    label: 'Brevo',
    hosts: ['.brevo.com', '.sendinblue.com'],
    domains: [],
    sender: {
      spf: 'spf.brevo.com',
      selectors: ['brevo1', 'brevo2', 'mail'],
      source: 'from memory, to be compared with https://help.brevo.com/hc/en-us/articles/12163873383186',
      date: '2026-11-30',
    },
    submission: [
      { id: 'brevo', label: 'Brevo', host: 'smtp-relay.brevo.com', ...key('SMTP & API') },
      {
        id: 'brevoFree',
        label: 'Brevo (Free)',
        host: 'smtp-relay.brevo.com',
        ...key('SMTP & API'),
        limits: {
          source: 'https://help.brevo.com/hc/en-us/articles/208580669',
          date: '2026-11-25',
          quota: ['300/day'],
        },
      },
    ],
    replies: published('https://help.brevo.com/hc/en-us/articles/115000188150', '2026-11', [
      {
        match: /not yet activated|account is not activated/i,
        cause: 'accountSuspended',
        scope: 'account',
        act: credentials,
      },
      { code: /^525/, match: /unauthorized ip/i, cause: 'credentials', scope: 'account', act: credentials },
    ]),
  },
  {
    id: 'mailjet',
    label: 'Mailjet',
    hosts: ['.mailjet.com'],
    domains: [],
    sender: {
      spf: 'spf.mailjet.com',
      selectors: ['mailjet'],
      source: 'from memory, to be compared with https://documentation.mailjet.com/hc/en-us/articles/360042412734',
      date: '2026-11-30',
    },
    submission: [
      { id: 'mailjet', label: 'Mailjet', host: 'in-v3.mailjet.com', ...key('SMTP and SEND API settings') },
      {
        id: 'mailjetFree',
        label: 'Mailjet (Free)',
        host: 'in-v3.mailjet.com',
        ...key('SMTP and SEND API settings'),
        limits: { source: 'https://www.mailjet.com/pricing/', date: '2026-11-25', quota: ['200/day'] },
      },
    ],
    replies: [],
  },
  {
    id: 'mailgun',
    label: 'Mailgun',
    hosts: ['.mailgun.org', '.mailgun.net'],
    domains: [],
    sender: {
      spf: 'mailgun.org',
      source:
        'from memory, to be compared with https://documentation.mailgun.com/docs/mailgun/user-manual/domains/domains-verify',
      date: '2026-11-30',
    },
    submission: [
      { id: 'mailgun', label: 'Mailgun', host: 'smtp.mailgun.org', ...key('Domain settings, SMTP credentials') },
      {
        id: 'mailgunEu',
        label: 'Mailgun (EU)',
        host: 'smtp.eu.mailgun.org',
        ...key('Domain settings, SMTP credentials'),
      },
    ],
    replies: published('https://documentation.mailgun.com/docs/mailgun/', '2026-11', [
      {
        match: /sandbox subdomains|free accounts are for test|domain .{0,80}(?:is not allowed to send|unverified)/i,
        cause: 'senderNotAllowed',
        scope: 'identity',
        act: identity,
      },
    ]),
  },
  {
    id: 'postmark',
    label: 'Postmark',
    hosts: ['.postmarkapp.com', '.mtasv.net'],
    domains: [],
    sender: {
      selectors: ['pm'],
      source: 'from memory, to be compared with https://postmarkapp.com/support/article/1090-resolving-spf-dkim-issues',
      date: '2026-11-30',
    },
    submission: [
      {
        id: 'postmark',
        label: 'Postmark (broadcasts)',
        host: 'smtp-broadcasts.postmarkapp.com',
        ...key('Servers, API Tokens'),
      },
    ],
    replies: published('https://postmarkapp.com/developer/user-guide/send-email-with-smtp', '2026-11', [
      { match: /not a sender signature/i, cause: 'senderNotAllowed', scope: 'identity', act: identity },
    ]),
  },
  {
    id: 'sparkpost',
    label: 'SparkPost',
    hosts: ['.sparkpostmail.com', '.sparkpost.com'],
    domains: [],
    submission: [
      {
        id: 'sparkpost',
        label: 'SparkPost',
        host: 'smtp.sparkpostmail.com',
        port: 587,
        security: 'starttls',
        auth: 'password',
        hint: { kind: 'fixedUser', user: 'SMTP_Injection', page: 'API Keys' },
      },
      {
        id: 'sparkpostEu',
        label: 'SparkPost (EU)',
        host: 'smtp.eu.sparkpostmail.com',
        port: 587,
        security: 'starttls',
        auth: 'password',
        hint: { kind: 'fixedUser', user: 'SMTP_Injection', page: 'API Keys' },
      },
    ],
    replies: published('https://support.sparkpost.com/docs/faq', '2026-11', [
      { match: /unconfigured sending domain/i, cause: 'senderNotAllowed', scope: 'identity', act: identity },
      { match: /exceeded sending limit/i, cause: 'quota', scope: 'account', act: quota },
    ]),
  },
  {
    id: 'scaleway',
    label: 'Scaleway',
    hosts: ['.scaleway.com', '.scw.cloud'],
    domains: [],
    submission: [
      {
        id: 'scaleway',
        label: 'Scaleway Transactional Email',
        host: 'smtp.tem.scaleway.com',
        port: 465,
        security: 'tls',
        auth: 'password',
        hint: { kind: 'smtpKey', page: 'Transactional Email, SMTP settings' },
      },
    ],
    replies: [],
  },
];
