import type { Text } from './errors.ts';
import { statusReasons } from './statusReasons.ts';

/** One good row of the list. */
export interface Recipient {
  /** Line of the row's first character in the file, from 1. */
  line: number;
  /** Which of a letter's lists the file is, from 0; absent for the first. */
  list?: number;
  /** Address for the envelope and the To header; domain as A-labels. */
  address: string;
  /** Merge fields by normalised name (`first_name`). */
  fields: Record<string, string>;
}

export const refusalReasons = [
  'noAddress',
  'invalidAddress',
  'malformedRow',
  'duplicate',
  ...statusReasons,
  'notSelected',
  'excepted',
  'alreadySent',
  'suppressed',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** A row that gets no message, kept with its line and why. */
export interface RefusedRow {
  line: number;
  /** Which of a letter's lists the row stands in, from 0; absent for the first. */
  list?: number;
  /** The cell as written, cut to 320 characters. */
  address: string;
  reason: RefusalReason;
  /** What exactly is wrong, e.g. "no @", or the line of the first occurrence. */
  detail: Text;
}
