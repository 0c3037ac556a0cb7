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

/** Makes the message of a delivery, for the transport it uses. */
export interface Compose {
  (delivery: Delivery, transport: string): Promise<Prepared>;
  /** No more messages are wanted. */
  close?(): void;
}

export interface Attempt {
  delivery: Delivery;
  host: string;
  startedAt: number;
  intent: Intent | null;
}

/** The events of a lane. It continues by itself; the listener judges, settles and places. */
export type LaneEvent =
  /** An attempt ended: its delivery counts as in progress until the lane is told that it has landed. */
  | { kind: 'ended'; attempt: Attempt; end: AttemptEnd }
  /** No connection could be opened, `failures` times in a row. All waiting deliveries still wait here. */
  | { kind: 'unreachable'; end: AttemptEnd; host: string; failures: number }
  /** Silence for a while: no connection, no greeting, no reply. The wait continues; `carrying`: with a message. */
  | { kind: 'silent'; carrying: boolean }
  /** Deliveries handed back untouched. */
  | { kind: 'returned'; deliveries: readonly Delivery[] }
  /** A quota is used up: deliveries with another transport may be taken out. */
  | { kind: 'quotaFull' }
  /** There is room for more. */
  | { kind: 'wantsWork' }
  /** Something a status display shows has changed. */
  | { kind: 'changed' };

/** What a lane asks for while working, answered at once. */
export interface LanePorts {
  readonly clock: Clock;
  /** How long a server may be silent before others stop waiting for it. */
  readonly silenceMs: number;
  /** Whether this delivery may still be attempted now (not paused, cancelled or outside its hours). */
  mayStart(delivery: Delivery): boolean;
  /** Rejects when the message cannot be made; the delivery has then been handled. */
  prepare(delivery: Delivery, transport: string): Promise<Prepared>;
  /** The commit gate; rejects when the intent could not be written. */
  intend(attempt: Attempt, way: { transport: string; accountKey: string; messageId: string }): Promise<Intent>;
  /** Whether a transport is still being tested: then one message at a time. */
  probing(account: string): boolean;
  /** Whether a reused connection had merely been closed: nothing of the message had been accepted. */
  isStale(end: AttemptEnd): boolean;
}

/** What a lane shares with others: its account, its pauses, and the limits on connections. */
export interface LaneShares {
  accountKey: string;
  account: Account;
  blocks: Blocks;
  gate: ConnectionGate;
  seats: Seats | null;
  maxSeats: number;
}
