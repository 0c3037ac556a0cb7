import { rateText, spanText } from '../../shared/duration.ts';
import { msg, type Text } from '../../shared/errors.ts';
import { foresightText, joined } from './foresightText.ts';
import { goesDirect, type Plan, type Strategy } from './strategy.ts';

/** “Safest: only by your servers, one after the other”. */
export function planTitle({ aim, change }: Plan): Text {
  const several = change.route.some((entry) => typeof entry !== 'string');
  switch (aim) {
    case 'safest':
      return change.route.length > 1
        ? msg('Safest: only via your servers, each a backup for the one before')
        : msg('Safest: only via your server');
    case 'steady':
      return msg('Balanced: via your servers first, then directly for the rest');
    case 'quickest':
      if (change.route.length === 1 && !several && goesDirect(change.route))
        return msg('Directly, since there is no server');
      if (change.route[0] === 'direct') return msg('Fastest: directly first, with your servers as backup');
      return goesDirect(change.route)
        ? msg('Fastest: via all your servers at once, then directly for the rest')
        : msg('Fastest: via all your servers at once');
    default:
      return aim satisfies never;
  }
}

/** How long it takes, what waits, and who would refuse. */
export function planLines(plan: Plan, { direct }: Strategy): Text[] {
  const lines = [foresightText(plan.foresight), ...limitLines(plan)];
  if (!goesDirect(plan.change.route)) return lines;
  const names = joined(plan.kept.map(({ label }) => msg('{0}', label)));
  if (names) {
    const share = plan.kept.reduce((sum, each) => sum + each.share, 0);
    lines.push(
      msg(
        '{0} ({1}% of the list) stay with your servers, because these providers reject much of the mail that comes directly from an address they do not know.',
        names,
        Math.round(share * 100),
      ),
    );
  }
  if (direct.state === 'unknown') lines.push(msg('Direct delivery from this computer has not been checked yet.'));
  return lines;
}

/** “office accepts at most 60/minute; this limit will be set, too.” */
function limitLines({ change }: Plan): Text[] {
  return Object.entries(change.limits).map(([server, windows]) =>
    msg('{0} accepts at most {1}; this limit will be set, too.', server, joined(windows.map(rateText)) ?? ''),
  );
}

/** What else to say about the list and its servers. */
export function strategyAdvice({ weak, direct, plans, worthChecking }: Strategy): Text[] {
  const advice: Text[] = [];
  if (worthChecking)
    advice.push(
      msg(
        'Direct delivery is left out until it has been checked from this computer. Run “envoi plan LETTER --network”, or use Plan and Rehearse… in the editor.',
      ),
    );
  if (direct.state === 'failed') advice.push(msg('Direct delivery is not used: {0}', direct.why));
  if (plans.length === 0)
    advice.push(msg('There is no way to send: add a server, such as your mail provider’s (envoi.servers).'));
  if (weak)
    advice.push(
      msg(
        'Your servers alone need {0} for this list. For lists of this size, look for a service made for newsletters: one that accepts {1} an hour, signs for your own domain (DKIM), returns bounces to your address, and, if you send rarely, charges by the message.',
        spanText(weak.ms),
        weak.perHour,
      ),
    );
  return advice;
}
