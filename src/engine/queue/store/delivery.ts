import type { DeliveryState } from '../../../shared/campaign.ts';
import type { AttemptEnd, Cause } from '../../../shared/outcome.ts';

/** A delivery while it is in memory, on its way to an attempt. */
export interface Delivery {
  id: number;
  campaign: string;
  line: number;
  address: string;
  domain: string;
  fields: Record<string, string>;
  /** Its place in the sending order; NOWHERE for a deferred delivery that came due. */
  place: number;
  /** Row of its last attempt; 0 before the first. */
  attempt: number;
  /** Counted failures so far. */
  tries: number;
  /** When its first attempt began, epoch ms; 0 before. Retry time counts from here. */
  firstAt: number;
  /** The Date of its message, set when one was first made for it: the same in every attempt; 0 before. */
  datedAt: number;
  /** How often it was tried in all, counted as a failure or not. */
  asked: number;
  /** The first transport of its route it may still use in this round. */
  hop: number;
  /** The transport it is being sent via, or was tried via. */
  way: number;
  /** Transports for its domain, primary first; known once it has been placed. */
  route: readonly string[];
  /** The transport it was last tried via, or "". */
  transport: string;
  state: DeliveryState;
}

/** How a finished attempt is recorded. */
export interface AttemptRecord {
  transport: string;
  accountKey: string;
  host: string;
  startedAt: number;
  end: AttemptEnd;
  cause: Cause;
}

/** What becomes of a delivery. */
export interface SettledDelivery {
  delivery: Delivery;
  state: DeliveryState;
  tries: number;
  hop: number;
  nextAt: number;
  firstAt: number;
  attempt: AttemptRecord;
  /** Why the address must never be mailed again, or "" where it may be. */
  suppress: string;
}
