import type { CampaignSnapshot } from './campaign.ts';
import { causeWords } from './causes.ts';
import { msg, type Text } from './errors.ts';
import { plural } from './words.ts';

/** More than these are not an exception: the causes report them. */
export const MAX_SET_ASIDE = 5;

/**
 * The readers for whom sender or letter was refused while the others were served, by name; null where there are none.
 * They did not stop the campaign, and so they are named.
 */
export function setAsideText({ setAside = [] }: Pick<CampaignSnapshot, 'setAside'>): Text | null {
  if (setAside.length === 0) return null;
  const named = setAside.map(({ address, cause }) => msg('{0} ({1})', address, causeWords[cause].title));
  const all = named.reduce((before, each) => msg('{0}, {1}', before, each));
  return plural('{0} reader set aside: {1}', '{0} readers set aside: {1}', setAside.length, all);
}
