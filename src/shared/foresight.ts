import type { Attention, DeliveryState } from './campaign.ts';
import type { DirectStanding } from './directStanding.ts';
import type { CauseSum } from './reportRow.ts';
import type { Settings } from './settings.ts';

/** What a list looks like to those who carry it. */
export interface ListShares {
  total: number;
  /** Readers at the largest domains. */
  domains: Readonly<Record<string, number>>;
  /** Over how many other domains the rest is spread. */
  others: number;
  /** All of them, where they are few: which of several servers side by side takes whom depends on the address. */
  addresses?: readonly string[];
}

/** At most `count` messages in `perMs`; `reply`: how more are refused. */
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
  /** More than `count` in `perMs` are refused, in the words of `reply`. */
  windows?: readonly KnownLimit[];
  maxConnections?: number;
  /** The connection is closed after so many. */
  maxMessagesPerConnection?: number;
  /** Of the readers so many are put off until `forMs` after the first try. */
  greylists?: { share: number; forMs: number };
  /** So many of the readers do not exist. */
  unknown?: number;
  /** Of the messages so many lose their connection, before the last byte or behind it. */
  drops?: { share: number; at: 'before' | 'behind' };
  /** For a time from the start on, or for ever. */
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
  /** Epoch ms of the beginning, and of the last delivery that was settled. */
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
  /** Whether how long a message takes was seen before, or is assumed. */
  measured: boolean;
  /** So many messages were looked at as one. */
  grain: number;
  /** Whether mail straight from this computer gets through, as far as it was asked or tried. */
  direct?: DirectStanding;
  /** By server: limits it is known to have, and that the settings do not keep to. */
  limits?: Readonly<Record<string, readonly KnownLimit[]>>;
}
