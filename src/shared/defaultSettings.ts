import { DIRECT, type DirectSettings, type ServerSettings, type Settings } from './settings.ts';

export const defaultServer: Omit<ServerSettings, 'host'> = {
  port: 587,
  security: 'starttls',
  user: '',
  auth: 'password',
  maxConnections: 2,
  maxMessagesPerConnection: 100,
  windows: [],
  caFile: '',
  dkim: 'auto',
  returnPath: '',
  headers: {},
};

export const defaultDirect: DirectSettings = {
  hello: '',
  tls: 'opportunistic',
  maxConnectionsPerDestination: 4,
  maxConnections: 50,
  dnsServers: [],
  port: 25,
  ipFamily: 'auto',
  localAddress: '',
  returnPath: '',
  warmUp: '',
};

export const defaultSettings: Settings = {
  from: '',
  replyTo: '',
  servers: {},
  route: [DIRECT],
  domainRoutes: {},
  whenQuotaReached: 'next',
  direct: defaultDirect,
  dkim: {},
  mailboxes: {},
  retry: { forMs: 2 * 86_400_000 },
  keepCampaigns: null,
  unsubscribe: { mailto: '', url: '' },
  postalAddress: '',
  listId: '',
  feedbackId: '',
  testRecipients: [],
  sendingHours: null,
  checks: {},
};
