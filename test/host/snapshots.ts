import { type CampaignSnapshot, type DeliveryState, deliveryStates } from '../../src/shared/campaign.ts';

/** A campaign of a thousand, sending; a test says what is different. */
export function campaign(
  different: Partial<Omit<CampaignSnapshot, 'counts'>> & { counts?: Partial<Record<DeliveryState, number>> } = {},
): CampaignSnapshot {
  const zero = Object.fromEntries(deliveryStates.map((state) => [state, 0])) as Record<DeliveryState, number>;
  return {
    id: 'c1',
    subject: 'Spring news',
    document: 'letter.md',
    recipients: 'list.csv',
    kind: 'send',
    state: 'running',
    createdAt: 1000,
    startAt: 0,
    finishedAt: 0,
    total: 1204,
    refused: { invalid: 0, duplicate: 0, suppressed: 0 },
    rate: 10,
    etaAt: 0,
    attention: [],
    transports: [],
    ...different,
    counts: { ...zero, ...different.counts },
  };
}
