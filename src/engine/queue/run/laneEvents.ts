import type { Clock } from '../../../shared/clock.ts';
import type { AttemptEnd } from '../../../shared/outcome.ts';
import type { ConnectionGate } from '../limits/connectionGate.ts';
import type { Account, Blocks } from '../limits/limits.ts';
import type { Seats } from '../limits/seats.ts';
import type { Delivery } from '../store/delivery.ts';
import type { Intent } from '../store/ledger.ts';

/** A message ready for the wire. */
export interface Prepared {
  from: string;
  to: string;
  messageId: string;
  bytes: Uint8Array;
}

/** Makes the message of a delivery, for the transport it goes over. */
export type Compose = (delivery: Delivery, transport: string) => Promise<Prepared>;

export interface Attempt {
  delivery: Delivery;
  host: string;
  startedAt: number;
  intent: Intent | null;
}

/** What a lane tells. It goes on by itself; whoever listens judges, settles and places. */
export type LaneEvent =
  /** An attempt ended: its delivery stays in the air until the lane is told that it has landed. */
  | { kind: 'ended'; attempt: Attempt; end: AttemptEnd }
  /** No connection could be had, `failures` times in a row. All who wait still wait here. */
  | { kind: 'unreachable'; end: AttemptEnd; host: string; failures: number }
  /** Nothing was heard for a while: no connection, no greeting, no reply. The wait goes on; `carrying`: with a message. */
  | { kind: 'silent'; carrying: boolean }
  /** Deliveries handed back untouched. */
  | { kind: 'returned'; deliveries: readonly Delivery[] }
  /** A quota is used up: those with another way may be taken out. */
  | { kind: 'quotaFull' }
  /** There is room for more. */
  | { kind: 'wantsWork' }
  /** Something a status display shows has changed. */
  | { kind: 'changed' };

/** What a lane needs done in passing, and an answer at once. */
export interface LanePorts {
  readonly clock: Clock;
  /** So long a server may say nothing before others go on without it. */
  readonly silenceMs: number;
  /** Whether this delivery may still be attempted now (not paused, cancelled or outside its hours). */
  mayStart(delivery: Delivery): boolean;
  /** Rejects when the message cannot be made; the delivery has then been dealt with. */
  prepare(delivery: Delivery, transport: string): Promise<Prepared>;
  /** The commit gate; rejects when the intent could not be written. */
  intend(attempt: Attempt, way: { transport: string; accountKey: string; messageId: string }): Promise<Intent>;
  /** Whether it is not yet known that a transport works again: one message at a time then. */
  probing(account: string): boolean;
  /** Whether a used connection had only been closed meanwhile: nothing of the message had been taken. */
  isStale(end: AttemptEnd): boolean;
}

/** What a lane shares with others: the account it counts for, its rests, and the ceilings on connections. */
export interface LaneShares {
  accountKey: string;
  account: Account;
  blocks: Blocks;
  gate: ConnectionGate;
  seats: Seats | null;
  maxSeats: number;
}
