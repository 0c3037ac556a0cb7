import { type RefusalReason, refusalReasons } from './recipient.ts';

/** How many rows of a list get no message, by reason. */
export type LeftOut = Record<RefusalReason, number>;

export function nobodyLeftOut(): LeftOut {
  return Object.fromEntries(refusalReasons.map((reason) => [reason, 0])) as LeftOut;
}

export function totalLeftOut(counts: Partial<LeftOut>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** The three kinds that are reported separately where there is little room. */
export function leftOutKinds(counts: Partial<LeftOut>): { invalid: number; duplicate: number; suppressed: number } {
  const { invalidAddress = 0, noAddress = 0, malformedRow = 0, duplicate = 0, suppressed = 0 } = counts;
  return { invalid: invalidAddress + noAddress + malformedRow, duplicate, suppressed };
}
