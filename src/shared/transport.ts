import type { AttemptEnd } from './outcome.ts';

/** Limits of one server or destination; every number counts messages unless it says otherwise. */
export interface Limits {
  maxConnections: number;
  maxMessagesPerConnection: number;
  /** At most `count` messages in any `perMs` milliseconds, rolling: rates and quotas alike. */
  windows: readonly Window[];
  /** After every `every` messages of one connection set, pause for `forMs`. */
  pause?: { every: number; forMs: number };
}

export interface Window {
  count: number;
  perMs: number;
}

/** What shares one mail system: a relay, or for direct the domains behind the same MX hosts. */
export interface Destination {
  /** Stable key; equal keys share connections, limits, breaker. */
  key: string;
  /** For people: server name, or the MX operator or domain. */
  label: string;
  limits: Limits;
  /** The mail system it belongs to, when several destinations do: together they keep to its limits. */
  operator?: { key: string; label: string; maxConnections: number; windows: readonly Window[] };
  /** Whether concurrency grows on success and shrinks on trouble (direct) or is fixed (relay). */
  adaptive: boolean;
}

/** One message on its way over a session. */
export interface Outgoing {
  /** Envelope addresses as they go on the wire, domains as A-labels. */
  from: string;
  to: string;
  /** The whole message with CRLF line ends, not yet dot-stuffed (RFC 5321 4.5.2). */
  bytes: Uint8Array;
  /**
   * The commit gate: called once when only the final dot is left to write. The dot is written when it resolves.
   * When it rejects, the session destroys its connection without the dot and ends with fault `gateFailed`.
   */
  commit(): Promise<void>;
}

export interface Sending {
  /** Settles when the server has replied to the envelope: content is being sent, or it ended. Never rejects. */
  answered: Promise<void>;
  /** Settles when the next message may be submitted: dot written, or this one ended earlier. Never rejects. */
  ready: Promise<void>;
  /** How it ended. Never rejects. */
  end: Promise<AttemptEnd>;
}

/** One SMTP connection, past greeting, EHLO, TLS and AUTH. */
export interface Session {
  readonly host: string;
  readonly address: string;
  readonly tls: string;
  /** Messages this connection may still carry by the server's own announcement (RFC 9422), or Infinity. */
  readonly remaining: number;
  /** True until QUIT, destruction, or the connection's end. */
  readonly usable: boolean;
  /** Submits one message. The next may be submitted once `ready` has settled. */
  send(message: Outgoing): Sending;
  /** QUIT once messages in progress have ended, then close; waits a few seconds for the reply */
  quit(): Promise<void>;
  /** Closes at once. What had not ended ends with fault `aborted` or, after the dot, `closed` at stage `dot`. */
  destroy(): void;
}

export type Located = { kind: 'destination'; destination: Destination } | { kind: 'ended'; end: AttemptEnd };
export type Opened = { kind: 'session'; session: Session } | { kind: 'ended'; end: AttemptEnd; host: string };

/** How mail leaves: a relay or direct. The queue knows nothing else about it. */
export interface Transport {
  /** "direct" or the name of a server. */
  readonly name: string;
  /** Identity under which quota use is kept in the store: host, port and user, so renaming changes nothing. */
  readonly accountKey: string;
  /** Finds the destination of a recipient domain (A-labels, lower case). Never rejects. */
  locate(domain: string, signal: AbortSignal): Promise<Located>;
  /** Opens a session. Walks hosts and addresses as its rules say. Never rejects. */
  openSession(destination: Destination, signal: AbortSignal): Promise<Opened>;
}
