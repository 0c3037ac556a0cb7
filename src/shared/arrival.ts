/** One result of a receiving server's checks of a message (RFC 8601, 2.2). */
export interface AuthResult {
  /** spf, dkim, dmarc, arc, … */
  method: string;
  /** pass, fail, none, … */
  result: string;
  /** What it is about, as `header.d=example.org`. */
  about: string;
}

/** How one of our messages arrived in a mailbox. */
export interface Arrival {
  messageId: string;
  folder: string;
  placement: 'inbox' | 'junk' | 'other';
  /** From its own date to the mailbox server's own Received line, ms; null when they do not tell. */
  delayMs: number | null;
  /** Results of the mailbox's own server; no other is trusted. */
  results: readonly AuthResult[];
  /** Other servers that wrote results into it, topmost first: not trusted. */
  strangers: readonly string[];
}
