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
        'This deletes its report, its letter with all files, and the address and values of {0} reader.',
        'This deletes its report, its letter with all files, and the addresses and values of {0} readers.',
        total,
      ),
      ...(kind === 'send'
        ? [msg('Envoi will no longer know who has this letter: if you send it again, they get it a second time.')]
        : []),
      ...(createdAt + LINKS_LIVE_MS > now && kind === 'send'
        ? [msg('The unsubscribe links in this letter stop working, and bounces can no longer be matched.')]
        : []),
      msg('Suppressions remain, and the messages it sent still count toward the servers’ limits.'),
    ],
  };
}
