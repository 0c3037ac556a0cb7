import { MARK } from './fixture.ts';

interface Said {
  from?: string;
  subject?: string;
  headers?: string;
  body: string;
}

/** A plain text message from a daemon, with a copy of our letter's headers below. */
export function plain({
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
