import type { CameBack } from './campaign.ts';
import { msg, type Text } from './errors.ts';
import { plural, type Words } from './words.ts';

/** “12 bounced, 3 unsubscribed, 1 complained”: only what occurred; null when nothing came back. */
export function cameBackText({ bounced, left, complained, replied }: CameBack): Text | null {
  const parts = [
    { count: bounced, text: plural('1 bounced', '{0} bounced', bounced) },
    { count: left, text: plural('1 unsubscribed', '{0} unsubscribed', left) },
    { count: complained, text: plural('1 complained', '{0} complained', complained) },
    { count: replied, text: plural('1 replied', '{0} replied', replied) },
  ].filter(({ count }) => count > 0);
  return parts.reduce<Text | null>((all, { text }) => (all ? msg('{0}, {1}', all, text) : text), null);
}

/** What Gmail requires of senders (support.google.com/a/answer/81126, 2026-11): below the first; it rejects from the second on. */
const GMAIL = { wanted: 0.001, refused: 0.003 };

/** What came back, a sentence each: for a campaign or in all, with what Gmail requires. None when nothing came back. */
export function returnLines(
  of: 'campaign' | 'all',
  { sent, cameBack }: { sent: number; cameBack: CameBack },
  words: Words,
): Text[] {
  const came = cameBackText(cameBack);
  if (!came) return [];
  const { bounced, complained } = cameBack;
  const share = (count: number) => words.percent(sent > 0 ? count / sent : 0, 2);
  const rates = of === 'all' ? msg('over all campaigns: {0}', came) : msg('came back later: {0}', came);
  if (bounced + complained === 0) return [rates];
  const [wanted, refused] = [words.percent(GMAIL.wanted, 1), words.percent(GMAIL.refused, 1)];
  const shares = msg('bounces {0}, complaints {1}', share(bounced), share(complained));
  return [
    msg('{0} ({1})', rates, shares),
    ...(complained > 0
      ? [
          msg(
            'Gmail requires complaints below {0} and rejects mail from {1} on. It does not report individual readers; see its own rate in Postmaster Tools.',
            wanted,
            refused,
          ),
        ]
      : []),
  ];
}
