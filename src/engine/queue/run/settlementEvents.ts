import type { Attention } from '../../../shared/campaign.ts';
import type { Delivery } from '../store/delivery.ts';
import type { CampaignRun } from './campaignRun.ts';

/** What settling an attempt means for others. */
export type SettlementEvent =
  /** Deliveries handed back untouched. */
  | { kind: 'returned'; deliveries: readonly Delivery[] }
  /** The campaign stops; a person has to do something first. */
  | { kind: 'stop'; run: CampaignRun; attention: Attention }
  | { kind: 'changed'; run: CampaignRun }
  /** Deliveries that were refused are to be tried again: it was not about them. */
  | { kind: 'reconsider'; run: CampaignRun; rows: readonly number[] };
