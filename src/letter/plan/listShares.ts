import type { ListProfile } from '../../compose/recipients/listProfile.ts';
import type { ListShares } from '../../shared/foresight.ts';

/** A list as those who carry its mail see it. */
export function listShares(
  profile: Pick<ListProfile, 'count' | 'domains' | 'otherDomains'> | undefined | null,
): ListShares {
  return { total: profile?.count ?? 0, domains: profile?.domains ?? {}, others: profile?.otherDomains ?? 0 };
}
