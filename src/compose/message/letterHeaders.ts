import { domainOf } from '../../shared/address.ts';
import { oneLine } from '../liquid/safeHtml.ts';
import type { Newsletter } from '../newsletter.ts';
import type { Made } from '../renderLetter.ts';
import { formatDate, longHeader, mailboxHeader, rawHeader, textHeader } from './headers.ts';
import { listIdHeader } from './listId.ts';

/** What differs from message to message, besides what was made for its reader. */
export interface Envelope {
  to: string;
  messageId: string;
  date: number;
  /** Fields that the server it goes through wants; they stand above the letter's own. */
  extra: Readonly<Record<string, string>>;
}

/** The header block of each message; fields that are the same for all are made once. */
export function createHeaders(newsletter: Newsletter, contentType: string): (made: Made, envelope: Envelope) => string {
  const before = mailboxHeader('From', newsletter.from);
  const after = newsletter.replyTo ? mailboxHeader('Reply-To', newsletter.replyTo) : '';
  const isNewsletter = newsletter.kind === 'newsletter';
  const own: Record<string, string> = {
    // Machines that answer machines are kept out of it (RFC 3834 names the first, Exchange reads the second).
    ...(isNewsletter ? { Precedence: 'bulk', 'X-Auto-Response-Suppress': 'OOF, AutoReply' } : {}),
    ...(newsletter.feedbackId ? { 'Feedback-ID': oneLine(newsletter.feedbackId) } : {}),
    ...newsletter.headers,
  };
  const listId = newsletter.listId || `newsletter.${domainOf(newsletter.from.address)}`;
  const list = isNewsletter && newsletter.from.address !== '' ? listIdHeader(listId) : '';
  const last = `MIME-Version: 1.0\r\nContent-Type: ${contentType}\r\n`;
  return (made, { to, messageId, date, extra }) =>
    before +
    mailboxHeader('To', { name: made.toName, address: to }) +
    after +
    rawHeader('Date', formatDate(date)) +
    textHeader('Subject', made.subject) +
    `Message-ID: ${messageId}\r\n` +
    (made.unsubscribe.header ? longHeader('List-Unsubscribe', made.unsubscribe.header) : '') +
    (made.unsubscribe.oneClick ? 'List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n' : '') +
    list +
    extraHeaders(own, extra) +
    last;
}

/** Each name once, whatever its case; the later one holds. */
function extraHeaders(...sources: Readonly<Record<string, string>>[]): string {
  const fields = new Map<string, [string, string]>();
  for (const source of sources)
    for (const [name, value] of Object.entries(source)) fields.set(name.toLowerCase(), [name, value]);
  return [...fields.values()].map(([name, value]) => rawHeader(name, value)).join('');
}
