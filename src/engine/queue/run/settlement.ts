import { type AttemptEnd, endText, type HeardLimit, type Outcome, type Verdict } from '../../../shared/outcome.ts';
import { MAX_SET_ASIDE } from '../../../shared/setAside.ts';
import { DIRECT } from '../../../shared/settings.ts';
import type { Transport } from '../../../shared/transport.ts';
import { decide } from '../policy/decide.ts';
import { learnedLimit } from '../policy/learnedLimit.ts';
import { tooManyBouncesNow } from '../policy/returnLimits.ts';
import { probeDelay } from '../policy/schedule.ts';
import type { Delivery } from '../store/delivery.ts';
import type { Ledger } from '../store/ledger.ts';
import type { LimitStore } from '../store/limitStore.ts';
import type { SuppressionStore } from '../store/suppressionStore.ts';
import type { CampaignRun } from './campaignRun.ts';
import { EffectHandler, type EffectHandlerDeps, hasNext, OFFLINE_MS } from './effectHandler.ts';
import type { Lane } from './lane.ts';
import type { Attempt } from './laneEvents.ts';
import { Opinions, placesOf } from './opinions.ts';
import type { Placement } from './placement.ts';
import { type Judge, judgeFor } from './runnerDeps.ts';

export interface SettlementDeps extends EffectHandlerDeps {
  judge: Judge;
  ledger: Ledger;
  limits: LimitStore;
  suppressions: SuppressionStore;
  placement: Placement;
  runOf: (delivery: Delivery) => CampaignRun;
}

/** What is known of an attempt besides its end. */
interface Circumstances {
  transport: Transport;
  lane: Lane | null;
  attempt: Attempt;
  /** Since when the transport has been closed, or 0: then it counts as tried since. */
  since: number;
  /** Nobody's fault: retried when the network is back, and not counted. */
  free: boolean;
}

/**
 * Judges how attempts ended and settles their deliveries.
 *
 * Contract: the outcome is on disk before the delivery is placed again.
 */
export class Settlement {
  readonly #deps: SettlementDeps;
  readonly effects: EffectHandler;
  readonly #opinions: Opinions;

  constructor(deps: SettlementDeps) {
    this.#deps = deps;
    this.effects = new EffectHandler(deps);
    this.#opinions = new Opinions({ ...deps, effects: this.effects });
  }

  async ended(lane: Lane, attempt: Attempt, end: AttemptEnd): Promise<Verdict> {
    const { judge, transports, tell } = this.#deps;
    const { transport } = lane;
    const { delivery } = attempt;
    const verdict = judgeFor(judge, transport, end, attempt.host, delivery.address);
    const ours = end.kind === 'fault' && (end.code === 'gateFailed' || end.code === 'aborted') && end.stage !== 'dot';
    if (ours && !attempt.intent) {
      // We stopped it ourselves before its last byte: it never happened.
      tell({ kind: 'returned', deliveries: [delivery] });
      return verdict;
    }
    const run = this.#deps.runOf(delivery);
    if (end.kind === 'reply' && verdict.effect.kind !== 'closeTransport') this.#answered(transport);
    const { outcome, tripped } = ours
      ? { outcome: verdict.outcome, tripped: false }
      : this.#opinions.weigh(run, lane, delivery, verdict, end);
    const weighed = { ...verdict, outcome };
    // A relay that refuses our address is skipped by deliveries with another transport; otherwise it stops the campaign.
    const resting = tripped && (transport.name === DIRECT || (hasNext(delivery) && verdict.scope === 'path'));
    if (!ours) this.effects.follow(lane, verdict, end, resting);
    if (verdict.limit) this.#learn(transport, verdict.limit, endText(end));
    const stops = !ours && (refusedTooOften(run, lane, weighed, delivery, end) || (tripped && !resting));
    // While this is being written nothing more is started: refusals can arrive faster than the disk writes.
    if (stops) run.stopping = true;
    transports.withdraw(delivery);
    if (!ours) noteOdd(run, delivery, weighed);
    await this.#settle(run, { transport, lane, attempt, since: 0, free: ours }, end, weighed);
    if (stops) this.#stop(run, lane, verdict, end);
    if (!ours) tell({ kind: 'changed', run });
    return weighed;
  }

