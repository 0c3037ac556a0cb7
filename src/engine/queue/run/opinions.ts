import type { AttemptEnd, Outcome, Verdict } from '../../../shared/outcome.ts';
import { opinionOf, weighRefusal } from '../policy/doubt.ts';
import type { Delivery } from '../store/delivery.ts';
import type { CampaignRun } from './campaignRun.ts';
import type { EffectHandler } from './effectHandler.ts';
import { hasNext } from './effectHandler.ts';
import type { Lane } from './lane.ts';
import type { SettlementEvent } from './settlementEvents.ts';

/** How long a destination waits at most for another transport's answer about one of its readers. */
const OPINION_MS = 120_000;

export interface OpinionDeps {
  clock: { now(): number };
  effects: EffectHandler;
  tell: (event: SettlementEvent) => void;
}

/** What is finally done with a delivery, and whether the same refusal has come too often. */
export interface WeighedRefusal {
  outcome: Outcome;
  tripped: boolean;
}

/**
 * Weighs refusals that may not be about the reader. Several equal ones get a second opinion: one row, and only one,
 * is tried via the next transport. If it is accepted there, the route is at fault and those refused before are retried; if
 * refused, the reader is. This is the one exception to "a refusal is never asked over another transport".
 */
export class Opinions {
  readonly #deps: OpinionDeps;
  /** Who is being asked about, and where they were refused; or that their domain is reported not to exist. */
  readonly #asked = new Map<string, Lane | 'domain'>();

  constructor(deps: OpinionDeps) {
    this.#deps = deps;
  }

  weigh(run: CampaignRun, lane: Lane, delivery: Delivery, verdict: Verdict, end: AttemptEnd): WeighedRefusal {
    const asked = this.#asked.get(keyOf(delivery));
    if (asked === 'domain') this.#domainAnswered(run, delivery, verdict);
    else if (asked && asked !== lane) this.#answered(run, delivery, asked, verdict);
    const places = placesOf(lane, delivery);
    const suspects = marks(verdict) ? run.marks.suspects(places) : null;
    if (suspects && run.marks.isAsked(places)) return { outcome: { kind: 'later', free: true }, tripped: false };
    const refused = { row: delivery.id, hasNext: hasNext(delivery), suspects };
    const { doubt, act } = weighRefusal(lane.refusals.get(run.id) ?? null, verdict, end, refused);
    if (doubt) lane.refusals.set(run.id, doubt);
    else lane.refusals.delete(run.id);
    switch (act) {
      case 'ask':
        run.marks.set(places, 'asked');
        this.#ask(lane, delivery);
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

  /** Its domain is reported not to exist: what is done with it, given how many others are. */
  weighDomain(run: CampaignRun, delivery: Delivery, outcome: Outcome): Outcome {
    const { clock, tell } = this.#deps;
    const { domain, id } = delivery;
    const heard = run.deadDomains.hear({ domain, row: id, hasNext: hasNext(delivery) }, clock.now());
    switch (heard) {
      case 'believe':
        return outcome;
      case 'ask':
        this.#asked.set(keyOf(delivery), 'domain');
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

  #domainAnswered(run: CampaignRun, delivery: Delivery, verdict: Verdict): void {
    this.#asked.delete(keyOf(delivery));
    const rows = run.deadDomains.answered(opinionOf(verdict));
    if (rows.length > 0) this.#deps.tell({ kind: 'reconsider', run, rows });
  }

  #ask(lane: Lane, delivery: Delivery): void {
    this.#asked.set(keyOf(delivery), lane);
    lane.rest(this.#deps.clock.now() + OPINION_MS);
  }

  /** What another transport says of the one row. */
  #answered(run: CampaignRun, delivery: Delivery, lane: Lane, verdict: Verdict): void {
    const opinion = opinionOf(verdict);
    if (opinion === 'none' && hasNext(delivery)) return;
    this.#asked.delete(keyOf(delivery));
    const { effects, tell } = this.#deps;
    const doubt = lane.refusals.get(run.id);
    if (opinion === 'reader') {
      run.marks.set(placesOf(lane, delivery), 'confirmed');
      lane.revive();
      if (doubt) lane.refusals.set(run.id, { ...doubt, opinion: 'reader' });
      return;
    }
    run.marks.set(placesOf(lane, delivery), 'doubted');
    lane.refusals.delete(run.id);
    effects.passOver(lane, { ...verdict, scope: 'path' }, true);
    if (opinion === 'path' && doubt) tell({ kind: 'reconsider', run, rows: doubt.rows });
  }
}

function marks({ outcome }: Verdict): boolean {
  return outcome.kind === 'rejected' && outcome.suppress;
}

/** What readers have in common: their domain, and their mail provider. */
export function placesOf(lane: Lane | null, { domain }: Delivery): string[] {
  const { operator } = lane?.destination ?? {};
  return [`domain ${domain}`, ...(operator ? [operator.key] : [])];
}

function keyOf(delivery: Delivery): string {
  return `${delivery.campaign} ${delivery.id}`;
}
