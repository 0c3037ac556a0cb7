/** The mailbox a command was called on in the view. */
export function mailboxNameOf(argument: unknown): string | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  return 'mailbox' in argument && typeof argument.mailbox === 'string' ? argument.mailbox : undefined;
}
