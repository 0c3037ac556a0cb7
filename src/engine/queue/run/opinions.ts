import type { AttemptEnd, Outcome, Verdict } from '../../../shared/outcome.ts';
import { hear, opinionOf } from '../policy/doubt.ts';
import type { Item } from '../store/item.ts';
import type { Aftermath } from './aftermath.ts';
import { hasNext } from './aftermath.ts';
import type { Lane } from './lane.ts';
import type { Run } from './run.ts';
import type { SettlementEvent } from './settlementEvents.ts';

/** So long a destination waits at most for what another transport says of one of its readers. */
const OPINION_MS = 120_000;

export interface OpinionParts {
  clock: { now(): number };
  aftermath: Aftermath;
  tell: (event: SettlementEvent) => void;
}

/** What is done with a delivery after all, and whether the same refusal has come too often. */
export interface Weighed {
  outcome: Outcome;
  tripped: boolean;
}

/**
 * Weighs refusals that may not be about the reader. Several equal ones get a second opinion: one row, and only one,
 * is tried over the next transport. Taken there it is the way, and those refused before are tried again; refused
 * there too it is the reader. It is the one exception to "a refusal is never asked over another transport".
 */
export class Opinions {
  readonly #parts: OpinionParts;
  /** Who is being asked about, and where they were refused. */
  readonly #asked = new Map<string, Lane>();

  constructor(parts: OpinionParts) {
    this.#parts = parts;
  }

  weigh(run: Run, lane: Lane, item: Item, verdict: Verdict, end: AttemptEnd): Weighed {
    const asked = this.#asked.get(keyOf(item));
    if (asked && asked !== lane) this.#answered(run, item, asked, verdict);
    const { doubt, act } = hear(lane.refusals.get(run.id) ?? null, verdict, end, item.id, hasNext(item));
    if (doubt) lane.refusals.set(run.id, doubt);
    else lane.refusals.delete(run.id);
    switch (act) {
      case 'ask':
        this.#ask(lane, item);
        return { outcome: { kind: 'nextTransport' }, tripped: false };
      case 'hold':
        return { outcome: { kind: 'later', free: true }, tripped: false };
      case 'trip':
        return { outcome: verdict.outcome, tripped: true };
      case 'believe':
        return { outcome: verdict.outcome, tripped: false };
      default:
        return act satisfies never;
    }
  }

  #ask(lane: Lane, item: Item): void {
    this.#asked.set(keyOf(item), lane);
    lane.rest(this.#parts.clock.now() + OPINION_MS);
  }

  /** What another transport says of the one row. */
  #answered(run: Run, item: Item, lane: Lane, verdict: Verdict): void {
    const opinion = opinionOf(verdict);
    if (opinion === 'none' && hasNext(item)) return;
    this.#asked.delete(keyOf(item));
    const { aftermath, tell } = this.#parts;
    const doubt = lane.refusals.get(run.id);
    if (opinion === 'reader') {
      lane.revive();
      if (doubt) lane.refusals.set(run.id, { ...doubt, opinion: 'reader' });
      return;
    }
    lane.refusals.delete(run.id);
    aftermath.passOver(lane, { ...verdict, scope: 'path' }, true);
    if (opinion === 'path' && doubt) tell({ kind: 'reconsider', run, rows: doubt.rows });
  }
}

function keyOf(item: Item): string {
  return `${item.campaign} ${item.id}`;
}
