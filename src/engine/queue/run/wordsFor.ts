import type { AttemptEnd } from '../../../shared/outcome.ts';

/** What a server said, or what went wrong, in one line. */
export function wordsFor(end: AttemptEnd): string {
  if (end.kind === 'fault') return end.detail;
  return `${end.reply.code} ${end.reply.enhanced} ${end.reply.text}`.replace(/\s+/g, ' ');
}
