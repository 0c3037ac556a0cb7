import type { Reply } from '../shared/outcome.ts';

/** What a message that came back says, whoever it is about. */
export type Returned =
  | Bounce
  /** A reader, or their provider for them, says that it is unwanted (RFC 5965). `type` is abuse, opt-out, fraud, … */
  | { kind: 'complaint'; type: string; recipient: string }
  /** A report that changes nothing: still being tried (RFC 3464), delivered, or read (RFC 8098). */
  | { kind: 'notice'; action: 'delayed' | 'delivered' | 'read' }
  /** Nobody wrote it: out of office, a robot, a ticket system (RFC 3834). */
  | { kind: 'autoReply' }
  /** Wants to leave the list. `proven`: the mailbox's own server vouches for the sender's address. */
  | { kind: 'leave'; from: string; proven: boolean }
  /** A person wrote. */
  | { kind: 'reply'; from: string };

export interface Bounce {
  kind: 'bounce';
  /** A delivery status notification, or text to be guessed at. */
  form: 'report' | 'text';
  /** As the report names it, or as the text seems to; "" when neither does. */
  recipient: string;
  /** What the recipient's server said, made up from the status where it is not quoted. */
  reply: Reply;
  /** The host that said it, or "". */
  host: string;
}

export interface ReturnedMail {
  said: Returned;
  /** Marks of ours that it carries, most specific first: local parts of Message-IDs and of return paths. */
  marks: readonly string[];
  /** Unsubscribe tokens that it carries. */
  tokens: readonly string[];
  /** On one line, without what would turn its direction. */
  subject: string;
  /** With its angle brackets, "" when it has none. */
  messageId: string;
  from: string;
  /** Epoch ms, 0 when it says none. */
  at: number;
}
