import type { Attention, DeliveryState } from './campaign.ts';
import type { DirectStanding } from './directStanding.ts';
import type { CauseSum } from './reportRow.ts';
import type { Settings } from './settings.ts';

/** A list by mail provider and domain. */
export interface ListShares {
  total: number;
  /** Readers at the largest domains. */
  domains: Readonly<Record<string, number>>;
  /** Over how many other domains the rest is spread. */
  others: number;
  /** All of them, where they are few: which of several parallel servers gets whom depends on the address. */
  addresses?: readonly string[];
}

/** At most `count` messages in `perMs`; `reply`: how further ones are refused. */
export interface KnownLimit {
  count: number;
  perMs: number;
  reply?: string;
}

/** How a server, or a mail system, behaves in a simulation. Times in ms; shares from 0 to 1; what is absent does not happen. */
export interface Behaviour {
  /** Until a connection can take mail. */
  connectMs?: number;
  /** From the end of a message to its reply. */
  messageMs?: number;
  /** More than `count` in `perMs` are refused with `reply`. */
  windows?: readonly KnownLimit[];
  maxConnections?: number;
  /** The connection is closed after this many. */
  maxMessagesPerConnection?: number;
  /** This share of the readers is deferred until `forMs` after the first attempt. */
  greylists?: { share: number; forMs: number };
  /** This share of the readers does not exist. */
  unknown?: number;
  /** This share of the messages loses its connection, before the last byte or after it. */
  drops?: { share: number; at: 'before' | 'behind' };
  /** For a time from the start on, or forever. */
  down?: { how: 'refused' | 'silent' | 'blocked'; fromMs: number; forMs?: number };
  /** Every message is refused with this reply. */
  refuses?: string;
}

/**
 * A world to rehearse in. By whom it is: a server of the settings by its name, "*" for every other one; "direct" for all
 * mail systems, "direct google" for one provider's. The more exact name adds to the other and wins.
 */
export interface Scenario {
  name: string;
  behaviours: Readonly<Record<string, Behaviour>>;
}

export interface ForesightRequest {
  settings: Settings;
  list: ListShares;
  /** Epoch ms; 0 = now. */
  startAt: number;
  /** In which world; absent: everything works, and the limits known hold. */
  scenario?: Scenario;
}

/** What would happen to a campaign, by the engine itself on a simulated clock. */
export interface Foresight {
  /** Epoch ms of the start, and of the last delivery that was settled. */
  startAt: number;
  endAt: number;
  total: number;
  /** `stopped`: a person would have to do something. `open`: not done after the longest time that is looked at. */
  end: 'done' | 'stopped' | 'open';
  attention: readonly Attention[];
  counts: Record<DeliveryState, number>;
  /** In the order of the route; times are epoch ms. */
  by: readonly { transport: string; sent: number; firstAt: number; lastAt: number }[];
  /** Transports that had to wait for a limit of their own, and for which one. */
  waits: readonly { transport: string; count: number; perMs: number }[];
  causes: readonly CauseSum[];
  timeline: readonly { at: number; sent: number; failed: number }[];
  /** Whether the time per message was measured before, or is assumed. */
  measured: boolean;
  /** This many messages were simulated as one. */
  grain: number;
  /** Whether direct mail from this computer gets through, as far as it was checked or tried. */
  direct?: DirectStanding;
  /** By server: known limits that the settings do not respect. */
  limits?: Readonly<Record<string, readonly KnownLimit[]>>;
}
