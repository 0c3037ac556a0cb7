import { type CampaignSnapshot, failedCount, settledCount } from '../../shared/campaign.ts';
import { isCaught } from '../../shared/catcher.ts';
import { rateText, spanText } from '../../shared/duration.ts';
import { msg } from '../../shared/errors.ts';
import { subjectWords } from '../../shared/subjectWords.ts';
import type { Words } from '../../shared/words.ts';
import { waitEnd } from './statusOf.ts';

/** Commands the tooltip may link to; nothing else in it can run. */
export const tooltipCommands = [
  'envoi.showReport',
  'envoi.pauseCampaign',
  'envoi.resumeCampaign',
  'envoi.decideInDoubt',
] as const;

/** Markdown: progress, speed, time left, one line per server, links. What comes from documents and servers is escaped. */
export function tooltipOf(campaign: CampaignSnapshot, now: number, words: Words, attention: readonly string[]): string {
  const { say, number } = words;
  const lines = [`**${escapeMarkdown(subjectWords(campaign.subject))}**`, ''];
  const done = settledCount(campaign);
  const parts = [
    say(msg('{0} of {1}', number(done), number(campaign.total))),
    say(
      isCaught(campaign)
        ? msg('{0} caught here', number(campaign.counts.sent))
        : msg('{0} sent', number(campaign.counts.sent)),
    ),
  ];
  if (failedCount(campaign) > 0) parts.push(say(msg('{0} failed', number(failedCount(campaign)))));
  if (campaign.counts.deferred > 0) parts.push(say(msg('{0} to retry', number(campaign.counts.deferred))));
  lines.push(parts.join(' · '), '');
  const pace = paceOf(campaign, now, words);
  if (pace) lines.push(pace, '');
  for (const item of attention) lines.push(`$(info) ${escapeMarkdown(item)}`, '');
  if (campaign.transports.length > 0) lines.push(...serverLines(campaign, words), '');
  lines.push(linksOf(campaign, words));
  return lines.join('\n');
}

function paceOf(campaign: CampaignSnapshot, now: number, { say, time, rate }: Words): string {
  if (campaign.state !== 'running') return '';
  const parts: string[] = [];
  if (campaign.rate > 0) parts.push(say(msg('{0} per second', rate(campaign.rate))));
  if (campaign.etaAt > now) parts.push(say(msg('{0} left', say(spanText(campaign.etaAt - now)))));
  const until = waitEnd(campaign.attention);
  if (parts.length === 0 && until > now) parts.push(say(msg('resumes at {0}', time(until, now))));
  return parts.join(' · ');
}

/** One line for each server: table headers are misaligned in the editor's hovers. */
function serverLines(campaign: CampaignSnapshot, { say, number }: Words): string[] {
  return campaign.transports.map((transport) => {
    const quota = transport.quota.map((item) =>
      say(msg('{0} left of {1}', number(Math.max(0, item.count - item.used)), rateText(item))),
    );
    const facts = [
      say(msg('{0} sent', number(transport.sent))),
      ...(transport.rejected > 0 ? [say(msg('{0} rejected', number(transport.rejected)))] : []),
      ...quota,
    ];
    return `- **${escapeMarkdown(transport.name)}**: ${facts.join(' · ')}`;
  });
}

function linksOf(campaign: CampaignSnapshot, { say }: Words): string {
  const argument = encodeURIComponent(JSON.stringify([campaign.id]));
  const link = (text: string, command: (typeof tooltipCommands)[number]) => `[${text}](command:${command}?${argument})`;
  const links = [link(say(msg('Report')), 'envoi.showReport')];
  if (campaign.state === 'running' || campaign.state === 'scheduled')
    links.push(link(say(msg('Pause')), 'envoi.pauseCampaign'));
  if (campaign.state === 'paused' || campaign.state === 'needsAction')
    links.push(link(say(msg('Resume')), 'envoi.resumeCampaign'));
  if (campaign.counts.inDoubt > 0) links.push(link(say(msg('Resolve In-Doubt Messages')), 'envoi.decideInDoubt'));
  return links.join(' · ');
}

/** No link, image, icon or markup may come out of a subject or a server's reply. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .slice(0, 400)
    .replace(/[\\`*_{}[\]()#+\-.!~|<>$&:@]/g, '\\$&');
}
