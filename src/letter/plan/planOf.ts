import { createComposer } from '../../compose/createComposer.ts';
import type { Newsletter } from '../../compose/newsletter.ts';
import type { Recipient } from '../../shared/recipient.ts';
import type { Letter } from '../letter.ts';
import type { ListSummary } from '../readList.ts';
import { readAs } from './aboutList.ts';
import type { SendPlan } from './confirmation.ts';
import { leftOutText } from './leftOut.ts';

/** What only the front door knows about a campaign to be sent. */
export type SendingContext = Pick<SendPlan, 'document' | 'list' | 'foresight' | 'host' | 'startAt' | 'before'>;

/** Who sends what to whom, via which transports, and when. */
export async function planOf(
  { list, settings }: Pick<Letter<ListSummary>, 'list' | 'settings'>,
  newsletter: Newsletter,
  sending: SendingContext,
): Promise<SendPlan> {
  return {
    ...sending,
    ...(await firstSubject(newsletter, list?.first[0])),
    recipients: list?.profile.count ?? 0,
    readAs: list ? readAs(list.profile) : null,
    leftOut: list ? leftOutText(list.profile.refused) : null,
    from: newsletter.from,
    settings,
  };
}

/** As its first reader sees it, and who that is when others may see another. */
async function firstSubject(
  newsletter: Newsletter,
  first: Recipient | undefined,
): Promise<{ subject: string; subjectFor: string }> {
  if (!first || !/\{[{%]/.test(newsletter.subject)) return { subject: newsletter.subject, subjectFor: '' };
  const bare = { ...newsletter, html: '', text: '', preheader: '', images: [], attachments: [] };
  const nothing = async () => new Uint8Array();
  const composer = await createComposer(bare, nothing, { campaign: '', date: 0, key: new Uint8Array(32) }, null);
  return { subject: (await composer.render(first)).subject, subjectFor: first.address };
}
