import type { CameBack } from './campaign.ts';
import { msg, type Text } from './errors.ts';
import { plural } from './words.ts';

/** “12 bounced, 3 unsubscribed, 1 complained”: what there was of it; null when nothing came back. */
export function cameBackText({ bounced, left, complained, replied }: CameBack): Text | null {
  const parts = [
    { count: bounced, text: plural('1 bounced', '{0} bounced', bounced) },
    { count: left, text: plural('1 unsubscribed', '{0} unsubscribed', left) },
    { count: complained, text: plural('1 complained', '{0} complained', complained) },
    { count: replied, text: plural('1 replied', '{0} replied', replied) },
  ].filter(({ count }) => count > 0);
  return parts.reduce<Text | null>((all, { text }) => (all ? msg('{0}, {1}', all, text) : text), null);
}
