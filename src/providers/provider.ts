import type { Security } from '../shared/settings.ts';
import type { Limits } from '../shared/transport.ts';
import type { ReplyRule, Source } from './replyRule.ts';

/** All that is known of one mail provider. One file each; `validate.ts` says what a good one is, and a test asks it. */
export interface Provider {
  /** A key of `envoi.domainRoutes`. */
  id: string;
  label: string;
  /** Ends of the names of its MX hosts and relays: ".example.net", or "mx.example.net" and what is beneath. */
  hosts: readonly string[];
  /** How its replies are known when the host is not, e.g. behind a relay. */
  signature?: RegExp;
  /** Domains of its mailboxes: for these addresses nobody else can send. "yahoo.*" stands for every ending. */
  domains: readonly string[];
  /** Providers whose servers send for these domains too. */
  kin?: readonly string[];
  /** What it takes from a stranger. */
  inbound?: Inbound;
  /** Its servers for those who have an account, as the wizard offers them. */
  submission: readonly Submission[];
  /** Why our own DKIM signature does not survive there: it signs itself. */
  signs?: Source & { why: string };
  /** What a domain's owner has to put into DNS for its servers to send for that domain. */
  sender?: SenderRules;
  /** What it wants of whoever sends much to its mailboxes. */
  bulk?: BulkRules;
  oauth?: OAuth;
  /** What it says, in its own words; the first match wins. */
  replies: readonly ReplyRule[];
}

export type BulkWish = 'spf' | 'dkim' | 'dmarc' | 'oneClick';

export interface BulkRules extends Source {
  /** Messages a day from which they hold. */
  from: number;
  wants: readonly BulkWish[];
}

export interface SenderRules extends Source {
  /** The domain that the SPF record must include. */
  spf?: string;
  /** It sends with an envelope of its own domain: SPF passes for that one, and proves nothing of the sender's. */
  ownEnvelope?: true;
  /** Selectors of its DKIM keys in the sender's domain, where they are the same for everybody. */
  selectors?: readonly string[];
}

export interface Inbound extends Source {
  maxConnections?: number;
  maxMessagesPerConnection?: number;
  windows?: Limits['windows'];
  /** Refuses mail in the clear: no retry without TLS. */
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

/** A server of mailboxes (IMAP); 993 with TLS unless it says otherwise. */
export interface Imap {
  host: string;
  port?: number;
  security?: 'starttls';
  /** The name with which it signs Authentication-Results (RFC 8601), where it is published. */
  authServer?: string;
}

export interface SubmissionLimits extends Source {
  maxConnections?: number;
  rate?: string;
  quota?: readonly string[];
}

/** What a person must know before the first message; the front door has the words. */
export type Hint =
  /** Made in the account of that name, on that page. */
  | { kind: 'appPassword'; account: string; url?: string }
  | { kind: 'oauthOnly' }
  | { kind: 'basicAuthEnds' }
  | { kind: 'relayByAddress' }
  /** User name and password come from that page of the account. */
  | { kind: 'smtpKey'; page: string }
  /** The user name is this word, whoever you are; the password is a key from that page. */
  | { kind: 'fixedUser'; user: string; page: string };

export type OAuth =
  | { by: 'google'; authorizeUrl: string; tokenUrl: string; scope: string }
  /** One token serves one purpose. */
  | { by: 'microsoft'; scopes: Readonly<Record<'smtp' | 'imap', readonly string[]>> };
