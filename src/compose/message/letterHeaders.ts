import { domainOf } from '../../shared/address.ts';
import { oneLine } from '../liquid/safeHtml.ts';
import type { Newsletter } from '../newsletter.ts';
import type { RenderedLetter } from '../renderLetter.ts';
import { Field } from './field.ts';
import { formatDate, longHeader, mailboxHeader, rawHeader, textHeader } from './headers.ts';
import { listIdHeader } from './listId.ts';

/** What differs between messages, apart from what was rendered for the reader. */
export interface Envelope {
  to: string;
  messageId: string;
  date: number;
  /** Fields that the server requires; they come before the letter's own. */
  extra: Readonly<Record<string, string>>;
}

/** The head of each message; fields that are the same for all are made once, and the same objects each time. */
export function createHeaders(
  newsletter: Newsletter,
  contentType: string,
): (made: RenderedLetter, envelope: Envelope) => readonly Field[] {
  const fixed = (text: string) => (text === '' ? [] : [new Field(text)]);
  const from = fixed(mailboxHeader('From', newsletter.from));
  const replyTo = fixed(newsletter.replyTo ? mailboxHeader('Reply-To', newsletter.replyTo) : '');
  const isNewsletter = newsletter.kind === 'newsletter';
  const own: Record<string, string> = {
    // Keeps auto-responders from answering (RFC 3834 defines the first, Exchange reads the second).
    ...(isNewsletter ? { Precedence: 'bulk', 'X-Auto-Response-Suppress': 'OOF, AutoReply' } : {}),
    ...(newsletter.feedbackId ? { 'Feedback-ID': oneLine(newsletter.feedbackId) } : {}),
    ...newsletter.headers,
  };
  const oneClick = fixed('List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n');
  const listId = newsletter.listId || `newsletter.${domainOf(newsletter.from.address)}`;
  const list = fixed(isNewsletter && newsletter.from.address !== '' ? listIdHeader(listId) : '');
  const last = [...fixed('MIME-Version: 1.0\r\n'), ...fixed(`Content-Type: ${contentType}\r\n`)];
  const extras = createExtras(own);
  return (made, { to, messageId, date, extra }) => [
    ...from,
    new Field(mailboxHeader('To', { name: made.toName, address: to })),
    ...replyTo,
    new Field(rawHeader('Date', formatDate(date))),
    new Field(textHeader('Subject', made.subject)),
    new Field(`Message-ID: ${messageId}\r\n`),
    ...(made.unsubscribe.header ? [new Field(longHeader('List-Unsubscribe', made.unsubscribe.header))] : []),
    ...(made.unsubscribe.oneClick ? oneClick : []),
    ...list,
    ...extras(extra),
    ...last,
  ];
}

/** The letter's own fields and those of a transport, each name once, whatever its case; the transport's wins. Cached by transport. */
function createExtras(own: Readonly<Record<string, string>>): (extra: Envelope['extra']) => readonly Field[] {
  const known = new WeakMap<Envelope['extra'], readonly Field[]>();
  return (extra) => {
    let fields = known.get(extra);
    if (!fields) {
      const byName = new Map<string, [string, string]>();
      for (const source of [own, extra])
        for (const [name, value] of Object.entries(source)) byName.set(name.toLowerCase(), [name, value]);
      fields = [...byName.values()].map(([name, value]) => new Field(rawHeader(name, value)));
      known.set(extra, fields);
    }
    return fields;
  };
}
