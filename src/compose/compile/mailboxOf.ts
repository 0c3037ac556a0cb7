import { parseMailbox } from '../../shared/address.ts';
import type { Mailbox } from '../newsletter.ts';

/** Sender or reply address as written; null when there is none or it is invalid, which the letter's checks report. */
export function mailboxOf(written: string): Mailbox | null {
  const parsed = parseMailbox(written);
  return parsed.ok ? { name: parsed.name, address: parsed.address } : null;
}
