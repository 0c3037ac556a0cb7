import { msg, type Text } from './errors.ts';
import type { Cause } from './outcome.ts';

/** A cause for people: a short title for tables, what it means, and what to do about it. */
export interface CauseWords {
  title: Text;
  meaning: Text;
  remedy: Text;
}

/** Report, terminal and status bar all use these words, so that the same thing has the same name. */
export const causeWords: Record<Cause, CauseWords> = {
  delivered: {
    title: msg('Sent'),
    meaning: msg('The next server accepted the message.'),
    remedy: msg('Nothing to do.'),
  },
  unknownUser: {
    title: msg('No such mailbox'),
    meaning: msg('The recipient’s server does not know this address.'),
    remedy: msg('Correct the address or remove it from the list. It is now suppressed.'),
  },
  mailboxDisabled: {
    title: msg('Mailbox closed'),
    meaning: msg('The address exists but no longer accepts mail.'),
    remedy: msg('Remove it from the list. It is now suppressed.'),
  },
  mailboxFull: {
    title: msg('Mailbox full'),
    meaning: msg('The recipient’s mailbox has no space left.'),
    remedy: msg('Envoi retries a few times. If it stays full for several newsletters, remove it from the list.'),
  },
  recipientRate: {
    title: msg('Recipient is receiving too much mail right now'),
    meaning: msg('The recipient’s server is not accepting more mail for this mailbox at the moment.'),
    remedy: msg('Envoi retries later. Nothing to do.'),
  },
  recipientPolicy: {
    title: msg('Rejected by the recipient’s organization'),
    meaning: msg('The mailbox does not accept mail from outside, or an administrator there blocks this sender.'),
    remedy: msg('Contact the recipient another way and ask them to allow your address.'),
  },
  beyondAscii: {
    title: msg('Non-ASCII address not accepted'),
    meaning: msg(
      'The address has non-ASCII characters before the @, and the server does not support them (no SMTPUTF8).',
    ),
    remedy: msg('Ask the reader for another address, or send through a server that supports them.'),
  },
  badDomain: {
    title: msg('No such domain'),
    meaning: msg('The domain after the @ does not exist or has no mail server.'),
    remedy: msg('Check the domain for a typo.'),
  },
  nullMx: {
    title: msg('Domain does not accept mail'),
    meaning: msg('The domain’s DNS says that it accepts no mail (null MX).'),
    remedy: msg('Remove the address from the list.'),
  },
  greylisted: {
    title: msg('Greylisted'),
    meaning: msg('The server asks unknown senders to try again a few minutes later.'),
    remedy: msg('Envoi retries automatically. Nothing to do.'),
  },
  rateLimited: {
    title: msg('Too fast for this provider'),
    meaning: msg('The provider limits how much mail it accepts from you.'),
    remedy: msg('Envoi slows down automatically. If this continues, lower the server’s rate in the settings.'),
  },
  tooManyConnections: {
    title: msg('Too many connections'),
    meaning: msg('The server accepts fewer connections at a time.'),
    remedy: msg('Envoi opens fewer automatically. If this continues, lower the server’s maxConnections.'),
  },
  blocklisted: {
    title: msg('Your address is on a blocklist'),
    meaning: msg('The recipient’s server rejects mail from the sending IP address.'),
    remedy: msg('Send through a relay, or ask the blocklist named in the reply to remove the address.'),
  },
  reputation: {
    title: msg('Sender not trusted'),
    meaning: msg('This address or domain has a poor reputation with the provider.'),
    remedy: msg('Send less, and only to readers who want it. Check SPF, DKIM and DMARC of the From domain.'),
  },
  noReverseDns: {
    title: msg('No reverse DNS'),
    meaning: msg('The IP address it was sent from has no reverse DNS name, like many home connections.'),
    remedy: msg('Send through a relay, or have your provider set a PTR record.'),
  },
  authenticationFailed: {
    title: msg('SPF, DKIM or DMARC did not pass'),
    meaning: msg('The provider could not verify that the message comes from its From domain.'),
    remedy: msg('Set up DKIM in envoi.dkim and publish SPF and DMARC records for the From domain.'),
  },
  tlsRequired: {
    title: msg('Encryption required'),
    meaning: msg('The server accepts mail only over TLS.'),
    remedy: msg('Use security "tls" or "starttls" for the server.'),
  },
  tlsFailed: {
    title: msg('No secure connection'),
    meaning: msg('TLS could not be set up, or the certificate is not valid for this server.'),
    remedy: msg('Check the server’s host, port and security, and this computer’s date.'),
  },
  policyTls: {
    title: msg('Security policy not met'),
    meaning: msg(
      'The recipient’s domain requires a verified connection (MTA-STS or DANE), and its server did not offer one.',
    ),
    remedy: msg('Envoi retries. Only the recipient’s administrator can fix this.'),
  },
  quota: {
    title: msg('Sending limit reached'),
    meaning: msg('The relay is not accepting more messages from your account at the moment.'),
    remedy: msg('Wait for the limit to reset, or add a backup to envoi.route. Enter the limit as the server’s quota.'),
  },
  credentials: {
    title: msg('Sign-in refused'),
    meaning: msg('The relay did not accept the user name and password.'),
    remedy: msg('Set the password again. Some providers require an app password or OAuth.'),
  },
  accountSuspended: {
    title: msg('Your account may not send'),
    meaning: msg('The relay says that your account is suspended, not yet activated or under review.'),
    remedy: msg('Sign in at the provider, see what it asks of you, and resume the campaign once that is settled.'),
  },
  senderNotAllowed: {
    title: msg('Sender not accepted'),
    meaning: msg('The server does not accept the From address or its domain from you.'),
    remedy: msg('Have the provider verify the address or domain, or send from one that belongs to the account.'),
  },
  policyRefused: {
    title: msg('Rejected by local policy'),
    meaning: msg('The server cites its policy and no other reason. The address may well exist.'),
    remedy: msg('Another transport may get through. If all are rejected, ask the postmaster there.'),
  },
  relayDenied: {
    title: msg('Relaying not allowed'),
    meaning: msg('The server does not relay mail for you.'),
    remedy: msg('Check the server’s user, auth and From address, or ask its administrator.'),
  },
  tooLarge: {
    title: msg('Message too large'),
    meaning: msg('The message is larger than the server accepts.'),
    remedy: msg('Use smaller images or link to files instead of attaching them.'),
  },
  malformed: {
    title: msg('Message format rejected'),
    meaning: msg('The server rejects the format of the message.'),
    remedy: msg('Read the reply, and please report this as a bug in Envoi.'),
  },
  content: {
    title: msg('Content rejected'),
    meaning: msg('The server considers the content, or a link in it, spam.'),
    remedy: msg('Check links and wording, send a test, then resend to those that failed.'),
  },
  virus: {
    title: msg('Virus suspected'),
    meaning: msg('The server’s scanner objects to the message or an attachment.'),
    remedy: msg('Scan the attachments, then send again.'),
  },
  dns: {
    title: msg('Domain cannot be looked up now'),
    meaning: msg('The domain’s name servers did not respond.'),
    remedy: msg('Envoi retries automatically. If many domains are affected, check your own network.'),
  },
  portBlocked: {
    title: msg('This network blocks port 25'),
    meaning: msg(
      'No mail server responds on port 25, as on most home and many office networks: direct delivery is not possible.',
    ),
    remedy: msg('Send through a relay, or from another network. Proxies are not used for mail.'),
  },
  noNameServer: {
    title: msg('This network blocks port 53, or its name server is not working'),
    meaning: msg('Names that certainly exist are not found, so no recipient’s server can be found.'),
    remedy: msg('Send through a relay, or set dnsServers in envoi.direct to a name server that responds.'),
  },
  connect: {
    title: msg('No connection'),
    meaning: msg('The server could not be reached.'),
    remedy: msg('Envoi retries. With direct delivery, your provider may be blocking port 25: use a relay.'),
  },
  timeout: {
    title: msg('No reply in time'),
    meaning: msg('The server was reached but did not respond in time.'),
    remedy: msg('Envoi retries automatically.'),
  },
  closed: {
    title: msg('Connection lost'),
    meaning: msg('The connection ended before the message was handed over. It was not accepted.'),
    remedy: msg('Envoi retries automatically.'),
  },
  protocol: {
    title: msg('Reply not understood'),
    meaning: msg('The server’s reply does not follow the SMTP standard.'),
    remedy: msg('Check the host and port. Envoi retries automatically.'),
  },
  otherTemporary: {
    title: msg('Temporarily rejected'),
    meaning: msg('The server said: try again later.'),
    remedy: msg('Envoi retries automatically. See the reply for details.'),
  },
  otherPermanent: {
    title: msg('Rejected'),
    meaning: msg('The server permanently rejected the message.'),
    remedy: msg('See the reply for the reason.'),
  },
  noReply: {
    title: msg('In doubt'),
    meaning: msg(
      'The connection dropped or Envoi stopped while the message was being completed, before the server replied. It may have arrived.',
    ),
    remedy: msg('Decide: resend (it may arrive twice) or leave (it may be missing).'),
  },
  stopped: {
    title: msg('Stopped by you'),
    meaning: msg('It was not sent, because the campaign was paused or cancelled.'),
    remedy: msg('Resume the campaign, or resend to those that failed.'),
  },
};
