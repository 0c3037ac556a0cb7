import type { DeliveryState } from './campaign.ts';
import type { Cause } from './outcome.ts';

/** One reader's result, as a report shows it. Times are epoch milliseconds. */
export interface ReportRow {
  id: number;
  line: number;
  /** Path of the list in which the line stands. */
  list: string;
  address: string;
  state: DeliveryState;
  transport: string;
  host: string;
  cause: Cause | '';
  code: number;
  enhanced: string;
  text: string;
  attempts: number;
  at: number;
  nextAt: number;
  messageId: string;
  /** The token in this reader's unsubscribe link. */
  token: string;
}

/** Failures or deferrals of one kind; `text` is one sample reply. */
export interface CauseSum {
  state: DeliveryState;
  cause: Cause;
  transport: string;
  /** The host without its first label. */
  operator: string;
  count: number;
  text: string;
}
