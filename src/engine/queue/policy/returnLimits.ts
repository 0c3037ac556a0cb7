import type { Attention } from '../../../shared/campaign.ts';

/** Lists lose a few per cent a year; more than a tenth means a list that was bought, is years old, or is somebody else's. */
const BOUNCED_SHARE = 0.1;
const FIRST = 100;
/** Gmail rejects senders reported by more than three in a thousand; a handful of complaints says nothing about a list. */
const COMPLAINED_SHARE = 0.003;
const FEW_COMPLAINTS = 2;

/**
 * Whether a campaign stops now because more than a tenth of its first hundred readers have no mailbox, as their servers
 * report at once. True for the reader with whom the limit is passed, and for no later one: resuming after it is deliberate.
 */
export function tooManyBouncesNow({
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

/** For one campaign: how many letters were accepted, and how many of those came back as dead mailboxes or complaints. */
export interface ReturnCounts {
  bounced: number;
  complained: number;
}

/** Which limit was exceeded with the last reading of a mailbox, and not before it; null when the campaign may continue. */
export function exceededReturnLimit(
  before: ReturnCounts,
  after: ReturnCounts,
  sent: number,
): 'bounces' | 'complaints' | null {
  const complaints = Math.max(FEW_COMPLAINTS, sent * COMPLAINED_SHARE);
  if (after.complained > complaints && before.complained <= complaints) return 'complaints';
  const bounces = Math.max(FIRST, sent) * BOUNCED_SHARE;
  return after.bounced > bounces && before.bounced <= bounces ? 'bounces' : null;
}

export function returnLimitAttention(before: ReturnCounts, after: ReturnCounts, sent: number): Attention | null {
  const by = exceededReturnLimit(before, after, sent);
  return by && { kind: 'burning', by, count: by === 'bounces' ? after.bounced : after.complained, of: sent };
}
