import type { AttemptEnd, Verdict } from '../../../shared/outcome.ts';
import type { Lane } from './lane.ts';

/** So many refusals for the same reason in a row, without a delivery in between, are not about the recipients. */
const POLICY = 4;
/** A refusal nobody can read may be about the recipient; a longer row of them is not. */
const UNREADABLE = 10;

/**
 * Counts refusals of one destination by campaign and tells when the same one has come too often in a row. Refused
 * recipients neither count nor break the row; a delivery breaks it.
 */
export function refusedTooOften(
  lane: Pick<Lane, 'refusals'>,
  campaign: string,
  { scope, cause, outcome }: Verdict,
  end: AttemptEnd,
): boolean {
  if (outcome.kind === 'delivered') {
    lane.refusals.delete(campaign);
    return false;
  }
  if (end.kind !== 'reply' || end.reply.code < 500) return false;
  if (scope === 'account' || (scope === 'recipient' && cause !== 'otherPermanent')) return false;
  const before = lane.refusals.get(campaign);
  const count = before?.cause === cause ? before.count + 1 : 1;
  lane.refusals.set(campaign, { cause, count });
  return count >= (cause === 'otherPermanent' ? UNREADABLE : POLICY);
}
