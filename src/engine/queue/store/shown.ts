/**
 * The state of a delivery as it is reported, in SQL, with the table of intents joined as `i`: with an intent it is in progress,
 * and what waits in a cancelled campaign is cancelled, though its row may not say so yet.
 */
export function shownState(cancelled: boolean): string {
  const own = cancelled ? `iif(d.state IN ('queued', 'deferred'), 'cancelled', d.state)` : 'd.state';
  return `iif(i.delivery IS NULL, ${own}, 'sending')`;
}

/** Deliveries with their attempt in progress. */
export const SHOWN_FROM = 'deliveries AS d LEFT JOIN intents AS i ON i.delivery = d.id';
