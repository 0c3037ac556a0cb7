/** How many of a domain's or a provider's readers have a final result, and how many of those are "no such mailbox". */
export interface MarkTally {
  answered: number;
  marked: number;
}

const FIRST = 100;

/**
 * Whether so many of one domain's or provider's readers are reported missing that it is no longer believed: more than a
 * tenth of the first hundred, or of all after that. Lists decay by a few per cent; a server that has lost its
 * user table says it of everybody.
 */
export function isDoubtful({ answered, marked }: MarkTally): boolean {
  return marked > Math.max(FIRST, answered) / 10;
}
