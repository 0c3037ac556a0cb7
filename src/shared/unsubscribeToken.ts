/** How long the links of a letter, and what comes back of it, find their reader: 180 days (CAN-SPAM asks for 30). */
export const LINKS_LIVE_MS = 180 * 86_400_000;

/** Characters of a link that are looked at. */
const LONGEST_LINK = 4_096;

/** Whether a word has the shape of an unsubscribe token: 32 octets in base64url (RFC 4648, section 5). */
export const isToken = (word: string): boolean => /^[\w-]{43}$/.test(word);

/** The unsubscribe token in what a person pastes: the token itself, or a whole link as it stands in a letter. */
export function tokenIn(written: string): string | undefined {
  // The report's CSV has a quotation mark before a token that a spreadsheet would take for a formula.
  const bare = written.replace(/^'/, '');
  if (isToken(bare)) return bare;
  if (written.length > LONGEST_LINK) return undefined;
  return /(?:^|[/=?&])([\w-]{43})(?:$|[/&#])/.exec(written)?.[1];
}
