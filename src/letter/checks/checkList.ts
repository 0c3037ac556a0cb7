import { type Finding, msg, type Text } from '../../shared/errors.ts';
import type { RefusedRow } from '../../shared/recipient.ts';

/** The refused rows of a list as findings at their lines. They do not forbid sending to the others. */
export function checkList(refusals: readonly RefusedRow[], file: string): Finding[] {
  return refusals.map((row) => ({
    severity: row.reason === 'duplicate' ? 'info' : 'warning',
    code: row.reason,
    text: words(row),
    place: { file, line: row.line, column: 1 },
    data: { address: row.address },
  }));
}

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
    default:
      return reason satisfies never;
  }
}
