import { msg, type Text } from './errors.ts';
import type { Cause } from './outcome.ts';

/** A cause in a person's words: a short title for tables, what it means, and what to do about it. */
export interface CauseWords {
  title: Text;
  meaning: Text;
  remedy: Text;
}

/** Report, terminal and status bar all take their words from here, so that the same thing has the same name. */
export const causeWords: Record<Cause, CauseWords> = {
  delivered: {
    title: msg('Sent'),
    meaning: msg('The next server took the message.'),
    remedy: msg('Nothing to do.'),
  },
  unknownUser: {
    title: msg('No such mailbox'),
    meaning: msg('The recipient’s server does not know this address.'),
    remedy: msg('Correct the address or take it off the list. It is suppressed from now on.'),
  },
  mailboxDisabled: {
    title: msg('Mailbox closed'),
    meaning: msg('The address exists but no longer takes mail.'),
    remedy: msg('Take it off the list. It is suppressed from now on.'),
  },
  mailboxFull: {
    title: msg('Mailbox full'),
    meaning: msg('The recipient has no room left.'),
    remedy: msg('It is tried a few times. If it stays full for several letters, take it off the list.'),
  },
  recipientRate: {
    title: msg('Recipient gets too much mail just now'),
    meaning: msg('The recipient’s server takes no more for this mailbox for the moment.'),
    remedy: msg('It is tried again later. Nothing to do.'),
  },
  recipientPolicy: {
    title: msg('Refused by the recipient’s organisation'),
    meaning: msg('The mailbox takes no mail from outside, or an administrator there blocks this sender.'),
    remedy: msg('Ask the recipient by another way to allow your address.'),
  },
  beyondAscii: {
    title: msg('Address beyond ASCII not taken'),
    meaning: msg('The address has letters beyond ASCII before the @, and the server does not take such (no SMTPUTF8).'),
    remedy: msg('Ask the reader for another address, or send through a server that takes them.'),
  },
  badDomain: {
    title: msg('No such domain'),
    meaning: msg('The part behind the @ does not exist or has no mail server.'),
    remedy: msg('Look for a typing error in the domain.'),
  },
  nullMx: {
    title: msg('Domain takes no mail'),
    meaning: msg('The domain says in its DNS that it takes no mail at all (null MX).'),
    remedy: msg('Take the address off the list.'),
  },
  greylisted: {
    title: msg('Greylisted'),
    meaning: msg('The server asks unknown senders to come again some minutes later.'),
    remedy: msg('It is tried again by itself. Nothing to do.'),
  },
  rateLimited: {
    title: msg('Too fast for this provider'),
    meaning: msg('The provider limits how much it takes from you.'),
    remedy: msg('Envoi slows down by itself. If it goes on, lower the rate of the server in the settings.'),
  },
  tooManyConnections: {
    title: msg('Too many connections'),
    meaning: msg('The server takes fewer connections at a time.'),
    remedy: msg('Envoi uses fewer by itself. Lower maxConnections of the server if it goes on.'),
  },
  blocklisted: {
    title: msg('Your address is on a blocklist'),
    meaning: msg('The recipient’s server refuses mail from the network address it was sent from.'),
    remedy: msg('Send through a relay, or ask the blocklist named in the reply to remove the address.'),
  },
  reputation: {
    title: msg('Sender not trusted'),
    meaning: msg('The provider thinks little of mail from this address or domain.'),
    remedy: msg('Send less and to readers who want it; check SPF, DKIM and DMARC of the From domain.'),
  },
  noReverseDns: {
    title: msg('No reverse DNS'),
    meaning: msg('The network address it was sent from has no name, as home connections often have none.'),
    remedy: msg('Send through a relay, or have your provider set a PTR record.'),
  },
  authenticationFailed: {
    title: msg('SPF, DKIM or DMARC did not pass'),
    meaning: msg('The provider could not verify that the message comes from its From domain.'),
    remedy: msg('Set up DKIM in envoi.dkim and publish SPF and DMARC records for the From domain.'),
  },
  tlsRequired: {
    title: msg('Encryption required'),
    meaning: msg('The server takes mail only over TLS.'),
    remedy: msg('Use security "tls" or "starttls" for the server.'),
  },
  tlsFailed: {
    title: msg('No secure connection'),
    meaning: msg('TLS could not be set up, or the certificate is not valid for this server.'),
    remedy: msg('Check host, port and security of the server, and this computer’s date.'),
  },
  policyTls: {
    title: msg('Security policy not met'),
    meaning: msg(
      'The recipient’s domain demands a verified connection (MTA-STS or DANE) and its server did not offer one.',
    ),
    remedy: msg('It is tried again. Only the recipient’s administrator can mend it.'),
  },
  quota: {
    title: msg('Sending limit reached'),
    meaning: msg('The relay takes no more messages from your account for now.'),
    remedy: msg('Wait for the limit to reset, or add a backup to envoi.route. Enter the limit as quota of the server.'),
  },
  credentials: {
    title: msg('Sign-in refused'),
    meaning: msg('The relay did not accept user name and password.'),
    remedy: msg('Set the password again. Some providers want an app password or OAuth.'),
  },
  accountSuspended: {
    title: msg('Your account may not send'),
    meaning: msg('The relay says that your account is suspended, not yet activated or under review.'),
    remedy: msg('Sign in at the provider, read what it asks of you, and resume the campaign when it is settled.'),
  },
  senderNotAllowed: {
    title: msg('Sender not accepted'),
    meaning: msg('The server does not accept the From address or its domain from you.'),
    remedy: msg('Have the provider verify the address or domain, or send from one that belongs to the account.'),
  },
  policyRefused: {
    title: msg('Refused by a house rule'),
    meaning: msg('The server names its policy and no other reason. The address may well exist.'),
    remedy: msg('Another transport may get through. If all are refused, ask the postmaster there.'),
  },
  relayDenied: {
    title: msg('Relaying not allowed'),
    meaning: msg('The server does not pass mail on for you.'),
    remedy: msg('Check user, auth and the From address of the server, or ask its administrator.'),
  },
  tooLarge: {
    title: msg('Message too large'),
    meaning: msg('The message is larger than the server takes.'),
    remedy: msg('Use smaller images or link to files instead of attaching them.'),
  },
  malformed: {
    title: msg('Message form refused'),
    meaning: msg('The server objects to the form of the message.'),
    remedy: msg('Read the reply, and please report it as a bug of Envoi.'),
  },
  content: {
    title: msg('Content refused'),
    meaning: msg('The server takes the content, or a link in it, for spam.'),
    remedy: msg('Check links and wording, send a test, then resend to the failed.'),
  },
  virus: {
    title: msg('Virus suspected'),
    meaning: msg('The server’s scanner objects to the message or an attachment.'),
    remedy: msg('Scan the attachments, then send again.'),
  },
  dns: {
    title: msg('Domain cannot be looked up now'),
    meaning: msg('The domain’s name servers did not answer.'),
    remedy: msg('It is tried again by itself. Check your own network if it concerns many domains.'),
  },
  portBlocked: {
    title: msg('This network blocks port 25'),
    meaning: msg(
      'No mail server answers on port 25, as at most homes and in many offices: direct delivery is not possible.',
    ),
    remedy: msg('Send through a relay, or from another network. Proxies are not used for mail.'),
  },
  noNameServer: {
    title: msg('This network blocks port 53, or its name server does not work'),
    meaning: msg('Names that surely exist are not found, so no recipient’s server can be found.'),
    remedy: msg('Send through a relay, or set dnsServers in envoi.direct to a name server that answers.'),
  },
  connect: {
    title: msg('No connection'),
    meaning: msg('The server could not be reached.'),
    remedy: msg('It is tried again. For direct delivery your provider may block port 25: use a relay.'),
  },
  timeout: {
    title: msg('No answer in time'),
    meaning: msg('The server was reached but did not answer in time.'),
    remedy: msg('It is tried again by itself.'),
  },
  closed: {
    title: msg('Connection lost'),
    meaning: msg('The connection ended before the message was handed over. It was not accepted.'),
    remedy: msg('It is tried again by itself.'),
  },
  protocol: {
    title: msg('Answer not understood'),
    meaning: msg('The server did not speak SMTP as the standard says.'),
    remedy: msg('Check host and port. It is tried again by itself.'),
  },
  otherTemporary: {
    title: msg('Refused for now'),
    meaning: msg('The server said: try again later.'),
    remedy: msg('It is tried again by itself. The reply says more.'),
  },
  otherPermanent: {
    title: msg('Refused'),
    meaning: msg('The server refused the message for good.'),
    remedy: msg('The reply says why.'),
  },
  noReply: {
    title: msg('In doubt'),
    meaning: msg(
      'The connection or Envoi itself ended while the message was being completed, before the server’s answer. It may have arrived.',
    ),
    remedy: msg('Decide: resend (it may arrive twice) or leave (it may be missing).'),
  },
  stopped: {
    title: msg('Stopped by you'),
    meaning: msg('It was not sent, because the campaign was paused or cancelled.'),
    remedy: msg('Resume the campaign, or resend to the failed.'),
  },
};
