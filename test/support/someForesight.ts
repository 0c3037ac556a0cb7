import { type DeliveryState, deliveryStates } from '../../src/shared/campaign.ts';
import type { Foresight } from '../../src/shared/foresight.ts';

/** A campaign that goes well, but for what is said otherwise. */
export function someForesight(different: Partial<Foresight> = {}): Foresight {
  const total = different.total ?? 1204;
  const none = Object.fromEntries(deliveryStates.map((state) => [state, 0])) as Record<DeliveryState, number>;
  return {
    startAt: 0,
    endAt: 90_000,
    total,
    end: 'done',
    attention: [],
    counts: { ...none, sent: total },
    by: [{ transport: 'office', sent: total, firstAt: 0, lastAt: 90_000 }],
    waits: [],
    causes: [],
    timeline: [],
    measured: false,
    grain: 1,
    ...different,
  };
}
