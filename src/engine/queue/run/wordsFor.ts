import { type AttemptEnd, replyText } from '../../../shared/outcome.ts';

/** What a server said, or what went wrong, in one line. */
export function wordsFor(end: AttemptEnd): string {
  return end.kind === 'fault' ? end.detail : replyText(end.reply);
}
