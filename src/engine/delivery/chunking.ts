import { detail, faultDetails } from '../../shared/faultDetails.ts';
import { type AttemptEnd, type Reply, replyClass } from '../../shared/outcome.ts';
import { fault, replied } from './attemptEnd.ts';
import type { Loss } from './wire.ts';

/** The server rejected the command itself: this says nothing about the message. */
export function isBdatFault({ code }: Reply): boolean {
  return code >= 500 && code <= 504;
}

/** Replies to the envelope of a message that was sent whole, as far as they have arrived. */
export interface EnvelopeReplies {
  mail?: Reply;
  rcpt?: Reply;
}

/** How a message sent as MAIL, RCPT and BDAT LAST in one piece ended, judged by its last reply (RFC 3030 2, RFC 2920 3.1). */
export function endOfChunked({ mail, rcpt }: EnvelopeReplies, last: Reply): AttemptEnd {
  const refusal = refusalOf(mail, rcpt);
  const recipientAccepted = rcpt !== undefined && replyClass(rcpt) === 2;
  // The server took the message for a recipient it had accepted, whatever it replied to MAIL: it may have been delivered.
  if (replyClass(last) === 2 && recipientAccepted) return replied('dot', last);
  if (refusal) return refusal;
  if (isBdatFault(last)) return fault('body', 'protocol', detail(faultDetails.oddBdat, `${last.code} ${last.text}`));
  return replied('dot', last);
}

/** How it ended when the connection was lost before its last reply. */
export function endOfLostChunked({ mail, rcpt }: EnvelopeReplies, loss: Loss): AttemptEnd {
  const recipientAccepted = rcpt !== undefined && replyClass(rcpt) === 2;
  const refusal = recipientAccepted ? null : refusalOf(mail, rcpt);
  if (refusal) return refusal;
  // 421 to an earlier command: the server closes and does not process what follows (RFC 5321 3.8).
  if (loss.reply) return replied(rcpt ? 'data' : mail ? 'rcpt' : 'mail', loss.reply);
  return fault('dot', loss.code === 'aborted' ? 'closed' : loss.code, loss.detail);
}

function refusalOf(mail: Reply | undefined, rcpt: Reply | undefined): AttemptEnd | null {
  if (mail && replyClass(mail) !== 2) return replied('mail', mail);
  if (rcpt && replyClass(rcpt) !== 2) return replied('rcpt', rcpt);
  return null;
}
