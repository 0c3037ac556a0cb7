import { type Attention, type CampaignSnapshot, failedCount, settledCount } from '../../shared/campaign.ts';
import { isCaught } from '../../shared/catcher.ts';
import { msg } from '../../shared/errors.ts';
import { plainWords, type Words } from '../../shared/words.ts';

/** What the status bar shows. `null` text hides the item. `tone` picks the background; most have none. */
export interface Status {
  text: string;
  /** For screen readers, a whole sentence. */
  label: string;
  tone: 'none' | 'warning' | 'error';
  /** The campaign the tooltip tells about. */
  campaign: string;
}

/** How long the end of a campaign stays in the status bar. */
export const SHOW_END_MS = 10 * 60_000;

/**
 * Chooses the state to show: first what needs a person, then what is sending, then what waits, then what has
 * just ended. Null when there is nothing to show.
 */
export function statusOf(
  campaigns: readonly CampaignSnapshot[],
  now: number,
  words: Words = plainWords,
): Status | null {
  const ranked = campaigns
    .map((campaign) => ({ campaign, rank: rankOf(campaign, now) }))
    .filter((item) => item.rank > 0)
    .sort((a, b) => b.rank - a.rank || b.campaign.createdAt - a.campaign.createdAt);
  const first = ranked[0]?.campaign;
  if (!first) return null;
  const status = statusOfOne(first, now, words);
  const others = ranked.filter((item) => item.rank >= 2).length - 1;
  if (others < 1) return status;
  return {
    ...status,
    text: `${status.text} +${words.number(others)}`,
    label: `${status.label} ${words.say(msg('Other unfinished campaigns: {0}.', words.number(others)))}`,
  };
}

function rankOf(campaign: CampaignSnapshot, now: number): number {
  switch (campaign.state) {
    case 'needsAction':
      return 6;
    case 'running':
      return isWaiting(campaign) ? 4 : 5;
    case 'paused':
      return 3;
    case 'scheduled':
      return 2;
    case 'done':
      return campaign.counts.inDoubt > 0 ? 6 : now - campaign.finishedAt < SHOW_END_MS ? 1 : 0;
    case 'cancelled':
      return campaign.counts.inDoubt > 0 ? 6 : 0;
    default:
      return campaign.state satisfies never;
  }
}

function statusOfOne(campaign: CampaignSnapshot, now: number, words: Words): Status {
  const { say, number } = words;
  const base = { campaign: campaign.id, tone: 'none' as const };
  const done = settledCount(campaign);
  const progress = `${number(done)}/${number(campaign.total)}`;
  const inDoubt = campaign.counts.inDoubt;
  switch (campaign.state) {
    case 'needsAction':
      return {
        ...base,
        tone: 'warning',
        text: `$(warning) ${progress}`,
        label: say(msg('Envoi stopped at {0} of {1} and needs your attention.', number(done), number(campaign.total))),
      };
    case 'paused':
      return {
        ...base,
        text: `$(debug-pause) ${progress}`,
        label: say(msg('Envoi is paused at {0} of {1}.', number(done), number(campaign.total))),
      };
    case 'scheduled': {
      const at = words.time(campaign.startAt, now);
      return { ...base, text: `$(clock) ${at}`, label: say(msg('Envoi will send at {0}.', at)) };
    }
    case 'running': {
      const until = isWaiting(campaign) ? waitEnd(campaign.attention) : 0;
      if (until > now) {
        const at = words.time(until, now);
        return {
          ...base,
          text: `$(clock) ${progress} · ${at}`,
          label: say(msg('Envoi is waiting until {0}. {1} of {2} done.', at, number(done), number(campaign.total))),
        };
      }
      return {
        ...base,
        text: `${isWaiting(campaign) ? '$(clock)' : '$(sync~spin)'} ${progress}`,
        label: say(msg('Envoi is sending: {0} of {1} done.', number(done), number(campaign.total))),
      };
    }
    case 'done':
    case 'cancelled': {
      if (inDoubt > 0) {
        return {
          ...base,
          tone: 'warning',
          text: `$(question) ${say(msg('{0} in doubt', number(inDoubt)))}`,
          label: say(msg('Envoi has messages in doubt: {0}. Decide whether to resend or leave them.', number(inDoubt))),
        };
      }
      const failed = failedCount(campaign);
      if (failed > 0) {
        return {
          ...base,
          text: `$(warning) ${say(msg('{0} failed', number(failed)))}`,
          label: say(msg('Envoi has finished. Sent: {0}; failed: {1}.', number(campaign.counts.sent), number(failed))),
        };
      }
      return {
        ...base,
        text: `$(check) ${say(isCaught(campaign) ? msg('{0} caught here', number(campaign.counts.sent)) : msg('{0} sent', number(campaign.counts.sent)))}`,
        label: say(
          isCaught(campaign)
            ? msg('{0} caught here', number(campaign.counts.sent))
            : msg('Envoi has finished. Sent: {0}.', number(campaign.counts.sent)),
        ),
      };
    }
    default:
      return campaign.state satisfies never;
  }
}

/** Nothing is being sent, and it is known until when. */
export function isWaiting(campaign: CampaignSnapshot): boolean {
  return campaign.counts.sending === 0 && campaign.rate === 0 && waitEnd(campaign.attention) > 0;
}

/** The earliest time at which something goes on; 0 when nothing waits for a time. */
export function waitEnd(attention: readonly Attention[]): number {
  let earliest = 0;
  for (const item of attention) {
    const until = 'until' in item ? item.until : 0;
    if (until > 0 && (earliest === 0 || until < earliest)) earliest = until;
  }
  return earliest;
}
