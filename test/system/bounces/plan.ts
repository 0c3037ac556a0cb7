import type { Domain, Software } from '../internet/plan.ts';

/** Where readers live: each software is a town. */
export const TOWNS = [
  { name: 'pine.example', software: 'postfix' },
  { name: 'elm.example', software: 'exim' },
  { name: 'oak.example', software: 'opensmtpd' },
] as const satisfies { name: string; software: Software }[];

/**
 * One of each lives in every town. `gone` is refused while the sender waits, `dead` is accepted and then sent back, `full`
 * is accepted and has no room left; the others get their letter and answer it, or do not.
 */
export const READERS = ['calm', 'gone', 'dead', 'full', 'away', 'angry', 'leaver', 'writer'] as const;
export type Reader = (typeof READERS)[number];

/** Those who find the letter in their mailbox. */
export const REACHED: readonly Reader[] = ['calm', 'away', 'angry', 'leaver', 'writer'];

const MAILBOX = 'letters.example';
/** Every local part of it is the same mailbox: a return path without plus addressing. */
const CATCH_ALL = 'back.example';

export interface Sending {
  name: string;
  /** By which way it leaves, and under which port the relay takes it. */
  way: { kind: 'direct' } | { kind: 'relay'; port: number };
  returnPath: string;
  /** Who can be known by what comes back: everybody, or only who leaves with the token of their letter. */
  proven: 'all' | 'leavers';
}

/** What the relay does to a letter, by the port that takes it. */
export const RELAY = { honest: 587, rewritesSender: 588, rewritesMessageId: 589, rewritesBoth: 590 } as const;

export const PLUS = `bounces+{{ verp }}@${MAILBOX}`;

export const SENDINGS: readonly Sending[] = [
  { name: 'direct, plus', way: { kind: 'direct' }, returnPath: PLUS, proven: 'all' },
  { name: 'direct, no return path', way: { kind: 'direct' }, returnPath: '', proven: 'all' },
  {
    name: 'relay, catch-all',
    way: { kind: 'relay', port: RELAY.honest },
    returnPath: `{{ verp }}@${CATCH_ALL}`,
    proven: 'all',
  },
  {
    name: 'relay that rewrites the sender',
    way: { kind: 'relay', port: RELAY.rewritesSender },
    returnPath: PLUS,
    proven: 'all',
  },
  {
    name: 'relay that rewrites Message-ID',
    way: { kind: 'relay', port: RELAY.rewritesMessageId },
    returnPath: PLUS,
    proven: 'all',
  },
  {
    name: 'relay that rewrites both',
    way: { kind: 'relay', port: RELAY.rewritesBoth },
    returnPath: PLUS,
    proven: 'leavers',
  },
];

/** Messages that come back of one sending, in all towns. */
export function comesBack({ way }: Sending): number {
  const late = ['dead', 'full', 'away', 'angry', 'leaver', 'writer', ...(way.kind === 'relay' ? ['gone'] : [])];
  return late.length * TOWNS.length;
}

export const MAIL_DOMAINS: readonly Pick<Domain, 'name' | 'dns'>[] = [
  ...TOWNS.map(({ name, software }) => ({ name, dns: oneMx(software) })),
  { name: MAILBOX, dns: oneMx('home') },
  { name: CATCH_ALL, dns: oneMx('home') },
];

function oneMx(host: Software | 'home'): Domain['dns'] {
  return { kind: 'mx', hosts: [{ host, preference: 10 }] };
}
