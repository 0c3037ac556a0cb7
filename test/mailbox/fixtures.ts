/** Bounces and their like, written after the documented forms of the programs named; every address is an example. */
export interface Fixture {
  name: string;
  raw: string;
  kind: 'bounce' | 'complaint' | 'notice' | 'autoReply' | 'leave' | 'reply';
  recipient?: string;
  code?: number;
  enhanced?: string;
  /** hard: suppresses; soft: does not. */
  class?: 'hard' | 'soft';
}

export const MARK = 'abcdefghijklmnopqrstuvwxyz234567';
const DEAD = 'dead@reader.example';

interface Said {
  from?: string;
  subject?: string;
  headers?: string;
  body: string;
}

/** A plain text message from a daemon, with a copy of our letter's headers below. */
function plain({
  from = 'MAILER-DAEMON@mx.reader.example',
  subject = 'failure notice',
  headers = '',
  body,
}: Said): string {
  return `Return-Path: <>
From: Mail Delivery System <${from}>
To: ada@sender.example
Subject: ${subject}
Date: Wed, 25 Nov 2026 09:00:00 +0000
${headers}Content-Type: text/plain; charset=utf-8

${body}

Received: from envoi by mx.reader.example
From: Ada <ada@sender.example>
Message-ID: <${MARK}@sender.example>
Subject: News of 550 things
`;
}

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

const dead = { recipient: DEAD, class: 'hard' } as const;
const soft = { recipient: DEAD, class: 'soft' } as const;

