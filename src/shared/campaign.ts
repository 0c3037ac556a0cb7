import type { LeftOut } from './leftOut.ts';
import type { Cause, Scope } from './outcome.ts';

export const deliveryStates = [
  'queued',
  'sending',
  'deferred',
  'sent',
  'rejected',
  'expired',
  'suppressed',
  'inDoubt',
  'cancelled',
] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/**
 * The groups shown to people, with the same names everywhere: each state is in exactly one group, so that the numbers of a page
 * add up. Failed means refused or given up: neither in doubt, nor cancelled, nor left out.
 */
export const deliveryGroups = {
  sent: ['sent'],
  failed: ['rejected', 'expired'],
  waiting: ['queued', 'sending', 'deferred'],
  inDoubt: ['inDoubt'],
  suppressed: ['suppressed'],
  cancelled: ['cancelled'],
} as const satisfies Record<string, readonly DeliveryState[]>;
export type DeliveryGroup = keyof typeof deliveryGroups;

/** Who may be sent it again: they certainly did not get it. */
export const resendable: readonly DeliveryState[] = [...deliveryGroups.failed, ...deliveryGroups.cancelled];

export function countIn(counts: Record<DeliveryState, number>, states: readonly DeliveryState[]): number {
  return states.reduce((sum, state) => sum + counts[state], 0);
}

export function failedCount({ counts }: Pick<CampaignSnapshot, 'counts'>): number {
  return countIn(counts, deliveryGroups.failed);
}

/** Those whose result is not known yet. */
export function openCount({ counts }: Pick<CampaignSnapshot, 'counts'>): number {
  return countIn(counts, deliveryGroups.waiting);
}

/** Final unless a person acts. */
export function settledCount({ counts }: Pick<CampaignSnapshot, 'counts'>): number {
  return countIn(counts, deliveryStates) - openCount({ counts });
}

/** `needsAction`: it stopped by itself and a person must act first; `attention` says why. */
export type CampaignState = 'scheduled' | 'running' | 'paused' | 'needsAction' | 'done' | 'cancelled';

/** Why nothing is being sent although the campaign runs, or what a person must do. Codes; the front door has the words. */
export type Attention =
  | { kind: 'quota'; transport: string; until: number }
  | { kind: 'retry'; until: number }
  | { kind: 'scheduled'; until: number }
  | { kind: 'outsideHours'; until: number }
  | { kind: 'offline'; until: number }
  | { kind: 'transportClosed'; transport: string; cause: Cause; text: string; until: number }
  | { kind: 'secretMissing'; transport: string; secretKey: string }
  | { kind: 'refused'; scope: Scope; cause: Cause; text: string }
  | { kind: 'inDoubt'; count: number }
  /** Too many of those who had it by then have no mailbox, or complained: continuing would harm the sender. */
  | { kind: 'burning'; by: 'bounces' | 'complaints'; count: number; of: number }
  | { kind: 'diskFull'; text: string }
  | { kind: 'missed'; at: number }
  | { kind: 'brokenCampaign'; text: string };

export interface TransportSnapshot {
  name: string;
  /** Host and port of a relay, "" for direct. */
  host: string;
  state: 'ready' | 'resting' | 'limited' | 'closed';
  until: number;
  connections: number;
  sent: number;
  deferred: number;
  rejected: number;
  /** Use of every quota of an hour or longer. */
  quota: readonly { count: number; perMs: number; used: number; freeAt: number }[];
  lastError: string;
  /** The limit its server last enforced. */
  learned: LearnedLimit | null;
}

/** At most `count` messages in `perMs`, as a server said when it refused or as our own ledger tells. */
export interface LearnedLimit {
  count: number;
  perMs: number;
  at: number;
  /** The refusal. */
  text: string;
}

/** Nothing more happens unless a person acts. */
export function isOver({ state }: { state: CampaignState }): boolean {
  return state === 'done' || state === 'cancelled';
}

/** How many Resend to Failed may reach: none while it runs, and no missing mailboxes. */
export function resendCount(campaign: Pick<CampaignSnapshot, 'state' | 'counts' | 'resendable'>): number {
  return isOver(campaign) ? (campaign.resendable ?? countIn(campaign.counts, resendable)) : 0;
}

/** All that a status bar, a progress bar and a tree need to know of a campaign. */
export interface CampaignSnapshot {
  id: string;
  subject: string;
  document: string;
  recipients: string;
  /** Its lists after the first. */
  moreLists?: readonly string[];
  kind: 'send' | 'test';
  state: CampaignState;
  createdAt: number;
  startAt: number;
  finishedAt: number;
  total: number;
  counts: Record<DeliveryState, number>;
  /** Rows left out when it was made. */
  refused: { invalid: number; duplicate: number; suppressed: number };
  /** The same by reason. */
  leftOut?: Partial<LeftOut>;
  /** For an ended campaign: who did not get it and may be tried again. */
  resendable?: number;
  /** Messages settled per second, over the last ten seconds or so. */
  rate: number;
  /** Epoch ms at which it will be done at this rate and these limits; 0 when unknown. */
  etaAt: number;
  attention: readonly Attention[];
  transports: readonly TransportSnapshot[];
  /** Readers without the letter for whom sender or letter was refused, while others got it; named when they are few. */
  setAside?: readonly SetAside[];
}

export interface SetAside {
  address: string;
  cause: Cause;
  text: string;
}

/** What came back of a campaign after its letters were accepted, each reader once of a kind. */
export interface CameBack {
  bounced: number;
  left: number;
  complained: number;
  replied: number;
}
