import type { ReturnedMail } from '../../shared/returnedMail.ts';

/** The message that a command in place was called on. */
export function mailOf(argument: unknown): ReturnedMail | undefined {
  if (typeof argument !== 'object' || argument === null || !('mail' in argument)) return undefined;
  const { mail } = argument;
  const isMail = typeof mail === 'object' && mail !== null && 'id' in mail && 'messageId' in mail;
  return isMail ? (mail as ReturnedMail) : undefined;
}
