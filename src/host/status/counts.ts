import type { CampaignSnapshot, DeliveryState } from '../../shared/campaign.ts';

/** States in which nothing more happens by itself. */
export const settledStates: readonly DeliveryState[] = [
  'sent',
  'rejected',
  'expired',
  'suppressed',
  'inDoubt',
  'cancelled',
];

export function settledCount(campaign: Pick<CampaignSnapshot, 'counts'>): number {
  return settledStates.reduce((sum, state) => sum + campaign.counts[state], 0);
}

export function failedCount(campaign: Pick<CampaignSnapshot, 'counts'>): number {
  return campaign.counts.rejected + campaign.counts.expired;
}

export function openCount(campaign: Pick<CampaignSnapshot, 'counts'>): number {
  return campaign.counts.queued + campaign.counts.sending + campaign.counts.deferred;
}
