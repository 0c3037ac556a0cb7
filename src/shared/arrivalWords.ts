import { domainOf } from './address.ts';
import type { Arrival } from './arrival.ts';
import { spanText } from './duration.ts';
import { msg, type Text } from './errors.ts';
import type { MailboxSettings } from './settings.ts';

export interface ArrivalLine {
  state: 'passed' | 'warned' | 'failed' | 'unasked';
  text: Text;
}

/** The report for one mailbox: where the test is, how long it took, and the results of its server's checks. */
export function arrivalLines(
  name: string,
  { authServer }: Pick<MailboxSettings, 'authServer'>,
  arrival: Arrival | null,
): ArrivalLine[] {
  if (!arrival) return [{ state: 'failed', text: msg('{0}: it has not arrived.', name) }];
  return [placeLine(name, arrival), ...proofLines(authServer, arrival)];
}

function placeLine(name: string, { folder, placement, delayMs }: Arrival): ArrivalLine {
  const after = delayMs === null ? null : spanText(delayMs);
  switch (placement) {
    case 'inbox':
      return {
        state: 'passed',
        text: after ? msg('{0}: in the inbox after {1}.', name, after) : msg('{0}: in the inbox.', name),
      };
    case 'junk':
      return {
        state: 'failed',
        text: after
          ? msg('{0}: in junk ({1}) after {2}.', name, folder, after)
          : msg('{0}: in junk ({1}).', name, folder),
      };
    case 'other':
      return { state: 'warned', text: msg('{0}: in the folder {1}, where a filter may have put it.', name, folder) };
    default:
      return placement satisfies never;
  }
}

function proofLines(authServer: string, { results, strangers }: Arrival): ArrivalLine[] {
  const [other] = strangers;
  if (results.length === 0) {
    if (authServer === '' && other !== undefined) {
      const text = msg(
        'The results from {0} are ignored: if that is the mailbox’s own server, set authServer to it.',
        other,
      );
      return [{ state: 'unasked', text }];
    }
    const text = msg('Its server did not report its results (no Authentication-Results of its own).');
    return [{ state: 'unasked', text }];
  }
  return results
    .filter(({ method }) => ['spf', 'dkim', 'dmarc'].includes(method))
    .map(({ method, result, about }) => ({
      state: result === 'pass' ? 'passed' : result === 'none' || result === 'temperror' ? 'warned' : 'failed',
      text:
        about === ''
          ? msg('{0}: {1}', method.toUpperCase(), result)
          : msg('{0}: {1} ({2})', method.toUpperCase(), result, about),
    }));
}

/** The addresses of mailboxes that are named after theirs: there a test can go by itself. */
export function mailboxAddresses(mailboxes: Readonly<Record<string, MailboxSettings>>): string[] {
  return [...new Set(Object.values(mailboxes).flatMap(({ user }) => (domainOf(user) !== user ? [user] : [])))];
}

/** Which of the tests a mailbox should have: the one to its own address, else any. */
export function expectedIn(
  { user }: Pick<MailboxSettings, 'user'>,
  rows: readonly { address: string; messageId: string }[],
): string[] {
  const own = rows.filter(({ address }) => address.toLowerCase() === user.toLowerCase());
  return (own.length > 0 ? own : rows).map(({ messageId }) => messageId).filter((id) => id !== '');
}
