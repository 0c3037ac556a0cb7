import { type AttemptEnd, type Cause, replyClass, type Verdict } from '../../../shared/outcome.ts';

/** This many refusals for the same reason in a row, without a delivery in between, are not about the recipients. */
const POLICY = 4;
/** An unrecognized refusal may be about the recipient; a longer row of them is not. */
const UNREADABLE = 10;
/** This many equal ones call for a second opinion, if there is another transport to ask. */
const WORTH_ASKING = 3;
const MAX_ROWS = 50;

/** The same refusal again and again at one destination. */
export interface Doubt {
  readonly cause: Cause;
  readonly count: number;
  /** Deliveries that were refused this way and may have to be retried. */
  readonly rows: readonly number[];
  /** `asked`: one of them is in progress via another transport. `reader`: it was refused there too. */
  readonly opinion: 'none' | 'asked' | 'reader';
}

export interface RefusalDecision {
  doubt: Doubt | null;
  /**
   * `believe`: the refusal is accepted. `ask`: this delivery goes to the next transport for a second opinion. `hold`: one is
   * pending, this delivery waits. `trip`: the fault is the route's or ours: nothing more is tried here for now.
   */
  act: 'believe' | 'ask' | 'hold' | 'trip';
}

export interface RefusalContext {
  row: number;
  /** Whether there is another transport to ask. */
  hasNext: boolean;
  /** Rows marked as gone where there are too many to be believed; null: they are believed. */
  suspects: readonly number[] | null;
}

/**
 * What a refusal means given those before it. Refused recipients, where it is certain that they are meant, neither
 * count nor break the row, until there are too many of them: then a second opinion is asked. A delivery breaks the row.
 */
export function weighRefusal(
  before: Doubt | null,
  verdict: Verdict,
  end: AttemptEnd,
  refused: RefusalContext,
): RefusalDecision {
  const { row, hasNext, suspects } = refused;
  const { scope, cause, outcome } = verdict;
  if (outcome.kind === 'delivered') return { doubt: null, act: 'believe' };
  const counts = end.kind === 'reply' && replyClass(end.reply) === 5 && scope !== 'account';
  const aboutReader = scope === 'recipient' && verdict.sure && cause !== 'otherPermanent';
  if (!counts || (aboutReader && suspects === null)) return { doubt: before, act: 'believe' };
  const same = before?.cause === cause ? before : null;
  if (same?.opinion === 'reader') return { doubt: same, act: 'believe' };
  const open = outcome.kind === 'rejected' && (scope === 'recipient' || scope === 'remote');
  if (same?.opinion === 'asked') return { doubt: same, act: open ? 'hold' : 'believe' };
  if (aboutReader) {
    if (!hasNext) return { doubt: before, act: 'believe' };
    return { doubt: { cause, count: 1, rows: suspects ?? [], opinion: 'asked' }, act: 'ask' };
  }
  const count = (same?.count ?? 0) + 1;
  const rows = open ? [...(same?.rows ?? []), row].slice(-MAX_ROWS) : (same?.rows ?? []);
  const doubt: Doubt = { cause, count, rows, opinion: 'none' };
  if (open && hasNext) {
    return count < WORTH_ASKING
      ? { doubt, act: 'believe' }
      : { doubt: { ...doubt, rows: rows.filter((each) => each !== row), opinion: 'asked' }, act: 'ask' };
  }
  return { doubt, act: count >= (cause === 'otherPermanent' ? UNREADABLE : POLICY) ? 'trip' : 'believe' };
}

/** What the second opinion says: the route is at fault, the reader is, or nothing yet. */
export function opinionOf({ outcome }: Verdict): 'path' | 'reader' | 'none' {
  if (outcome.kind === 'delivered') return 'path';
  return outcome.kind === 'rejected' ? 'reader' : 'none';
}
