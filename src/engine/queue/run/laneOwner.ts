import type { Clock } from '../../../shared/clock.ts';
import type { AttemptEnd, Verdict } from '../../../shared/outcome.ts';
import type { ConnectionGate } from '../limits/connectionGate.ts';
import type { Account, Blocks } from '../limits/limits.ts';
import type { Seats } from '../limits/seats.ts';
import type { Item } from '../store/item.ts';
import type { Intent } from '../store/ledger.ts';

/** A message ready for the wire. */
export interface Prepared {
  from: string;
  to: string;
  messageId: string;
  bytes: Uint8Array;
}

export interface Attempt {
  item: Item;
  host: string;
  startedAt: number;
  intent: Intent | null;
}

/** What a lane asks of its owner. Nothing here rejects unless it says so. */
export interface LaneOwner<Lane> {
  readonly clock: Clock;
  /** Whether this delivery may still be attempted now (not paused, cancelled or outside its hours). */
  mayStart(item: Item): boolean;
  /** Rejects when the message cannot be made; the owner has then dealt with the delivery. */
  prepare(item: Item): Promise<Prepared>;
  /** The commit gate; rejects when the intent could not be written. */
  intend(lane: Lane, attempt: Attempt, messageId: string): Promise<Intent>;
  /** An attempt ended; the owner judges it and settles the delivery. */
  ended(lane: Lane, attempt: Attempt, end: AttemptEnd): Promise<Verdict>;
  /** No connection could be had, `failures` times in a row: the owner judges it and deals with all that wait. */
  unreachable(lane: Lane, end: AttemptEnd, host: string, failures: number): void;
  /** Deliveries handed back untouched. */
  returned(items: readonly Item[]): void;
  /** A quota is used up: true when deliveries went elsewhere for it. */
  quotaFull(lane: Lane): boolean;
  /** Whether it is not yet known that the transport works again: one message at a time then. */
  probing(lane: Lane): boolean;
  /** There is room for more. */
  hungry(): void;
  /** Something a status display shows has changed. */
  changed(): void;
}

/** What a lane shares with others: the account it counts for, its rests, and the ceilings on connections. */
export interface LaneShares {
  account: Account;
  blocks: Blocks;
  gate: ConnectionGate;
  seats: Seats | null;
  maxSeats: number;
}