  /** A limit named in a reply is learned: it is shown, and offered as a setting. */
  #learn({ accountKey }: Transport, heard: HeardLimit, text: string): void {
    const { clock, limits, log } = this.#deps;
    const at = clock.now();
    const sent = (ms: number) => limits.sentSince(accountKey, at - ms);
    const window = learnedLimit(heard, { minute: sent(60_000), hour: sent(3_600_000), day: sent(86_400_000) });
    if (!window) return;
    try {
      limits.learn(accountKey, { ...window, at, text });
    } catch (error) {
      log.warn(`the limit of ${accountKey} was not written: ${String(error)}`);
    }
  }

  /** A relay was tested before a campaign: if it does not answer, or accepts nothing for now, that is known from the start. */
  tested(transport: Transport, end: AttemptEnd): void {
    const verdict = judgeFor(this.#deps.judge, transport, end, '');
    const { effect } = verdict;
    if (effect.kind !== 'closeTransport' || effect.needsAction || (effect.after ?? 1) > 1) return;
    this.effects.close(transport, isOffline(end) ? OFFLINE_MS : effect.forMs, verdict, end);
  }

  unreachable(lane: Lane, end: AttemptEnd, host: string, failures: number): void {
    const { judge, clock, transports, tell } = this.#deps;
    const { transport } = lane;
    const verdict = judgeFor(judge, transport, end, host);
    const now = clock.now();
    const { effect } = verdict;
    const waiting = lane.remove(() => true);
    const failed = (delivery: Delivery, free: boolean) => {
      transports.withdraw(delivery);
      const attempt: Attempt = { delivery, host, startedAt: now, intent: null };
      const circumstances = { transport, lane, attempt, since: lane.downSince, free };
      void this.#settle(this.#deps.runOf(delivery), circumstances, end, verdict);
    };
    if (isOffline(end) || effect.kind === 'closeTransport' || transport.name !== DIRECT) {
      const forMs = effect.kind === 'closeTransport' ? effect.forMs : 0;
      this.effects.close(transport, isOffline(end) ? OFFLINE_MS : forMs, verdict, end);
      const [first, ...others] = waiting;
      if (first && isOffline(end)) others.unshift(first);
      else if (first) failed(first, false);
      tell({ kind: 'returned', deliveries: others });
      return;
    }
    const wish = effect.kind === 'restDestination' ? effect : { forMs: 0 };
    lane.rest(now + Math.max(wish.forMs, probeDelay(failures)), { ...wish, avoid: true });
    for (const delivery of waiting) failed(delivery, false);
  }

  async notLocated(run: CampaignRun, delivery: Delivery, transport: Transport, end: AttemptEnd): Promise<void> {
    const { clock, judge, transports, placement, tell } = this.#deps;
    const verdict = judgeFor(judge, transport, end, '');
    if (end.kind === 'fault' && end.code === 'aborted') {
      run.drop(delivery);
      return;
    }
    transports.withdraw(delivery);
    if (isOffline(end) || verdict.effect.kind === 'closeTransport') {
      this.effects.close(transport, isOffline(end) ? OFFLINE_MS : 0, verdict, end);
      if (isOffline(end)) return tell({ kind: 'returned', deliveries: [delivery] });
    }
    const now = clock.now();
    const dead = transport.name === DIRECT && verdict.cause === 'badDomain' && end.kind === 'fault';
    const outcome = dead ? this.#opinions.weighDomain(run, delivery, verdict.outcome) : verdict.outcome;
    const passing = outcome.kind === 'later' && !dead;
    const since = passing ? placement.lost.lose(run.key, delivery.domain, now, now + 5 * 60_000) : 0;
    const attempt: Attempt = { delivery, host: '', startedAt: now, intent: null };
    await this.#settle(run, { transport, lane: null, attempt, since, free: false }, end, { ...verdict, outcome });
  }

  /** A server replied about a message: it works. */
  #answered({ accountKey }: Transport): void {
    const { transports, lanes } = this.#deps;
    if (!transports.doubtful(accountKey)) return;
    transports.reopen(accountKey);
    for (const each of lanes.withKey(accountKey)) each.wake();
  }

  async #settle(run: CampaignRun, about: Circumstances, end: AttemptEnd, verdict: Verdict): Promise<void> {
    const { transport, lane, attempt, since, free } = about;
    const { clock, transports, ledger, placement } = this.#deps;
    const { delivery } = attempt;
    const now = clock.now();
    const closed = transports.closure(transport.accountKey, now);
    const firstAt = delivery.firstAt || Math.max(Math.min(since || now, attempt.startedAt), run.startedAt);
    const passing: Outcome = { kind: 'later', free: true, afterMs: closed ? OFFLINE_MS : 0 };
    const decision = decide(
      {
        id: delivery.id,
        tries: delivery.tries,
        asked: delivery.asked,
        hop: delivery.way,
        hops: delivery.route.length,
        now,
        firstAt,
        forMs: run.settings.retry.forMs,
        notBefore: Math.max(closed?.until ?? 0, lane?.hold.resting(now) ?? 0),
      },
      free ? passing : verdict.outcome,
    );
    const { outcome } = verdict;
    const record = {
      transport: transport.name,
      accountKey: lane?.accountKey ?? transport.accountKey,
      host: attempt.host,
      startedAt: attempt.startedAt,
      end,
      cause: verdict.cause,
    };
    const places = placesOf(lane, delivery);
    const marks = !free && outcome.kind === 'rejected' && outcome.suppress;
    const final = decision.state === 'sent' || decision.state === 'rejected';
    const { believed, takenBack } = final
      ? run.marks.answered(places, delivery, marks)
      : { believed: true, takenBack: [] };
    const suppress = marks && believed ? endText(end) || 'rejected' : '';
    const { signal } = run.halted;
    const written = await ledger.settle(
      { delivery, ...decision, firstAt: free ? delivery.firstAt : firstAt, attempt: record, suppress },
      attempt.intent,
      now,
    );
    this.#takeBack(run, takenBack, places, suppress === '' ? '' : delivery.address);
    // The ledger has reported the error. On disk the delivery is unchanged; after a restart that is the truth.
    if (!written) run.drop(delivery);
    else if (marks && believed) this.#bounced(run);
    else if (decision.state === 'queued' && !signal.aborted) await placement.place(run, delivery);
  }

  #bounced(run: CampaignRun): void {
    run.bounced++;
    const answered = run.counts.sent + run.counts.rejected;
    if (run.row.kind === 'test' || !tooManyBouncesNow({ answered, bounced: run.bounced, total: run.row.total })) return;
    const attention = { kind: 'burning', by: 'bounces', count: run.bounced, of: answered } as const;
    this.#deps.tell({ kind: 'stop', run, attention });
  }

  /** Too many at one place were reported missing: those marks are not believed, nor one written in the meantime. */
  #takeBack(run: CampaignRun, entries: readonly string[], places: readonly string[], justMarked: string): void {
    const { suppressions, log } = this.#deps;
    const late = justMarked !== '' && run.marks.doubts(places) ? [justMarked] : [];
    const all = [...entries, ...late];
    if (all.length === 0) return;
    if (entries.length > 0)
      log.warn(`too many readers of ${places.join(', ')} are said not to exist: they are refused, but not suppressed`);
    try {
      suppressions.remove(all);
    } catch (error) {
      log.warn(`suppressions were not taken back: ${String(error)}`);
    }
  }

  #stop(run: CampaignRun, lane: Lane, { scope, cause }: Verdict, end: AttemptEnd): void {
    run.stopping = false;
    run.refusals.clear();
    run.odd.clear();
    lane.refusals.delete(run.id);
    this.#deps.tell({ kind: 'stop', run, attention: { kind: 'refused', scope, cause, text: endText(end) } });
  }
}

