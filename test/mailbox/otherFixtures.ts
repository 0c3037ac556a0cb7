import { type Fixture, MARK } from './fixture.ts';

/** What is no bounce. */
export const otherFixtures: readonly Fixture[] = [
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
