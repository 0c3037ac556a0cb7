import type { Attention } from '../../../shared/campaign.ts';
import type { Delivery } from '../store/delivery.ts';
import type { CampaignRun } from './campaignRun.ts';

/** What settling an attempt means for others. */
export type SettlementEvent =
  /** Deliveries handed back untouched. */
  | { kind: 'returned'; deliveries: readonly Delivery[] }
  /** The campaign stops; a person has to act first. */
  | { kind: 'stop'; run: CampaignRun; attention: Attention }
  | { kind: 'changed'; run: CampaignRun }
  /** Refused deliveries are to be retried: the refusal was not about them. */
  | { kind: 'reconsider'; run: CampaignRun; rows: readonly number[] };
