import { parseMailbox } from '../../shared/address.ts';
import type { CheckInput } from './check.ts';

/** The letter's sender, also while it does not compile; "" when it is unknown. */
export function senderAddress({ document, newsletter, settings }: CheckInput): string {
  if (newsletter?.from.address) return newsletter.from.address;
  const parsed = parseMailbox(document.frontMatter.from ?? settings.from);
  return parsed.ok ? parsed.address : '';
}
