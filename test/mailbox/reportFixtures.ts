import { DEAD, dead, type Fixture, MARK, soft } from './fixture.ts';

interface Status {
  status: string;
  diagnostic?: string;
  action?: string;
  recipient?: string;
  original?: string;
  words?: string;
  from?: string;
}

/** RFC 3464, as Postfix, Exchange, Exim and sendmail send it. */
function report({
  status,
  diagnostic,
  action = 'failed',
  recipient = DEAD,
  original,
  words = '',
  from = 'MAILER-DAEMON@mx.example',
}: Status): string {
  return `Return-Path: <>
From: Mail Delivery System <${from}>
To: ada@sender.example
Subject: Undelivered Mail Returned to Sender
Date: Wed, 25 Nov 2026 09:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8

This is the mail system. ${words}

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Wed, 25 Nov 2026 08:59:00 +0000

${original ? `Original-Recipient: rfc822;${original}\n` : ''}Final-Recipient: rfc822; ${recipient}
Action: ${action}
Status: ${status}
${diagnostic ? `Diagnostic-Code: ${diagnostic}\nRemote-MTA: dns; mx.reader.example\n` : ''}
--b1
Content-Type: text/rfc822-headers

From: Ada <ada@sender.example>
Message-ID: <${MARK}@sender.example>

--b1--
`;
}

export const reportFixtures: readonly Fixture[] = [
  {
    name: 'Postfix, user unknown',
    kind: 'bounce',
    ...dead,
    code: 550,
    enhanced: '5.1.1',
    raw: report({
      status: '5.1.1',
      diagnostic:
        'smtp; 550 5.1.1 <dead@reader.example>: Recipient address rejected: User unknown in virtual mailbox table',
    }),
  },
  {
    name: 'Postfix, folded diagnostic',
    kind: 'bounce',
    ...dead,
    code: 550,
    enhanced: '5.1.1',
    raw: report({
      status: '5.1.1',
      diagnostic:
        'smtp; 550-5.1.1 The email account that you tried to\n    reach does not exist. Please try double-checking the address',
    }),
  },
  {
    name: 'Postfix, mailbox full',
    kind: 'bounce',
    ...soft,
    code: 552,
    enhanced: '5.2.2',
    raw: report({ status: '5.2.2', diagnostic: 'smtp; 552 5.2.2 Mailbox full' }),
  },
  {
    name: 'Postfix, expired after five days',
    kind: 'bounce',
    ...soft,
    raw: report({ status: '4.4.1', words: 'connect to mx.reader.example[192.0.2.1]:25: Connection timed out' }),
  },
  { name: 'Postfix, still trying', kind: 'notice', raw: report({ status: '4.4.1', action: 'delayed' }) },
  { name: 'delivered, as asked for', kind: 'notice', raw: report({ status: '2.0.0', action: 'delivered' }) },
  { name: 'relayed to one that says no more', kind: 'notice', raw: report({ status: '2.0.0', action: 'relayed' }) },
  {
    name: 'Exchange Online, not found',
    kind: 'bounce',
    ...dead,
    code: 550,
    enhanced: '5.1.10',
    raw: report({
      status: '5.1.10',
      diagnostic: 'smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
      from: 'postmaster@outlook.com',
    }),
  },
  {
    name: 'Exchange, sender not allowed',
    kind: 'bounce',
    ...soft,
    code: 550,
    enhanced: '5.7.133',
    raw: report({
      status: '5.7.133',
      diagnostic: 'smtp;550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required',
    }),
  },
  {
    name: 'Gmail as the last host',
    kind: 'bounce',
    ...dead,
    code: 550,
    enhanced: '5.1.1',
    raw: report({
      status: '5.1.1',
      diagnostic:
        'smtp; 550-5.1.1 The email account that you tried to reach does not exist. https://support.google.com/mail/?p=NoSuchUser - gsmtp',
      from: 'mailer-daemon@googlemail.com',
    }),
  },
  {
    name: 'Gmail, over quota',
    kind: 'bounce',
    ...soft,
    code: 452,
    enhanced: '4.2.2',
    raw: report({
      status: '4.2.2',
      diagnostic: "smtp; 452 4.2.2 The recipient's inbox is out of storage space. - gsmtp",
    }),
  },
  {
    name: 'sendmail, status alone',
    kind: 'bounce',
    ...dead,
    enhanced: '5.1.1',
    raw: report({ status: '5.1.1', words: '550 5.1.1 <dead@reader.example>... User unknown' }),
  },
  {
    name: 'no status, code in the diagnostic',
    kind: 'bounce',
    ...dead,
    code: 550,
    raw: report({ status: '5.0.0', diagnostic: 'smtp; 550 No such user here' }),
  },
  {
    name: 'Original-Recipient before Final-Recipient',
    kind: 'bounce',
    ...dead,
    raw: report({
      status: '5.1.1',
      diagnostic: 'smtp; 550 5.1.1 User unknown',
      recipient: 'forwarded@elsewhere.example',
      original: DEAD,
    }),
  },
  {
    name: 'Final-Recipient in brackets',
    kind: 'bounce',
    ...dead,
    raw: report({ status: '5.1.1', diagnostic: 'smtp; 550 5.1.1 User unknown', recipient: `<${DEAD}>` }),
  },
  {
    name: 'Status with a comment',
    kind: 'bounce',
    ...dead,
    code: 550,
    enhanced: '5.1.1',
    raw: report({ status: '5.1.1 (bad destination mailbox address)', diagnostic: 'smtp; 550 User unknown' }),
  },
  {
    name: 'content refused as spam',
    kind: 'bounce',
    ...soft,
    code: 554,
    enhanced: '5.7.1',
    raw: report({ status: '5.7.1', diagnostic: 'smtp; 554 5.7.1 Message rejected as spam by Content Filtering.' }),
  },
  {
    name: 'our address on a block list',
    kind: 'bounce',
    ...soft,
    code: 550,
    enhanced: '5.7.1',
    raw: report({
      status: '5.7.1',
      diagnostic: 'smtp; 550 5.7.1 Service unavailable; client host [192.0.2.9] blocked using zen.spamhaus.org',
    }),
  },
  {
    name: 'unauthenticated sender',
    kind: 'bounce',
    ...soft,
    code: 550,
    enhanced: '5.7.26',
    raw: report({
      status: '5.7.26',
      diagnostic: 'smtp; 550-5.7.26 This mail has been blocked because the sender is unauthenticated. - gsmtp',
    }),
  },
  {
    name: 'mailbox disabled',
    kind: 'bounce',
    ...dead,
    code: 550,
    enhanced: '5.2.1',
    raw: report({
      status: '5.2.1',
      diagnostic: 'smtp; 550 5.2.1 The email account that you tried to reach is inactive. - gsmtp',
    }),
  },
];
