import type { LetterCampaign } from '../../protocol/engineApi.ts';
import { msg, type Text } from '../../shared/errors.ts';
import type { Foresight } from '../../shared/foresight.ts';
import type { Settings } from '../../shared/settings.ts';
import { plural, type Words } from '../../shared/words.ts';
import { directDoubt, unchosenDirect } from './directDoubt.ts';
import { foresightText, timeText } from './foresightText.ts';
import { routeText } from './routeText.ts';
import { sentBeforeText } from './sentBeforeText.ts';

/** What a person should know before the one step that cannot be undone. */
export interface SendPlan {
  /** Names of the two files as a person tells them from others. */
  document: string;
  list: string;
  recipients: number;
  /** How the list was read; null when it is not known. */
  readAs?: Text | null;
  /** Who is left out, and why; null when nobody is. */
  leftOut: Text | null;
  from: { name: string; address: string };
  /** As its first reader sees it, and who that is when others may see another; "" when all see the same. */
  subject: string;
  subjectFor: string;
  settings: Pick<Settings, 'route' | 'directAssumed' | 'domainRoutes' | 'servers' | 'sendingHours'>;
  /** The engine's forecast. */
  foresight: Foresight;
  /** Name of the computer that sends. */
  host: string;
  /** Epoch ms; 0 = now. */
  startAt: number;
  /** Campaigns of this letter before, newest first. */
  before?: readonly LetterCampaign[];
}

/** A line with a label, for front doors to lay out. */
export interface PlanLine {
  kind: 'letter' | 'to' | 'leftOut' | 'from' | 'by' | 'when';
  label: string;
  text: string;
}

export interface Confirmation {
  question: string;
  /** Six at most, in this order. */
  lines: readonly PlanLine[];
  /** What should make a person hesitate. */
  notes: readonly string[];
  button: string;
}

/** What both front doors ask, in the same words. */
export function confirmationOf(plan: SendPlan, now: number, { say, time }: Words): Confirmation {
  const { recipients, settings, from, startAt } = plan;
  const line = (kind: PlanLine['kind'], label: Text, text: Text): PlanLine => ({
    kind,
    label: say(label),
    text: say(text),
  });
  const letter = plan.subjectFor
    ? msg('“{0}” to {1}, from {2}', plan.subject, plan.subjectFor, plan.document)
    : msg('“{0}”, from {1}', plan.subject, plan.document);
  const all = plural('{0} recipient from {1}', '{0} recipients from {1}', recipients, plan.list);
  const to = plan.readAs ? msg('{0} ({1})', all, plan.readAs) : all;
  const sender = from.name ? msg('{0} <{1}>', from.name, from.address) : msg('{0}', from.address);
  const when =
    startAt > 0
      ? line('when', msg('When'), msg('{0}; duration: {1}', time(startAt, now), timeText(plan.foresight)))
      : line('when', msg('Duration'), foresightText(plan.foresight));
  const notes: Text[] = [];
  const doubt = directDoubt(settings, plan.foresight.direct);
  if (doubt) notes.push(doubt);
  notes.push(...sentBeforeText(plan.before ?? [], time, now));
  if (settings.sendingHours) notes.push(msg('It is sent only within the hours set in envoi.sendingHours.'));
  return {
    question: say(plural('Send to {0} recipient?', 'Send to {0} recipients?', recipients)),
    lines: [
      line('letter', msg('Letter'), letter),
      line('to', msg('To'), to),
      ...(plan.leftOut ? [line('leftOut', msg('Left out'), plan.leftOut)] : []),
      line('from', msg('From'), sender),
      line('by', msg('Via'), msg('{0}, from {1}', routeText(settings), plan.host)),
      when,
    ],
    notes: notes.map(say),
    button: say(
      // Nobody has chosen this explicitly: this click does.
      unchosenDirect(settings, plan.foresight.direct) && startAt === 0
        ? plural('Send Directly to {0} Recipient', 'Send Directly to {0} Recipients', recipients)
        : startAt > 0
          ? plural('Schedule for {0} Recipient', 'Schedule for {0} Recipients', recipients)
          : plural('Send to {0} Recipient', 'Send to {0} Recipients', recipients),
    ),
  };
}
