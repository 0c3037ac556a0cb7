import type { Security } from '../shared/settings.ts';
import type { Limits } from '../shared/transport.ts';
import type { ReplyRule, Source } from './replyRule.ts';

/** Everything known of one mail provider. One file each; `validate.ts` defines valid data, and a test runs it. */
export interface Provider {
  /** A key of `envoi.domainRoutes`. */
  id: string;
  label: string;
  /** Ends of the names of its MX hosts and relays: ".example.net", or "mx.example.net" and what is beneath. */
  hosts: readonly string[];
  /** How its replies are recognized when the host is not known, e.g. behind a relay. */
  signature?: RegExp;
  /** Domains of its mailboxes: only this provider can send for these addresses. "yahoo.*" stands for every ending. */
  domains: readonly string[];
  /** Providers whose servers also send for these domains. */
  kin?: readonly string[];
  /** What it accepts from unknown senders. */
  inbound?: Inbound;
  /** Its servers for account holders, as the wizard offers them. */
  submission: readonly Submission[];
  /** Why our own DKIM signature does not survive there: it signs itself. */
  signs?: Source & { why: string };
  /** What a domain's owner has to put into DNS for its servers to send for that domain. */
  sender?: SenderRules;
  /** What it requires of bulk senders to its mailboxes. */
  bulk?: BulkRules;
  oauth?: OAuth;
  /** Its replies; the first match wins. */
  replies: readonly ReplyRule[];
}

export type BulkWish = 'spf' | 'dkim' | 'dmarc' | 'oneClick';

export interface BulkRules extends Source {
  /** Messages a day from which the rules apply. */
  from: number;
  wants: readonly BulkWish[];
}

export interface SenderRules extends Source {
  /** The domain that the SPF record must include. */
  spf?: string;
  /** It sends with an envelope of its own domain: SPF passes for that one, and proves nothing about the sender's. */
  ownEnvelope?: true;
  /** Selectors of its DKIM keys in the sender's domain, where they are the same for everybody. */
  selectors?: readonly string[];
}

export interface Inbound extends Source {
  maxConnections?: number;
  maxMessagesPerConnection?: number;
  windows?: Limits['windows'];
  /** Refuses unencrypted mail: no retry without TLS. */
  tlsRequired?: boolean;
}

/** One of a provider's servers, in the words of the settings; a starting point that a person may change. */
export interface Submission {
  id: string;
  label: string;
  host: string;
  port: number;
  security: Extract<Security, 'tls' | 'starttls'>;
  auth: 'password' | 'oauth2';
  limits?: SubmissionLimits;
  hint?: Hint;
  /** Where the same account's mail is read. */
  imap?: Imap;
}

/** A server of mailboxes (IMAP); 993 with TLS unless stated otherwise. */
export interface Imap {
  host: string;
  port?: number;
  security?: 'starttls';
  /** The name in the Authentication-Results fields it writes (RFC 8601), where it is published. */
  authServer?: string;
}

export interface SubmissionLimits extends Source {
  maxConnections?: number;
  rate?: string;
  quota?: readonly string[];
}

/** What a person must know before the first message; the front door has the text. */
export type Hint =
  /** Created in the account under that name, on that page. */
  | { kind: 'appPassword'; account: string; url?: string }
  | { kind: 'oauthOnly' }
  | { kind: 'basicAuthEnds' }
  | { kind: 'relayByAddress' }
  /** User name and password come from that page of the account. */
  | { kind: 'smtpKey'; page: string }
  /** The user name is this word for everybody; the password is a key from that page. */
  | { kind: 'fixedUser'; user: string; page: string };

export type OAuth =
  | { by: 'google'; authorizeUrl: string; tokenUrl: string; scope: string }
  /** One token is for one purpose. */
  | { by: 'microsoft'; scopes: Readonly<Record<'smtp' | 'imap', readonly string[]>> };
