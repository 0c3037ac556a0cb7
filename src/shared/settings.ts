/** Settings after checking, as plain values: nothing else reads the configuration. */
export interface Settings {
  from: string;
  replyTo: string;
  servers: Record<string, ServerSettings>;
  route: Route;
  /** No route is set and there is no server: direct delivery was not chosen by anybody. */
  directAssumed?: boolean;
  domainRoutes: Record<string, Route>;
  whenQuotaReached: 'next' | 'wait';
  direct: DirectSettings;
  dkim: Record<string, DkimSettings>;
  mailboxes: Record<string, MailboxSettings>;
  retry: { forMs: number };
  /** Ended campaigns older than this are deleted when the next one starts; null = kept forever. Campaigns of older builds have none. */
  keepCampaigns?: { forMs: number } | null;
  unsubscribe: { mailto: string; url: string };
  postalAddress: string;
  listId: string;
  feedbackId: string;
  testRecipients: readonly string[];
  /** Deliver only inside these hours; null = at any time. */
  sendingHours: SendingHours | null;
  /** Levels of findings, by their code, where they differ from Envoi's own. */
  checks: Readonly<Partial<Record<CheckCode, CheckLevel>>>;
}

/** Transports in the order in which they are used; those of an entry that is a list are used in parallel. */
export type Route = readonly (string | readonly string[])[];

/** All transports a campaign of these settings may use, each once, those of the default route first. */
export function transportNames(settings: Pick<Settings, 'route' | 'domainRoutes'>): string[] {
  return [...new Set([settings.route, ...Object.values(settings.domainRoutes)].flat(2))];
}

/** Advice, which may be silenced or made to prevent sending. */
export const checkCodes = [
  'recipientsMissing',
  'fieldEmpty',
  'fieldValue',
  'imageAlt',
  'deadLink',
  'insecureLink',
  'clientSupport',
  'clipped',
  'notAligned',
  'overQuota',
  'oneClick',
] as const;
export type CheckCode = (typeof checkCodes)[number];

export const checkLevels = ['off', 'info', 'warning', 'error'] as const;
export type CheckLevel = (typeof checkLevels)[number];

/** Days count from 0 (Sunday) to 6; minutes from midnight in the IANA zone. */
export interface SendingHours {
  days: readonly number[];
  fromMinute: number;
  toMinute: number;
  zone: string;
}

export type Security = 'tls' | 'starttls' | 'none';

export interface ServerSettings {
  host: string;
  port: number;
  security: Security;
  user: string;
  auth: 'password' | 'oauth2' | 'none';
  maxConnections: number;
  maxMessagesPerConnection: number;
  /** Messages unanswered at once on a connection to a server with CHUNKING; absent = 1, as in campaigns of older builds. */
  pipelineDepth?: number;
  /** Rolling windows: rate and quotas together. */
  windows: readonly { count: number; perMs: number }[];
  pause?: { every: number; forMs: number };
  /** Absolute path of an extra CA certificate file (PEM) to trust for this server, or "". */
  caFile: string;
  /** Whose DKIM signature its messages carry: ours by envoi.dkim, or the server's alone. `auto`: as known of the server. */
  dkim: 'auto' | 'own' | 'provider';
  /** Where bounces go (MAIL FROM); "" = the address in From. */
  returnPath: string;
  /** Header fields for messages via this server. */
  headers: Readonly<Record<string, string>>;
}

export interface DirectSettings {
  hello: string;
  /** "opportunistic" encrypts when offered; "required" never sends in the clear. */
  tls: 'opportunistic' | 'required';
  maxConnectionsPerDestination: number;
  maxConnections: number;
  dnsServers: readonly string[];
  port: number;
  ipFamily: 'auto' | 'ipv4' | 'ipv6';
  localAddress: string;
  /** Where bounces go (MAIL FROM); "" = the address in From. */
  returnPath: string;
  /** The day a new domain or address began to send, as 2026-11-25: volume grows from there. "" = no plan. */
  warmUp: string;
}

/** An IMAP mailbox that is read for what comes back. */
export interface MailboxSettings {
  host: string;
  port: number;
  security: Security;
  user: string;
  auth: 'password' | 'oauth2';
  folder: string;
  /** The name in the Authentication-Results its server writes (RFC 8601); "" = no results are trusted. */
  authServer: string;
}

export interface DkimSettings {
  selector: string;
  /** Absolute path. The key itself is read by the engine and never stored. */
  privateKeyFile: string;
}

/** The key under which a server's password is kept: by host, port and user, never by name alone. */
export function secretKey(server: Pick<ServerSettings, 'host' | 'port' | 'user'>): string {
  return `${server.user}@${server.host.toLowerCase()}:${server.port}`;
}

/** The mailbox and folder that the reading position is stored under. */
export function mailboxAccount(mailbox: MailboxSettings): string {
  return `${secretKey(mailbox)}/${mailbox.folder}`;
}

export const DIRECT = 'direct';
