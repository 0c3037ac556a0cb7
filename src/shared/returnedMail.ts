import { parseAddress } from './address.ts';

/** A returned message for a person. All of it but `id` and `campaign` is untrusted. */
export interface ReturnedMail {
  id: number;
  /** `replied`: to a letter. The others carry no mark of ours, so they had no consequences. */
  kind: 'replied' | 'bounced' | 'complained' | 'left';
  /** The campaign it answers, "" when that is not proven. */
  campaign: string;
  /** Lower case: who wrote a reply or wants to leave, or whom a bounce or a complaint names; "" when nobody. */
  about: string;
  from: string;
  subject: string;
  /** With its angle brackets, "" when it has none. */
  messageId: string;
  /** The account of the mailbox that it is in. */
  account: string;
  /** Epoch ms. */
  at: number;
}

/** What a person would suppress its address for; null when there is nothing to decide. */
export function suppressionFor({ kind, about }: ReturnedMail) {
  if (kind === 'replied' || !parseAddress(about).ok) return null;
  const reason = kind === 'left' ? ('unsubscribed' as const) : kind;
  return { entry: about, reason, note: '', at: 0 };
}

/** Printable ASCII without blanks, so that it stands in a URL as it is. */
const MESSAGE_ID = /^<[!-;=?-~]{1,900}>$/;

/**
 * A link that opens a message in a mail program: by web search at Gmail, `message:` of Apple's Mail, and elsewhere `mid:`
 * (RFC 2392), which Thunderbird takes. "" when the message has no Message-ID to be found by.
 */
export function mailLink(
  { messageId, account }: Pick<ReturnedMail, 'messageId' | 'account'>,
  platform: string,
): string {
  if (!MESSAGE_ID.test(messageId)) return '';
  const id = encodeURIComponent(messageId.slice(1, -1));
  if (/@imap\.g(?:oogle)?mail\.com:\d+\//i.test(account))
    return `https://mail.google.com/mail/#search/rfc822msgid%3A${id}`;
  return platform === 'darwin' ? `message://%3C${id}%3E` : `mid:${id}`;
}
