/** The last reply a server gave. `text` joins all lines, without the repeated codes (RFC 5321 4.2.1). */
export interface Reply {
  /** Basic code, 200 to 599. */
  code: number;
  /** Enhanced status code (RFC 3463) such as "5.1.1", or "" when none was given. */
  enhanced: string;
  text: string;
}

/** The first digit of a reply's basic code, which alone decides what kind of reply it is (RFC 5321 4.2.1). */
export function replyClass(reply: Reply): number {
  return Math.floor(reply.code / 100);
}

/** A reply in one line; without its code where there was none (0). */
export function replyText({ code, enhanced, text }: Reply): string {
  const status = text.startsWith(enhanced) ? '' : enhanced;
  return `${code || ''} ${status} ${text}`.replace(/\s+/g, ' ').trim();
}

/** Where in a delivery something happened, in the order in which it happens. */
export type Stage =
  | 'resolve'
  | 'connect'
  | 'greeting'
  | 'ehlo'
  | 'tls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  /** Content is flowing; the final dot has not been written, so the message was not accepted. */
  | 'body'
  /** The final dot has been written. */
  | 'dot';

/** Why there was no reply. Codes are ours, not the platform's. */
export type FaultCode =
  | 'noSuchDomain'
  | 'nullMx'
  | 'noAddress'
  | 'mailLoop'
  | 'dnsTemporary'
  /** No name server can be reached from here. */
  | 'dnsOffline'
  /** The name servers fail whatever they are asked: not even names known to exist are found. */
  | 'resolverDown'
  | 'refused'
  | 'unreachable'
  /** Nothing answers on port 25: this network blocks it. */
  | 'portBlocked'
  | 'timeout'
  | 'closed'
  | 'tlsHandshake'
  | 'tlsCertificate'
  | 'tlsUnavailable'
  | 'mtaSts'
  | 'dane'
  | 'protocol'
  | 'authUnavailable'
  | 'smtputf8'
  /** The address cannot be written as an SMTP command; refused before anything was sent. */
  | 'badAddress'
  | 'tooLarge'
  | 'secretMissing'
  | 'aborted'
  | 'gateFailed';

/** How one attempt ended, before it is judged. */
export type AttemptEnd =
  | { kind: 'reply'; stage: Stage; reply: Reply }
  /** `detail`: English of `faultDetails`, or the platform's words; `detailText` puts it into a reader's language. */
  | { kind: 'fault'; stage: Stage; code: FaultCode; detail: string };

/** A server's reply, or what went wrong, in one line. */
export function endText(end: AttemptEnd): string {
  return end.kind === 'fault' ? end.detail : replyText(end.reply);
}

/** What a failure is about; decides who else is affected by it (DELIVERY rules, docs/architecture.md). */
export type Scope = 'recipient' | 'path' | 'account' | 'identity' | 'message' | 'remote';

/** The cause in the report's words; the host translates it, the engine never does. */
export type Cause =
  | 'delivered'
  | 'unknownUser'
  | 'mailboxDisabled'
  | 'mailboxFull'
  | 'recipientRate'
  | 'recipientPolicy'
  /** The address has non-ASCII characters, and the server does not accept them (no SMTPUTF8). */
  | 'beyondAscii'
  | 'badDomain'
  | 'nullMx'
  | 'greylisted'
  | 'rateLimited'
  | 'tooManyConnections'
  | 'blocklisted'
  | 'reputation'
  | 'noReverseDns'
  | 'authenticationFailed'
  | 'tlsRequired'
  | 'tlsFailed'
  | 'policyTls'
  | 'quota'
  | 'credentials'
  | 'accountSuspended'
  | 'senderNotAllowed'
  | 'relayDenied'
  | 'policyRefused'
  | 'tooLarge'
  | 'malformed'
  | 'content'
  | 'virus'
  | 'dns'
  | 'connect'
  /** This network blocks port 25, or the name servers. */
  | 'portBlocked'
  | 'noNameServer'
  | 'timeout'
  | 'closed'
  | 'protocol'
  | 'otherTemporary'
  | 'otherPermanent'
  | 'noReply'
  | 'stopped';

/** What an attempt means for its delivery. */
export type Outcome =
  | { kind: 'delivered' }
  /**
   * Not accepted, and the fault is not the recipient's: the next transport of the route, now. Where there is none,
   * `otherwise` holds: `later` over the same transport (the default), or `rejected` as asking again would change nothing.
   */
  | { kind: 'nextTransport'; otherwise?: 'later' | 'rejected' }
  /** Retried via the same route. `afterMs` overrides the schedule; `free` means no attempt is counted. */
  | { kind: 'later'; afterMs?: number; free?: boolean; maxTries?: number; nextTransportAfterTries?: number }
  /** Final. `suppress` when the address must never be mailed again (a hard bounce). */
  | { kind: 'rejected'; suppress: boolean }
  /** The final dot was sent and no reply came back. Only a person decides. */
  | { kind: 'inDoubt' };

/** What an attempt means beyond its delivery. */
export type Effect =
  | { kind: 'none' }
  /** The destination pauses, then resumes with at most `maxConnections`. */
  | { kind: 'restDestination'; forMs: number; maxConnections?: number }
  /** The destination is busy: half the connections, and at most one new one a second. Nothing pauses. */
  | { kind: 'easeOff' }
  /** The transport is closed for all (quota, credentials, port 25 blocked); it is probed from `forMs` on. `after` so many in a row; absent = at once. */
  | { kind: 'closeTransport'; forMs: number; needsAction: boolean; after?: number }
  /** Sender identity or message is refused: the rest of the list would be refused as well. `after` such verdicts; absent = at once. */
  | { kind: 'pauseCampaign'; after?: number };

export interface Verdict {
  scope: Scope;
  cause: Cause;
  outcome: Outcome;
  effect: Effect;
  /**
   * The words leave no doubt what it is about. If false, several equal ones are worth a second opinion: one row
   * via the backup tells whether it was the reader.
   */
  sure: boolean;
  /** The limit named in the reply (cause `quota`); the ledger fills in what is missing. */
  limit?: HeardLimit;
}

/** A limit as the server states it: at most `count` messages in `perMs` milliseconds. */
export interface HeardLimit {
  count?: number;
  perMs?: number;
}
