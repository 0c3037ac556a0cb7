/** How many of a domain's or an operator's readers were answered for good, and how many of them as "no such mailbox". */
export interface MarkTally {
  answered: number;
  marked: number;
}

const FIRST = 100;

/**
 * Whether so many of one domain's or operator's readers are said not to exist that it is no longer believed: more than a
 * tenth of the first hundred, or of all that came after. Lists go stale by a few in a hundred; a server that has lost its
 * table of users says it of everybody.
 */
export function isDoubtful({ answered, marked }: MarkTally): boolean {
  return marked > Math.max(FIRST, answered) / 10;
}
