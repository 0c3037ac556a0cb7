import type { Newsletter } from '../newsletter.ts';
import { styleOf } from '../values/columnFacts.ts';
import type { ListProfile } from './listProfile.ts';

/** How the list's columns are to be read, for those where it makes a difference. */
export function columnsOf(profile: Pick<ListProfile, 'fields'>): NonNullable<Newsletter['columns']> {
  return Object.fromEntries(
    profile.fields
      .map(({ name, facts }) => [name, styleOf(facts)] as const)
      .filter(([, style]) => Object.keys(style).length > 0),
  );
}
