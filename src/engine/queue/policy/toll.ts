import type { Attention } from '../../../shared/campaign.ts';

/** A list goes stale by a few in a hundred; more than a tenth is a list that was bought, is years old, or is another's. */
const BOUNCED_SHARE = 0.1;
const FIRST = 100;
/** Gmail refuses who is reported by more than three in a thousand, and a handful of people says nothing of a list. */
const COMPLAINED_SHARE = 0.003;
const FEW_COMPLAINTS = 2;

/**
 * Whether a campaign stops now because more than a tenth of its first hundred readers have no mailbox, as their servers
 * say at once. True for the reader with whom that is so, and for no later one: whoever goes on after it means it.
 */
export function burnsAtOnce({
  answered,
  bounced,
  total,
}: {
  answered: number;
  bounced: number;
  total: number;
}): boolean {
  return total >= FIRST && answered <= FIRST && bounced === FIRST * BOUNCED_SHARE + 1;
}

/** Of one campaign: how many letters were accepted, and how many of those came back as dead mailboxes or complaints. */
export interface Toll {
  bounced: number;
  complained: number;
}

/** What has become too much with the last reading of a mailbox, and was not before it; null when it may go on. */
export function burnsLater(before: Toll, after: Toll, sent: number): 'bounces' | 'complaints' | null {
  const complaints = Math.max(FEW_COMPLAINTS, sent * COMPLAINED_SHARE);
  if (after.complained > complaints && before.complained <= complaints) return 'complaints';
  const bounces = Math.max(FIRST, sent) * BOUNCED_SHARE;
  return after.bounced > bounces && before.bounced <= bounces ? 'bounces' : null;
}

export function tollAttention(before: Toll, after: Toll, sent: number): Attention | null {
  const by = burnsLater(before, after, sent);
  return by && { kind: 'burning', by, count: by === 'bounces' ? after.bounced : after.complained, of: sent };
}
