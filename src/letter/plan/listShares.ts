import type { ListProfile } from '../../compose/recipients/listProfile.ts';
import type { ListShares } from '../../shared/foresight.ts';

/** A list by mail provider and domain. */
export function listShares(
  profile: Pick<ListProfile, 'count' | 'domains' | 'otherDomains' | 'addresses'> | undefined | null,
): ListShares {
  if (!profile) return { total: 0, domains: {}, others: 0 };
  const { count, domains, otherDomains, addresses } = profile;
  return { total: count, domains, others: otherDomains, ...(addresses.length === count ? { addresses } : {}) };
}
