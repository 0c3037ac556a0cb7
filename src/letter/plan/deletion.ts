import type { CampaignSnapshot } from '../../shared/campaign.ts';
import { msg, type Text } from '../../shared/errors.ts';
import { subjectWords } from '../../shared/subjectWords.ts';
import { LINKS_LIVE_MS } from '../../shared/unsubscribeToken.ts';
import { plural } from '../../shared/words.ts';

/** What is asked before a campaign is deleted, and what goes with it. */
export function deletionText(
  { subject, total, createdAt, kind }: CampaignSnapshot,
  now: number,
): { question: Text; goes: readonly Text[] } {
  return {
    question: msg('Delete the campaign “{0}”?', subjectWords(subject)),
    goes: [
      plural(
        'Its report, its letter with all files, and the address and values of {0} reader go.',
        'Its report, its letter with all files, and the addresses and values of {0} readers go.',
        total,
      ),
      ...(kind === 'send'
        ? [msg('Who has this letter is no longer known: sent again, it reaches them a second time.')]
        : []),
      ...(createdAt + LINKS_LIVE_MS > now && kind === 'send'
        ? [msg('The unsubscribe links of this letter stop working, and what bounces is no longer understood.')]
        : []),
      msg('Suppressions stay, and what it used of the servers’ limits counts on.'),
    ],
  };
}
