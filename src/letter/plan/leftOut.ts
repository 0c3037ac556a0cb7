import { msg, type Text } from '../../shared/errors.ts';
import { plural } from '../../shared/words.ts';

/** “3 invalid addresses, 1 duplicate”; null when nobody is left out. */
export function leftOutText(refused: { invalid: number; duplicate: number; suppressed: number }): Text | null {
  const { invalid, duplicate, suppressed } = refused;
  const parts = [
    ...(invalid > 0 ? [plural('{0} invalid address', '{0} invalid addresses', invalid)] : []),
    ...(duplicate > 0 ? [plural('{0} duplicate', '{0} duplicates', duplicate)] : []),
    ...(suppressed > 0 ? [plural('{0} suppressed address', '{0} suppressed addresses', suppressed)] : []),
  ];
  return parts.length > 0 ? parts.reduce((all, part) => msg('{0}, {1}', all, part)) : null;
}
