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
  /** Who is being asked about, and where they were refused; or that their domain is said not to exist. */
  readonly #asked = new Map<string, Lane | 'domain'>();

  constructor(parts: OpinionParts) {
    this.#parts = parts;
  }

  weigh(run: Run, lane: Lane, item: Item, verdict: Verdict, end: AttemptEnd): Weighed {
    const asked = this.#asked.get(keyOf(item));
    if (asked === 'domain') this.#domainAnswered(run, item, verdict);
    else if (asked && asked !== lane) this.#answered(run, item, asked, verdict);
    const places = placesOf(lane, item);
    const suspects = marks(verdict) ? run.marks.suspects(places) : null;
    if (suspects && run.marks.isAsked(places)) return { outcome: { kind: 'later', free: true }, tripped: false };
    const refused = { row: item.id, hasNext: hasNext(item), suspects };
    const { doubt, act } = hear(lane.refusals.get(run.id) ?? null, verdict, end, refused);
    if (doubt) lane.refusals.set(run.id, doubt);
    else lane.refusals.delete(run.id);
    switch (act) {
      case 'ask':
        run.marks.set(places, 'asked');
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

  /** Its domain is said not to exist: what is done with it, in the light of how many others are. */
  weighDomain(run: Run, item: Item, outcome: Outcome): Outcome {
    const { clock, tell } = this.#parts;
    const { domain, id } = item;
    const heard = run.deadDomains.hear({ domain, row: id, hasNext: hasNext(item) }, clock.now());
    switch (heard) {
      case 'believe':
        return outcome;
      case 'ask':
        this.#asked.set(keyOf(item), 'domain');
        return { kind: 'nextTransport' };
      case 'hold':
        return { kind: 'later', free: true };
      case 'next':
        return { kind: 'nextTransport' };
      case 'doubt': {
        const rows = run.deadDomains.takeBack();
        if (rows.length > 0) tell({ kind: 'reconsider', run, rows });
        return { kind: 'later', maxTries: 3 };
      }
      default:
        return heard satisfies never;
    }
  }

  #domainAnswered(run: Run, item: Item, verdict: Verdict): void {
    this.#asked.delete(keyOf(item));
    const rows = run.deadDomains.answered(opinionOf(verdict));
    if (rows.length > 0) this.#parts.tell({ kind: 'reconsider', run, rows });
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
      run.marks.set(placesOf(lane, item), 'confirmed');
      lane.revive();
      if (doubt) lane.refusals.set(run.id, { ...doubt, opinion: 'reader' });
      return;
    }
    run.marks.set(placesOf(lane, item), 'doubted');
    lane.refusals.delete(run.id);
    aftermath.passOver(lane, { ...verdict, scope: 'path' }, true);
    if (opinion === 'path' && doubt) tell({ kind: 'reconsider', run, rows: doubt.rows });
  }
}

function marks({ outcome }: Verdict): boolean {
  return outcome.kind === 'rejected' && outcome.suppress;
}

/** Where readers share a fate: their domain, and who runs its mail. */
export function placesOf(lane: Lane | null, { domain }: Item): string[] {
  const { operator } = lane?.destination ?? {};
  return [`domain ${domain}`, ...(operator ? [operator.key] : [])];
}

function keyOf(item: Item): string {
  return `${item.campaign} ${item.id}`;
}
