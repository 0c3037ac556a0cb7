import type { LetterCampaign } from '../../protocol/engineApi.ts';
import { msg, type Text } from '../../shared/errors.ts';
import { plural } from '../../shared/words.ts';

const SHOWN = 3;

/** When this letter went out before, and to how many. */
export function sentBeforeText(
  campaigns: readonly LetterCampaign[],
  time: (at: number, now: number) => string,
  now: number,
): Text[] {
  return campaigns
    .filter(({ sent, waiting }) => sent + waiting > 0)
    .slice(0, SHOWN)
    .map(({ id, at, sent, waiting }) => {
      const when = time(at, now);
      const to = plural('{0} reader', '{0} readers', sent);
      return waiting === 0
        ? msg('This letter already went to {0} ({1}, campaign {2}).', to, when, id)
        : msg('This letter already went to {0} ({1}, campaign {3}). Still to be sent: {2}.', to, when, waiting, id);
    });
}
