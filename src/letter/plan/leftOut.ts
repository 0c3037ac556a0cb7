import { msg, type Text } from '../../shared/errors.ts';
import { type LeftOut, leftOutKinds } from '../../shared/leftOut.ts';
import { type RefusalReason, refusalReasons } from '../../shared/recipient.ts';
import { plural } from '../../shared/words.ts';

/** “3 invalid addresses, 12 unsubscribed”; null when nobody is left out. */
export function leftOutText(counts: Partial<LeftOut>): Text | null {
  const { invalid } = leftOutKinds(counts);
  const parts = [
    ...(invalid > 0 ? [plural('{0} invalid address', '{0} invalid addresses', invalid)] : []),
    ...refusalReasons.flatMap((reason) => {
      const count = counts[reason] ?? 0;
      const text = count > 0 ? words(reason, count) : null;
      return text ? [text] : [];
    }),
  ];
  return parts.length > 0 ? parts.reduce((all, part) => msg('{0}, {1}', all, part)) : null;
}

function words(reason: RefusalReason, count: number): Text | null {
  switch (reason) {
    // Reported together, before the others.
    case 'noAddress':
    case 'invalidAddress':
    case 'malformedRow':
      return null;
    case 'duplicate':
      return plural('{0} duplicate', '{0} duplicates', count);
    case 'unsubscribed':
      return plural('1 unsubscribed', '{0} unsubscribed', count);
    case 'complained':
      return plural('{0} complaint', '{0} complaints', count);
    case 'bounced':
      return plural('1 bounced', '{0} bounced', count);
    case 'cleaned':
      return plural('1 cleaned', '{0} cleaned', count);
    case 'blocked':
      return plural('1 blocked', '{0} blocked', count);
    case 'deleted':
      return plural('1 deleted', '{0} deleted', count);
    case 'refunded':
      return plural('1 refunded', '{0} refunded', count);
    case 'pending':
      return plural('1 not confirmed', '{0} not confirmed', count);
    case 'notSubscribed':
      return plural('1 not subscribed', '{0} not subscribed', count);
    case 'statusLeftOut':
      return msg('{0} under “leaveOut”', count);
    case 'notSelected':
      return plural('1 not selected by “where”', '{0} not selected by “where”', count);
    case 'excepted':
      return msg('{0} on a list under “except”', count);
    case 'alreadySent':
      return plural('1 who already got this letter', '{0} who already got this letter', count);
    case 'suppressed':
      return plural('{0} suppressed address', '{0} suppressed addresses', count);
    default:
      return reason satisfies never;
  }
}
