import type { MailProviderId } from '../shared/mailProviders.ts';
import type { Limits } from '../shared/transport.ts';

/** When the figures below were last compared with what the providers publish. */
export const PROVIDERS_DATE = '2026-11-23';

export type ProviderId = MailProviderId;

export interface Provider {
  id: ProviderId;
  label: string;
  /** Ends of the names of its MX hosts and relays. */
  suffixes: readonly string[];
  /** How its replies are known when the host is not, e.g. behind a relay. */
  signature?: RegExp;
  maxConnections?: number;
  maxMessagesPerConnection?: number;
  windows?: Limits['windows'];
  /** Refuses mail in the clear: no retry without TLS. */
  tlsRequired?: boolean;
}

/** Mail systems behind many domains. Limits as KumoMTA's published shaping rules have them (Apache-2.0). */
export const providers: readonly Provider[] = [
  {
    id: 'google',
    label: 'Gmail',
    suffixes: ['.google.com', '.googlemail.com', '.gmail.com'],
    signature: /\bgsmtp\b/,
    maxConnections: 5,
    maxMessagesPerConnection: 50,
    tlsRequired: true,
  },
  {
    id: 'outlook',
    label: 'Outlook.com',
    suffixes: ['.olc.protection.outlook.com', 'smtp-mail.outlook.com'],
    maxConnections: 5,
    maxMessagesPerConnection: 50,
  },
  {
    id: 'microsoft365',
    label: 'Microsoft 365',
    suffixes: ['.mail.protection.outlook.com', '.mx.microsoft', '.office365.com', '.mail.protection.office365.us'],
    signature: /\.(?:protection|prod)\.outlook\.com\b/i,
    maxConnections: 5,
    maxMessagesPerConnection: 50,
  },
  {
    id: 'yahooJapan',
    label: 'Yahoo Japan',
    suffixes: ['.yahoo.co.jp'],
    maxConnections: 2,
    maxMessagesPerConnection: 20,
    windows: [{ count: 10, perMs: 1000 }],
  },
  {
    id: 'yahoo',
    label: 'Yahoo',
    suffixes: ['.yahoodns.net', '.yahoo.com', '.aol.com'],
    maxMessagesPerConnection: 20,
  },
  {
    id: 'icloud',
    label: 'iCloud',
    suffixes: ['.icloud.com', '.me.com'],
    maxConnections: 10,
    maxMessagesPerConnection: 5,
  },
  {
    id: 'orange',
    label: 'Orange',
    suffixes: ['.orange.fr', '.wanadoo.fr'],
    signature: /\bOFR_?\d/,
    maxConnections: 2,
    maxMessagesPerConnection: 100,
    tlsRequired: true,
  },
  {
    id: 'gmx',
    label: 'GMX and WEB.DE',
    suffixes: ['.gmx.net', '.gmx.com', '.web.de'],
    maxConnections: 4,
    maxMessagesPerConnection: 20,
    tlsRequired: true,
  },
  { id: 'tonline', label: 'T-Online', suffixes: ['.t-online.de'] },
  {
    id: 'comcast',
    label: 'Comcast',
    suffixes: ['.comcast.net'],
    maxConnections: 25,
    maxMessagesPerConnection: 1000,
  },
  { id: 'cox', label: 'Cox', suffixes: ['.cox.net'] },
  {
    id: 'mimecast',
    label: 'Mimecast',
    suffixes: ['.mimecast.com', '.mimecast.co.za'],
    maxConnections: 10,
    maxMessagesPerConnection: 100,
    tlsRequired: true,
  },
  {
    id: 'barracuda',
    label: 'Barracuda',
    suffixes: ['.barracudanetworks.com'],
    maxConnections: 10,
    maxMessagesPerConnection: 15,
  },
  {
    id: 'kpn',
    label: 'KPN',
    suffixes: ['.kpnmail.nl', '.kpnxchange.com'],
    maxConnections: 10,
    maxMessagesPerConnection: 10,
  },
  { id: 'qq', label: 'QQ', suffixes: ['.qq.com'], maxConnections: 4, maxMessagesPerConnection: 8 },
  {
    id: 'netease',
    label: 'NetEase',
    suffixes: ['.163.com', '.126.com', '.netease.com'],
    maxConnections: 4,
    maxMessagesPerConnection: 7,
  },
];

/** By the name of an MX host or relay; the most specific suffix wins. */
export function providerOfHost(host: string): Provider | undefined {
  const name = `.${host.toLowerCase().replace(/\.$/, '')}`;
  let best: Provider | undefined;
  let length = 0;
  for (const provider of providers) {
    for (const suffix of provider.suffixes) {
      if (suffix.length > length && name.endsWith(suffix.startsWith('.') ? suffix : `.${suffix}`)) {
        best = provider;
        length = suffix.length;
      }
    }
  }
  return best;
}

/** By the host that said it, else by the signature in what it said. */
export function providerOfReply(host: string, text: string): Provider | undefined {
  return providerOfHost(host) ?? providers.find((provider) => provider.signature?.test(text));
}
