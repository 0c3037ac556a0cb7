/** When the limits below were last compared with what the providers publish. They drift: show them as editable. */
export const PRESETS_DATE = '2026-11-23';

/** What a server's provider allows, in the words of the settings; a starting point that a person may change. */
export interface ServerPreset {
  id: string;
  label: string;
  host: string;
  port: number;
  security: 'tls' | 'starttls';
  auth: 'password' | 'oauth2';
  maxConnections?: number;
  rate?: string;
  quota?: readonly string[];
  /** What a person must know before the first message; a key of the front door's own words. */
  hint?: 'appPassword' | 'oauthOnly' | 'basicAuthEnds' | 'relayByAddress';
}

export const serverPresets: readonly ServerPreset[] = [
  {
    id: 'gmail',
    label: 'Gmail',
    host: 'smtp.gmail.com',
    port: 465,
    security: 'tls',
    auth: 'password',
    quota: ['500/day'],
    hint: 'appPassword',
  },
  {
    id: 'workspace',
    label: 'Google Workspace',
    host: 'smtp.gmail.com',
    port: 465,
    security: 'tls',
    auth: 'password',
    quota: ['2000/day'],
    hint: 'appPassword',
  },
  {
    id: 'workspaceRelay',
    label: 'Google Workspace SMTP Relay',
    host: 'smtp-relay.gmail.com',
    port: 587,
    security: 'starttls',
    auth: 'password',
    quota: ['10000/day'],
    hint: 'relayByAddress',
  },
  {
    id: 'exchangeOnline',
    label: 'Microsoft 365 (Exchange Online)',
    host: 'smtp.office365.com',
    port: 587,
    security: 'starttls',
    auth: 'oauth2',
    maxConnections: 3,
    rate: '30/minute',
    quota: ['10000/day'],
    hint: 'basicAuthEnds',
  },
  {
    id: 'outlook',
    label: 'Outlook.com, Hotmail',
    host: 'smtp-mail.outlook.com',
    port: 587,
    security: 'starttls',
    auth: 'oauth2',
    quota: ['300/day'],
    hint: 'oauthOnly',
  },
];

/** The preset of a host, for limits to propose where someone typed it in. */
export function presetForHost(host: string): ServerPreset | undefined {
  const name = host.trim().toLowerCase().replace(/\.$/, '');
  return serverPresets.find((preset) => preset.host === name);
}