/** This many refusals of sender or message in a row, after others were accepted, are no exception any more. */
const ODD = 3;

/** Whether so many messages were refused for their content, or for their sender, that the rest of the list would be refused as well. */
function refusedTooOften(
  run: CampaignRun,
  lane: Lane,
  { cause, effect, outcome }: Verdict,
  delivery: Delivery,
  end: AttemptEnd,
): boolean {
  if (outcome.kind === 'delivered') {
    run.refusals.clear();
    lane.trips = 0;
    return false;
  }
  if (effect.kind !== 'pauseCampaign') return false;
  // Too large for one server, for example: the next one may accept it.
  if (outcome.kind === 'nextTransport' && hasNext(delivery)) return false;
  const count = (run.refusals.get(cause) ?? 0) + 1;
  run.refusals.set(cause, count);
  // Where others were accepted, one odd reader is set aside; it stops only when the next ones are refused too.
  const odd = end.stage !== 'mail' && run.counts.sent > 0;
  return count >= Math.max(effect.after ?? 1, odd ? ODD : 1);
}

/** A reader for whom sender or letter was refused is set aside, until the message is accepted after all. */
function noteOdd(run: CampaignRun, { id }: Delivery, { effect, outcome }: Verdict): void {
  if (outcome.kind === 'delivered') run.odd.delete(id);
  else if (effect.kind === 'pauseCampaign' && run.odd.size <= MAX_SET_ASIDE) run.odd.add(id);
}

/** Nobody's fault, and not counted: this machine has no network, or no working name server. */
function isOffline(end: AttemptEnd): boolean {
  return end.kind === 'fault' && (end.code === 'dnsOffline' || end.code === 'resolverDown');
}
