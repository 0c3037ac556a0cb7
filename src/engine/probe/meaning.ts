import {
  type AttemptEnd,
  type Cause,
  type FaultCode,
  type HeardLimit,
  replyClass,
  type Verdict,
} from '../../shared/outcome.ts';

export type Meaning = 'accepted' | 'refused' | 'stop';

const HOUR = 3_600_000;

/** Said to be for an hour or longer: such limits are never measured. */
export function isLong({ perMs = 0 }: HeardLimit): boolean {
  return perMs >= HOUR;
}

/** What a test goes on after: the server takes no more for now, over this connection or at this pace. */
const pacing: readonly Cause[] = ['rateLimited', 'tooManyConnections', 'quota', 'otherTemporary', 'timeout', 'closed'];

/** What a server refuses in its answer to EHLO, before the message is offered. */
const announced: readonly FaultCode[] = ['tooLarge', 'smtputf8'];

/** Words about the sender's name; nothing is worth more of them. */
const REPUTATION = /reputation|spam|abuse|complain|black\s?list|block\s?list|deny\s?list|suspicious/i;

/**
 * What an answer means for an in-depth test. It stops at the first 5xx, at words about reputation or complaints, at a limit for
 * an hour or longer, and at whatever is not about how much or how fast it is sent to. `opening`: it was a connection's.
 */
export function meaningOf(end: AttemptEnd, verdict: Verdict, opening: boolean): Meaning {
  if (end.kind === 'reply') {
    if (replyClass(end.reply) === 2) return 'accepted';
    if (replyClass(end.reply) === 5 || REPUTATION.test(end.reply.text)) return 'stop';
    if (verdict.limit && isLong(verdict.limit)) return 'stop';
    // What no rule knows may well be about the pace.
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

/** How a test is over that such an answer stops: the server would not have the message, or there is no connection to it. */
export function whyStopped(end: AttemptEnd): 'refused' | 'unreachable' {
  if (end.kind === 'reply') return 'refused';
  return announced.includes(end.code) ? 'refused' : 'unreachable';
}
