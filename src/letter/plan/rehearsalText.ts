import { type Attention, countIn, type DeliveryState, deliveryGroups } from '../../shared/campaign.ts';
import { causeWords } from '../../shared/causes.ts';
import { detailText } from '../../shared/detailText.ts';
import { msg, type Text } from '../../shared/errors.ts';
import type { Foresight } from '../../shared/foresight.ts';
import { plural, type Words } from '../../shared/words.ts';
import { timeText, waitsText, wayText } from './foresightText.ts';

const CAUSES = 6;

/** The report of a rehearsal: how it ended, via which transports, what delayed it. One sentence a line, the outcome first. */
export function rehearsalLines(foresight: Foresight, words: Words, now: number): Text[] {
  const { counts, startAt, endAt, by, causes } = foresight;
  const when = (at: number) => words.time(at, now);
  const lines: Text[] = [
    msg('{0}: from {1} to {2}', timeText(foresight), when(startAt), when(endAt)),
    outcomeText(counts),
    ...by.map(({ transport, sent, firstAt, lastAt }) =>
      plural(
        '{0} message via {1}, at {2}',
        '{0} messages via {1}, from {2} to {3}',
        sent,
        wayText(transport),
        when(firstAt),
        when(lastAt),
      ),
    ),
  ];
  const waits = waitsText(foresight);
  if (waits) lines.push(waits);
  for (const { cause, count, transport, text } of causes.slice(0, CAUSES)) {
    const why = detailText(text.slice(0, 200), words);
    lines.push(msg('{0}: {1}, via {2} (“{3}”)', causeWords[cause].title, count, wayText(transport), why));
  }
  const stop = foresight.end === 'stopped' ? foresight.attention[0] : undefined;
  if (stop) lines.push(stopText(stop, words));
  return lines;
}

function outcomeText(counts: Record<DeliveryState, number>): Text {
  const failed = countIn(counts, deliveryGroups.failed);
  const open = countIn(counts, deliveryGroups.waiting);
  const parts = [
    msg('{0} sent', counts.sent),
    ...(failed > 0 ? [msg('{0} failed', failed)] : []),
    ...(open > 0 ? [msg('{0} still waiting', open)] : []),
    ...(counts.inDoubt > 0 ? [msg('{0} in doubt', counts.inDoubt)] : []),
  ];
  return parts.reduce((all, part) => msg('{0}, {1}', all, part));
}

function stopText(attention: Attention, words: Words): Text {
  const text = 'text' in attention ? attention.text : '';
  return text === ''
    ? msg('Sending would stop there and wait for you.')
    : msg('Sending would stop there and wait for you: {0}', detailText(text, words));
}
