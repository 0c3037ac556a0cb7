import type { Attention } from '../../../shared/campaign.ts';
import type { Item } from '../store/item.ts';
import type { Run } from './run.ts';

/** What settling an attempt means for others. */
export type SettlementEvent =
  /** Deliveries handed back untouched. */
  | { kind: 'returned'; items: readonly Item[] }
  /** The campaign stops; a person has to do something first. */
  | { kind: 'stop'; run: Run; attention: Attention }
  | { kind: 'changed'; run: Run }
  /** Deliveries that were refused are to be tried again: it was not about them. */
  | { kind: 'reconsider'; run: Run; rows: readonly number[] };
