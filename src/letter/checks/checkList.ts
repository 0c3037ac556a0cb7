import { type Finding, msg, type Text } from '../../shared/errors.ts';
import type { RefusedRow } from '../../shared/recipient.ts';

/** The refused rows of a list as findings at their lines. They do not forbid sending to the others. */
export function checkList(refusals: readonly RefusedRow[], fileOf: (row: RefusedRow) => string): Finding[] {
  return refusals.map((row) => ({
    severity: faults.has(row.reason) ? 'warning' : 'info',
    code: row.reason,
    text: words(row),
    place: { file: fileOf(row), line: row.line, column: 1 },
    data: { address: row.address },
  }));
}

/** Something in the row should be fixed; the others are left out as they should be. */
const faults: ReadonlySet<string> = new Set(['noAddress', 'invalidAddress', 'malformedRow']);

function words({ reason, address, detail }: RefusedRow): Text {
  switch (reason) {
    case 'noAddress':
      return msg('This row has no address and gets no message.');
    case 'invalidAddress':
      return msg('“{0}” gets no message: {1}.', address, detail);
    case 'duplicate':
      return msg('{0} gets one message only: {1}.', address, detail);
    case 'suppressed':
      return msg('{0} gets no message: it is suppressed ({1}).', address, detail);
    case 'malformedRow':
      return msg('This row gets no message: {0}.', detail);
    case 'unsubscribed':
      return msg('{0} unsubscribed and gets no message: {1}.', address, detail);
    case 'complained':
      return msg('{0} complained and gets no message: {1}.', address, detail);
    case 'bounced':
    case 'cleaned':
      return msg('Mail to {0} bounced, so it gets no message: {1}.', address, detail);
    case 'blocked':
      return msg('{0} is blocked and gets no message: {1}.', address, detail);
    case 'deleted':
      return msg('{0} was deleted and gets no message: {1}.', address, detail);
    case 'refunded':
      return msg('{0} was refunded and gets no message: {1}.', address, detail);
    case 'pending':
      return msg('{0} has not confirmed and gets no message: {1}.', address, detail);
    case 'notSubscribed':
      return msg('{0} has not subscribed and gets no message: {1}.', address, detail);
    case 'statusLeftOut':
      return msg('{0} is left out by “leaveOut”: {1}.', address, detail);
    case 'notSelected':
      return msg('{0} is not selected by “where”.', address);
    case 'excepted':
      return msg('{0} is on a list under “except”: {1}.', address, detail);
    case 'alreadySent':
      return msg('{0} already got this letter: {1}.', address, detail);
    default:
      return reason satisfies never;
  }
}
