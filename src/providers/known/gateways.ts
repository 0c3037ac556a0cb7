import type { Provider } from '../provider.ts';
import { block, HOUR, published, slow } from '../replyRule.ts';

const shaping = {
  source: 'https://github.com/KumoCorp/kumomta (policy-extras/shaping.toml)',
  date: '2026-11-23',
};

/** Access providers, and filters in front of other providers' servers. */
export const gateways: readonly Provider[] = [
  {
    id: 'comcast',
    label: 'Comcast',
    hosts: ['.comcast.net'],
    domains: ['comcast.net', 'xfinity.com'],
    inbound: { ...shaping, maxConnections: 25, maxMessagesPerConnection: 1000 },
    submission: [],
    replies: published('https://postmaster.comcast.net/smtp-error-codes.php', '2026-11', [
      { code: /^4/, match: /\bRL\d{6}|too many sessions/i, cause: 'rateLimited', scope: 'path', act: slow(HOUR, 2) },
      { match: /\bBL\d{6}/i, cause: 'blocklisted', scope: 'path', act: block },
    ]),
  },
  {
    id: 'cox',
    label: 'Cox',
    hosts: ['.cox.net'],
    domains: ['cox.net'],
    submission: [],
    replies: published('https://postmaster.cox.net/', '2026-11', [
      { match: /\bIPBL\d+|\bCX(?:BL|SNDR|THRT)/i, cause: 'blocklisted', scope: 'path', act: block },
    ]),
  },
  {
    id: 'mimecast',
    label: 'Mimecast',
    hosts: ['.mimecast.com', '.mimecast.co.za'],
    domains: [],
    inbound: { ...shaping, maxConnections: 10, maxMessagesPerConnection: 100, tlsRequired: true },
    submission: [],
    replies: published('https://community.mimecast.com/ (DOC-1369)', '2026-11', [
      {
        match: /poor reputation sender|local cybergraph|ip found on .*rbl/i,
        cause: 'reputation',
        scope: 'path',
        act: block,
      },
    ]),
  },
  {
    id: 'barracuda',
    label: 'Barracuda',
    hosts: ['.barracudanetworks.com'],
    domains: [],
    inbound: { ...shaping, maxConnections: 10, maxMessagesPerConnection: 15 },
    submission: [],
    replies: [],
  },
  {
    id: 'kpn',
    label: 'KPN',
    hosts: ['.kpnmail.nl', '.kpnxchange.com'],
    domains: ['kpnmail.nl', 'planet.nl', 'hetnet.nl'],
    inbound: { ...shaping, maxConnections: 10, maxMessagesPerConnection: 10 },
    submission: [],
    replies: [],
  },
];
