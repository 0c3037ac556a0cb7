/** One thing that a receiving server found out about a message (RFC 8601, 2.2). */
export interface AuthResult {
  /** spf, dkim, dmarc, arc, … */
  method: string;
  /** pass, fail, none, … */
  result: string;
  /** What it is about, as `header.d=example.org`. */
  about: string;
}

/** How a message of ours came to a mailbox. */
export interface Arrival {
  messageId: string;
  folder: string;
  placement: 'inbox' | 'junk' | 'other';
  /** From its own date to the mailbox server's own Received line, ms; null when they do not tell. */
  delayMs: number | null;
  /** What the mailbox's own server found out; nobody else's word is taken. */
  results: readonly AuthResult[];
  /** Who else wrote results into it, topmost first: not believed. */
  strangers: readonly string[];
}
