import type { ServerProbe } from '../../../src/shared/serverProbe.ts';

/** How long anvil, which counts for Postfix, counts before it begins again. */
export const UNIT_SECONDS = 30;

export interface LimitedPostfix {
  name: string;
  /** Settings of main.cf that this one has. */
  limits: Record<string, string>;
  messages: number;
  /** What must be found, and no more than that is looked at. */
  found: Partial<Pick<ServerProbe, 'ended' | 'connections' | 'perConnection' | 'refusedAfter' | 'messages'>>;
  /** Messages in `UNIT_SECONDS`; null = no limit. */
  rate: number | null;
  says?: RegExp;
}

/** Postfix's own limits for one client, each by itself. */
export const POSTFIXES: readonly LimitedPostfix[] = [
  {
    name: 'few',
    limits: { smtpd_client_connection_count_limit: '3' },
    messages: 30,
    found: { ended: 'messages', messages: 30, connections: { limit: 3, seen: 3 }, refusedAfter: null },
    rate: null,
  },
  {
    name: 'slow',
    limits: { smtpd_client_message_rate_limit: '20' },
    messages: 100,
    found: { ended: 'complete', connections: { limit: null, seen: 20 }, refusedAfter: 20 },
    rate: 20,
    says: /too much mail/,
  },
  {
    name: 'both',
    limits: { smtpd_client_connection_count_limit: '2', smtpd_client_message_rate_limit: '15' },
    messages: 100,
    found: { ended: 'complete', connections: { limit: 2, seen: 2 }, refusedAfter: 15 },
    rate: 15,
  },
  {
    name: 'readers',
    limits: { smtpd_client_recipient_rate_limit: '20' },
    messages: 100,
    found: { ended: 'complete', refusedAfter: 20 },
    rate: 20,
    says: /too many recipients/,
  },
  {
    name: 'often',
    limits: { smtpd_client_connection_rate_limit: '8' },
    messages: 20,
    found: { ended: 'messages', messages: 20, connections: { limit: null, seen: 8 }, refusedAfter: null },
    rate: null,
  },
  {
    name: 'small',
    limits: { message_size_limit: '400' },
    messages: 20,
    found: { ended: 'refused', messages: 0 },
    rate: null,
    says: /the server takes 400$/,
  },
  {
    name: 'single',
    limits: { smtpd_recipient_limit: '1' },
    messages: 20,
    found: { ended: 'messages', messages: 20, refusedAfter: null },
    rate: null,
  },
];

export const TESTER = 'ada@post.example';
export const addressOf = (index: number): string => `127.0.0.${11 + index}`;
