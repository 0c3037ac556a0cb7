/** Settings after checking, as plain values: past the door nobody reads configuration again. */
export interface Settings {
  from: string;
  replyTo: string;
  servers: Record<string, ServerSettings>;
  route: readonly string[];
  domainRoutes: Record<string, readonly string[]>;
  whenQuotaReached: 'next' | 'wait';
  direct: DirectSettings;
  dkim: Record<string, DkimSettings>;
  retry: { forMs: number };
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

/** What is advice, and so may be silenced or made to forbid sending. */
export const checkCodes = [
  'recipientsMissing',
  'fieldEmpty',
  'imageAlt',
  'deadLink',
  'insecureLink',
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
  /** Rolling windows: rate and quotas together. */
  windows: readonly { count: number; perMs: number }[];
  pause?: { every: number; forMs: number };
  /** Absolute path of an extra CA certificate file (PEM) to trust for this server, or "". */
  caFile: string;
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

export const DIRECT = 'direct';
