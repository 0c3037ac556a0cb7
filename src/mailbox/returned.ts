import type { Reply } from '../shared/outcome.ts';

/** What a returned message says, whoever it is about. */
export type Returned =
  | Bounce
  /** A reader, or their provider on their behalf, says that the mail is unwanted (RFC 5965). `type` is abuse, opt-out, fraud, … */
  | { kind: 'complaint'; type: string; recipient: string }
  /** A report that changes nothing: still being tried (RFC 3464), delivered, or read (RFC 8098). */
  | { kind: 'notice'; action: 'delayed' | 'delivered' | 'read' }
  /** Written by a program: out of office, a robot, a ticket system (RFC 3834). */
  | { kind: 'autoReply' }
  /** An unsubscribe request. `proven`: the mailbox's own server vouches for the sender's address. */
  | { kind: 'leave'; from: string; proven: boolean }
  /** Written by a person. */
  | { kind: 'reply'; from: string };

export interface Bounce {
  kind: 'bounce';
  /** A delivery status notification, or text that has to be interpreted. */
  form: 'report' | 'text';
  /** As the report names it, or as the text seems to; "" when neither does. */
  recipient: string;
  /** The reply of the recipient's server, constructed from the status where it is not quoted. */
  reply: Reply;
  /** The host that replied, or "". */
  host: string;
}

export interface ReturnedMessage {
  said: Returned;
  /** Our marks in it, most specific first: local parts of Message-IDs and of return paths. */
  marks: readonly string[];
  /** Unsubscribe tokens in it. */
  tokens: readonly string[];
  /** On one line, without characters that change its direction. */
  subject: string;
  /** With its angle brackets, "" when it has none. */
  messageId: string;
  from: string;
  /** Epoch ms, 0 when it says none. */
  at: number;
}
