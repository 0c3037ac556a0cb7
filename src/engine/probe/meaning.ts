import {
  type AttemptEnd,
  type Cause,
  type FaultCode,
  type HeardLimit,
  replyClass,
  type Verdict,
} from '../../shared/outcome.ts';

export type ReplyMeaning = 'accepted' | 'refused' | 'stop';

const HOUR = 3_600_000;

/** Reported to be for an hour or longer: such limits are never measured. */
export function isLong({ perMs = 0 }: HeardLimit): boolean {
  return perMs >= HOUR;
}

/** What a test continues after: the server accepts no more for now, over this connection or at this rate. */
const pacing: readonly Cause[] = ['rateLimited', 'tooManyConnections', 'quota', 'otherTemporary', 'timeout', 'closed'];

/** What a server refuses in its reply to EHLO, before the message is offered. */
const announced: readonly FaultCode[] = ['tooLarge', 'smtputf8'];

/** Words about the sender's reputation; nothing is worth risking more of them. */
const REPUTATION = /reputation|spam|abuse|complain|black\s?list|block\s?list|deny\s?list|suspicious/i;

/**
 * What an answer means for an in-depth test. It stops at the first 5xx, at words about reputation or complaints, at a limit for
 * an hour or longer, and at anything that is not about volume or rate. `opening`: the reply to opening a connection.
 */
export function meaningOf(end: AttemptEnd, verdict: Verdict, opening: boolean): ReplyMeaning {
  if (end.kind === 'reply') {
    if (replyClass(end.reply) === 2) return 'accepted';
    if (replyClass(end.reply) === 5 || REPUTATION.test(end.reply.text)) return 'stop';
    if (verdict.limit && isLong(verdict.limit)) return 'stop';
    // An unrecognized reply may well be about the rate.
    return pacing.includes(verdict.cause) || !verdict.sure ? 'refused' : 'stop';
  }
  switch (end.code) {
    case 'closed':
    case 'timeout':
      return 'refused';
    case 'refused':
    case 'unreachable':
      return opening ? 'refused' : 'stop';
    default:
      return 'stop';
  }
}

/** How a test ends that such a reply stops: the server refused the message, or there is no connection to it. */
export function whyStopped(end: AttemptEnd): 'refused' | 'unreachable' {
  if (end.kind === 'reply') return 'refused';
  return announced.includes(end.code) ? 'refused' : 'unreachable';
}
