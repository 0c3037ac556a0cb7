import { dead, type Fixture, soft } from './fixture.ts';
import { plain } from './plain.ts';

/** Bounces in free form, in English, of mail servers that one runs. */
export const textFixtures: readonly Fixture[] = [
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
];