export const fixtures: readonly Fixture[] = [
  // Reports (RFC 3464)
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
  // Free form
  {
    name: 'qmail',
    kind: 'bounce',
    ...dead,
    code: 550,
    raw: plain({
      body: `Hi. This is the qmail-send program at mx.reader.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<dead@reader.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.`,
    }),
  },
  {
    name: 'qmail, remote host said',
    kind: 'bounce',
    ...dead,
    code: 550,
    enhanced: '5.1.1',
    raw: plain({
      body: `Hi. This is the qmail-send program at relay.example.

<dead@reader.example>:
192.0.2.5 does not like recipient.
Remote host said: 550 5.1.1 <dead@reader.example>: Recipient address rejected: User unknown
Giving up on 192.0.2.5.

--- Below this line is a copy of the message.`,
    }),
  },
  {
    name: 'qmail, too long in the queue',
    kind: 'bounce',
    ...soft,
    raw: plain({
      body: `<dead@reader.example>:
Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)
I'm not going to try again; this message has been in the queue too long.`,
    }),
  },
  {
    name: 'Exim',
    kind: 'bounce',
    ...dead,
    code: 550,
    raw: plain({
      subject: 'Mail delivery failed: returning message to sender',
      headers: 'X-Failed-Recipients: dead@reader.example\n',
      body: `This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  dead@reader.example
    host mx.reader.example [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<dead@reader.example>:
    550 5.1.1 <dead@reader.example> User doesn't exist: dead@reader.example

------ This is a copy of the message, including all the headers. ------`,
    }),
  },
  {
    name: 'Exim, unrouteable',
    kind: 'bounce',
    ...dead,
    raw: plain({
      subject: 'Mail delivery failed: returning message to sender',
      headers: 'X-Failed-Recipients: dead@reader.example\n',
      body: `This message was created automatically by mail delivery software.

  dead@reader.example
    Unrouteable address`,
    }),
  },
  {
    name: 'Exim, retry time exceeded',
    kind: 'bounce',
    ...soft,
    raw: plain({
      subject: 'Mail delivery failed: returning message to sender',
      headers: 'X-Failed-Recipients: dead@reader.example\n',
      body: `  dead@reader.example
    host mx.reader.example [192.0.2.7]: Connection timed out: retry timeout exceeded`,
    }),
  },
  {
    name: 'sendmail',
    kind: 'bounce',
    ...dead,
    code: 550,
    enhanced: '5.1.1',
    raw: plain({
      subject: 'Returned mail: see transcript for details',
      body: `The original message was received at Wed, 25 Nov 2026 09:00:00 GMT
from relay.example [192.0.2.1]

   ----- The following addresses had permanent fatal errors -----
<dead@reader.example>
    (reason: 550 5.1.1 <dead@reader.example>... User unknown)

   ----- Transcript of session follows -----
... while talking to mx.reader.example.:
>>> DATA
<<< 550 5.1.1 <dead@reader.example>... User unknown`,
    }),
  },
  {
    name: 'HCL Domino',
    kind: 'bounce',
    ...dead,
    raw: plain({
      from: 'postmaster@reader.example',
      subject: 'DELIVERY FAILURE: User dead (dead@reader.example) not listed in Domino Directory',
      body: `Your message
  Subject: News
was not delivered to:
  dead@reader.example
because:
  User dead (dead@reader.example) not listed in Domino Directory`,
    }),
  },
  {
    name: 'GroupWise',
    kind: 'bounce',
    ...dead,
    raw: plain({
      from: 'postmaster@reader.example',
      subject: 'Mail delivery problem',
      body: `The attached file had the following undeliverable recipient(s):
	dead@reader.example
Transcript of session follows:
	Command: RCPT
	Response: User not found`,
    }),
  },
  {
    name: 'Exchange 5.5',
    kind: 'bounce',
    ...dead,
    raw: plain({
      from: 'postmaster@reader.example',
      subject: 'Undeliverable: News',
      body: `Your message
  To: dead@reader.example
  Subject: News
did not reach the following recipient(s):
dead@reader.example on Wed, 25 Nov 2026
    The recipient name is not recognized
	The MTS-ID of the original message is: c=us;a= ;p=x`,
    }),
  },
  {
    name: 'Exchange 2003',
    kind: 'bounce',
    ...dead,
    raw: plain({
      from: 'postmaster@reader.example',
      subject: 'Undeliverable: News',
      body: `Your message did not reach some or all of the intended recipients.
The following recipient(s) could not be reached:
  dead@reader.example on 25/11/2026
  The e-mail account does not exist at the organization this message was sent to.
  <mx.reader.example #5.1.1>`,
    }),
  },
  {
    name: 'Outlook.com in French, no report part',
    kind: 'bounce',
    ...dead,
    raw: plain({
      from: 'postmaster@outlook.com',
      subject: 'Non remis : Nouvelles',
      body: `Échec de la remise à ces destinataires ou groupes :
dead@reader.example
L'adresse de messagerie que vous avez entrée est introuvable. Vérifiez l'adresse.
Erreur du serveur distant : '550 5.1.10 RESOLVER.ADR.RecipientNotFound'`,
    }),
  },
  {
    name: 'Exchange in German',
    kind: 'bounce',
    ...dead,
    raw: plain({
      from: 'postmaster@reader.example',
      subject: 'Unzustellbar: Neues',
      body: `Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:
dead@reader.example
Die eingegebene E-Mail-Adresse konnte nicht gefunden werden.`,
    }),
  },
  {
    name: 'GMX',
    kind: 'bounce',
    ...dead,
    code: 550,
    raw: plain({
      from: 'mailer-daemon@gmx.net',
      subject: 'Mail delivery failed: returning message to sender',
      body: `This message was created automatically by mail delivery software.
A message that you sent could not be delivered.
The following address failed:
<dead@reader.example>:
SMTP error from remote server for RCPT TO command, host: mx.reader.example (192.0.2.4) reason: 550 Requested action not taken: mailbox unavailable`,
    }),
  },
  {
    name: 'IMail',
    kind: 'bounce',
    ...dead,
    raw: plain({
      from: 'postmaster@reader.example',
      subject: 'Undeliverable Mail',
      body: `Invalid final delivery userid: dead@reader.example

Original message follows.`,
    }),
  },
  {
    name: 'MDaemon',
    kind: 'bounce',
    ...dead,
    code: 550,
    raw: plain({
      from: 'MDaemon@reader.example',
      subject: 'Warning: News - User unknown!',
      body: `The attached message had PERMANENT fatal delivery errors!
Failed address: dead@reader.example
--- Session Transcript ---
 <-- 550 dead@reader.example: no such user
--- End Transcript ---`,
    }),
  },
  {
    name: 'Yahoo, old form',
    kind: 'bounce',
    ...dead,
    code: 554,
    raw: plain({
      from: 'MAILER-DAEMON@yahoo.com',
      subject: 'Failure Notice',
      body: `Sorry, we were unable to deliver your message to the following address.

<dead@reader.example>:
554: delivery error: dd This user doesn't have a yahoo.com account (dead@reader.example) [0] - mta1.mail.bf1.yahoo.com`,
    }),
  },
  {
    name: 'Yahoo, over quota',
    kind: 'bounce',
    ...soft,
    code: 552,
    raw: plain({
      from: 'MAILER-DAEMON@yahoo.com',
      subject: 'Failure Notice',
      body: `<dead@reader.example>:
552 1 Requested mail action aborted, user is over quota`,
    }),
  },
  {
    name: 'Courier',
    kind: 'bounce',
    ...dead,
    code: 550,
    raw: plain({
      subject: 'NOTICE: mail delivery status.',
      body: `Note: This is a message automatically generated by the mail delivery system.
UNDELIVERABLE MAIL
<dead@reader.example>:
     mx.reader.example [192.0.2.3]:
     >>> RCPT TO:<dead@reader.example>
     <<< 550 User unknown.`,
    }),
  },
  {
    name: 'Mail.ru',
    kind: 'bounce',
    ...dead,
    code: 550,
    raw: plain({
      from: 'mailer-daemon@corp.mail.ru',
      subject: 'Mail failure.',
      body: `This message was created automatically by mail delivery software.
**********************
The following address(es) failed:
dead@reader.example
550 Message was not accepted -- invalid mailbox.  Local mailbox dead@reader.example is unavailable: user not found`,
    }),
  },
  {
    name: 'QQ',
    kind: 'bounce',
    ...dead,
    code: 550,
    raw: plain({
      from: 'PostMaster@qq.com',
      subject: '系统退信/Systems bounce',
      body: `抱歉，您的邮件被退回来了……
无法发送到 dead@reader.example
退信原因 收件人邮件地址不存在，邮件无法送达。
host mx3.qq.com[192.0.2.6] said: 550 Mailbox not found. http://service.mail.qq.com`,
    }),
  },
  {
    name: 'NetEase',
    kind: 'bounce',
    ...dead,
    raw: plain({
      from: 'Postmaster@163.com',
      subject: '系统退信',
      body: `您好，
无法投递到 dead@reader.example，收件人地址不存在。
User not found`,
    }),
  },
  {
    name: 'Free, in French',
    kind: 'bounce',
    ...dead,
    code: 550,
    raw: plain({
      from: 'MAILER-DAEMON@free.fr',
      subject: 'Undelivered Mail Returned to Sender',
      body: `<dead@reader.example>: host mx1.free.fr[192.0.2.8] said: 550 5.1.1
    <dead@reader.example>: Recipient address rejected: utilisateur inconnu (in reply to
    RCPT TO command)`,
    }),
  },
  {
    name: 'Orange, mailbox full, in French',
    kind: 'bounce',
    ...soft,
    raw: plain({
      from: 'postmaster@orange.fr',
      subject: 'Message non remis',
      body: `Votre message n'a pas pu être remis à dead@reader.example.
La boîte aux lettres est pleine. 552 5.2.2 OFR_417 Boite pleine`,
    }),
  },
  {
    name: 'a mailing list manager’s full mailbox in Spanish',
    kind: 'bounce',
    ...soft,
    raw: plain({
      from: 'mailer-daemon@correo.example',
      subject: 'Mensaje no entregado',
      body: `No se pudo entregar a dead@reader.example: buzón lleno`,
    }),
  },
  {
    name: 'X.400 gateway',
    kind: 'bounce',
    ...dead,
    raw: plain({
      from: 'postmaster@x400.example',
      subject: 'Delivery Report (failure) for dead@reader.example',
      body: `This report relates to your message: Subject: News
Your message was not delivered to
dead@reader.example for the following reason:
     Recipient unknown (user is unknown)`,
    }),
  },
  {
    name: 'postmaster that only says a status',
    kind: 'bounce',
    ...dead,
    enhanced: '5.1.1',
    raw: plain({
      from: 'postmaster@reader.example',
      subject: 'Delivery Status Notification (Failure)',
      body: `Delivery to the following recipients failed: dead@reader.example (5.1.1): bad destination mailbox address, user unknown`,
    }),
  },
  {
    name: 'greylisted for days, then refused',
    kind: 'bounce',
    ...dead,
    code: 550,
    raw: plain({
      body: `<dead@reader.example>: first 450 4.2.0 greylisted, try again; finally host mx.reader.example said:
550 5.1.1 no such user`,
    }),
  },
  // Not bounces
  {
    name: 'abuse report (RFC 5965)',
    kind: 'complaint',
    recipient: 'angry@reader.example',
    raw: `From: feedback@isp.example
To: abuse@sender.example
Subject: FW: News
Content-Type: multipart/report; report-type=feedback-report; boundary=c

--c
Content-Type: text/plain

This is an email abuse report.
--c
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: <angry@reader.example>

--c
Content-Type: message/rfc822

From: Ada <ada@sender.example>
Message-ID: <${MARK}@sender.example>
Subject: News

Hello
--c--
`,
  },
  {
    name: 'opt-out report',
    kind: 'complaint',
    raw: `From: feedback@isp.example
Content-Type: multipart/report; report-type=feedback-report; boundary=c

--c
Content-Type: message/feedback-report

Feedback-Type: opt-out
Version: 1

--c--
`,
  },
  {
    name: 'read receipt (RFC 8098)',
    kind: 'notice',
    raw: `From: ann@reader.example
Subject: Read: News
Content-Type: multipart/report; report-type=disposition-notification; boundary=d

--d
Content-Type: text/plain

Your message was read.
--d
Content-Type: message/disposition-notification

Final-Recipient: rfc822;ann@reader.example
Disposition: manual-action/MDN-sent-manually; displayed

--d--
`,
  },
  {
    name: 'vacation (RFC 3834)',
    kind: 'autoReply',
    raw: `Return-Path: <>
From: Ann <ann@reader.example>
Subject: Re: News
Auto-Submitted: auto-replied (vacation)
In-Reply-To: <${MARK}@sender.example>

I am away; no such luck until Monday. If the mailbox is full, call 550 1234.
`,
  },
  {
    name: 'out of office, in German, with a subject only',
    kind: 'autoReply',
    raw: `From: Ann <ann@reader.example>
Subject: Abwesenheitsnotiz: Neues

Ich bin nicht im Büro. Das Postfach ist voll.
`,
  },
  {
    name: 'a ticket system',
    kind: 'autoReply',
    raw: `From: Support <support@shop.example>
Subject: [Ticket 550] We received your message
X-Autoreply: yes

Your request 550 was received.
`,
  },
  {
    name: 'wants to leave',
    kind: 'leave',
    raw: `From: Ann <ann@reader.example>
Subject: unsubscribe
Authentication-Results: mx.sender.example; dkim=pass header.d=reader.example; dmarc=pass header.from=reader.example

`,
  },
  {
    name: 'désabonnement',
    kind: 'leave',
    raw: `From: Ann <ann@reader.example>
Subject: Désabonnement

Merci de me retirer.
`,
  },
  {
    name: 'a person answers, and quotes an error',
    kind: 'reply',
    raw: `From: Ann <ann@reader.example>
Subject: Re: News
In-Reply-To: <${MARK}@sender.example>

I could not open your link: it said 550 5.1.1 User unknown. Undeliverable?
`,
  },
  {
    name: 'a person at the postmaster’s address answers',
    kind: 'reply',
    raw: `From: Jo <jo@reader.example>
Subject: Returned mail and other stories

I liked the piece about returned mail: user unknown, mailbox full!
`,
  },
];
