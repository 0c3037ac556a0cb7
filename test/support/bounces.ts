/** A delivery status notification (RFC 3464) that quotes a letter's Message-ID, as Postfix writes it. */
export function statusReport(messageId: string, reply: string, recipient = 'somebody@example.org'): string {
  return `Return-Path: <>
From: MAILER-DAEMON@mx.example.org
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; ${recipient}
Action: failed
Status: ${reply.split(' ')[1]}
Diagnostic-Code: smtp; ${reply}

--b
Content-Type: text/rfc822-headers

Message-ID: ${messageId}

--b--
`;
}

/** An abuse report (RFC 5965) about a letter. */
export function abuseReport(messageId: string): string {
  return `From: fbl@isp.example
Content-Type: multipart/report; report-type=feedback-report; boundary=c

--c
Content-Type: message/feedback-report

Feedback-Type: abuse

--c
Content-Type: message/rfc822

Message-ID: ${messageId}

News
--c--
`;
}
