import { LINKS_LIVE_MS } from '../shared/unsubscribeToken.ts';
import type { CampaignStore } from './queue/store/campaignStore.ts';
import type { DeliveryStore } from './queue/store/deliveryStore.ts';

/** Recipients processed between two turns of the event loop: some ten milliseconds. */
const SLICE = 2_000;

export interface Recorded {
  address: string;
  campaign: string;
  campaignKey: number;
  delivery: number;
}

/**
 * Whose marks these are. No index of marks is stored: a mark is an HMAC over campaign and address, so those of the
 * recorded campaigns are recomputed, newest first, until all are found.
 */
export async function findRecorded(
  marks: Iterable<string>,
  stores: { campaigns: CampaignStore; deliveries: DeliveryStore },
  markOf: (campaign: string, address: string) => string,
  now: number,
): Promise<Map<string, Recorded>> {
  const wanted = new Set(marks);
  const found = new Map<string, Recorded>();
  for (const { id, key, createdAt } of stores.campaigns.all()) {
    if (wanted.size === 0) break;
    if (createdAt < now - LINKS_LIVE_MS) continue;
    for (let after = 0; wanted.size > 0; ) {
      const rows = stores.deliveries.addresses(key, after, SLICE);
      for (const row of rows) {
        const mark = markOf(id, row.address);
        if (wanted.delete(mark))
          found.set(mark, { address: row.address, campaign: id, campaignKey: key, delivery: row.id });
      }
      const last = rows.at(-1);
      if (!last) break;
      after = last.id;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return found;
}
