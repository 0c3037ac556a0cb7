import type { Attention } from '../../../shared/campaign.ts';
import type { AttemptEnd, Effect, Outcome, Verdict } from '../../../shared/outcome.ts';
import { DIRECT } from '../../../shared/settings.ts';
import type { Transport } from '../../../shared/transport.ts';
import { decide } from '../policy/decide.ts';
import { probeDelay } from '../policy/schedule.ts';
import type { Item } from '../store/item.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Lane } from './lane.ts';
import type { Attempt } from './laneOwner.ts';
import { type Lanes, quotaKeyOf } from './lanes.ts';
import type { Placement } from './placement.ts';
import { refusedTooOften } from './refusals.ts';
import type { Run } from './run.ts';
import { judgeFor, type RunnerParts, wordsFor } from './runnerParts.ts';
import type { Transports } from './transports.ts';

/** What settling needs of those around it. */
export interface SettlementOwner {
  runOf(item: Item): Run;
  runs(): Iterable<Run>;
  placement(): Placement;
  returned(items: readonly Item[]): void;
  stop(run: Run, attention: Attention): void;
}

const OFFLINE_MS = 30_000;
/** How long a destination rests that refuses one after the other for the same reason; up to four times as long. */
const BREAKER_MS = 30 * 60_000;
/** A rest longer than this is not waited out in memory. */
const SHORT_REST_MS = 10_000;

/** What is known of an attempt besides its end. */
interface Circumstances {
  transport: Transport;
  lane: Lane | null;
  attempt: Attempt;
  /** Since when the way has been shut, or 0: then it counts as tried since. */
  since: number;
  /** Nobody's fault: tried again at once or when the network is back, and not counted. */
  free: boolean;
}

/**
 * Judges how attempts ended and settles their deliveries, then what it means for others: a destination rests, a transport
 * closes, a campaign stops.
 *
 * Contract: the outcome is on disk before the delivery is placed again. Closing a transport counts one failed attempt,
 * whoever else waited for it: they go to their backup or wait, untouched.
 */
export class Settlement {
  readonly #parts: RunnerParts;
  readonly #transports: Transports;
  readonly #lanes: Lanes;
  readonly #ledger: Ledger;
  readonly #owner: SettlementOwner;

  constructor(parts: RunnerParts, transports: Transports, lanes: Lanes, ledger: Ledger, owner: SettlementOwner) {
    this.#parts = parts;
    this.#transports = transports;
    this.#lanes = lanes;
    this.#ledger = ledger;
    this.#owner = owner;
  }

  async ended(lane: Lane, attempt: Attempt, end: AttemptEnd): Promise<Verdict> {
    const { transport } = lane;
    const verdict = judgeFor(this.#parts.judge, transport, end, attempt.host);
    const { item } = attempt;
    const ours = end.kind === 'fault' && (end.code === 'gateFailed' || end.code === 'aborted') && end.stage !== 'dot';
    if (ours && !attempt.intent) {
      // We stopped it ourselves before its last byte: it never happened.
      this.#owner.returned([item]);
      return verdict;
    }
    const run = this.#owner.runOf(item);
    const answered = end.kind === 'reply' && verdict.effect.kind !== 'closeTransport';
    if (answered && this.#transports.doubtful(transport.quotaKey)) {
      this.#transports.reopen(transport.quotaKey);
      for (const each of this.#lanes.withKey(transport.quotaKey)) each.wake();
    }
    const tripped = !ours && refusedTooOften(lane, run.id, verdict, end);
    // A relay that refuses where we come from is passed over by those who have another way; else it stops the campaign.
    const backup = item.hop === 0 && item.route.length > 1;
    const resting = tripped && (transport.name === DIRECT || (backup && verdict.scope === 'path'));
    if (!ours) this.#effect(lane, verdict, end, resting);
    const stops = !ours && (this.#burns(run, lane, verdict) || (tripped && !resting));
    // While this is being written nothing more is begun: refusals can come faster than the disk turns.
    if (stops) run.stopping = true;
    this.#transports.withdraw(item);
    await this.#settle(run, { transport, lane, attempt, since: 0, free: ours }, end, verdict);
    if (stops) this.#stop(run, lane, verdict, end);
    if (!ours) this.#parts.onChange(run);
    return verdict;
  }

  unreachable(lane: Lane, end: AttemptEnd, host: string, failures: number): void {
    const { transport } = lane;
    const verdict = judgeFor(this.#parts.judge, transport, end, host);
    const now = this.#parts.clock.now();
    const offline = end.kind === 'fault' && end.code === 'dnsOffline';
    const { effect } = verdict;
    const relay = transport.name !== DIRECT;
    const waiting = lane.remove(() => true);
    const failed = (item: Item, free: boolean) => {
      this.#transports.withdraw(item);
      const attempt: Attempt = { item, host, startedAt: now, intent: null };
      const run = this.#owner.runOf(item);
      void this.#settle(run, { transport, lane, attempt, since: lane.downSince, free }, end, verdict);
    };
    if (offline || effect.kind === 'closeTransport' || relay) {
      const forMs = effect.kind === 'closeTransport' ? effect.forMs : 0;
      this.#close(transport, offline ? OFFLINE_MS : forMs, verdict, end);
      const [first, ...others] = waiting;
      if (first) failed(first, offline);
      this.#owner.returned(others);
      return;
    }
    const wish = effect.kind === 'restDestination' ? effect : { forMs: 0 };
    lane.rest(now + Math.max(wish.forMs, probeDelay(failures)), { ...wish, shun: true });
    for (const item of waiting) failed(item, false);
  }

  async notLocated(run: Run, item: Item, transport: Transport, end: AttemptEnd): Promise<void> {
    const { clock, judge } = this.#parts;
    const verdict = judgeFor(judge, transport, end, '');
    const offline = end.kind === 'fault' && end.code === 'dnsOffline';
    if (end.kind === 'fault' && end.code === 'aborted') {
      run.drop(item);
      return;
    }
    this.#transports.withdraw(item);
    if (offline || verdict.effect.kind === 'closeTransport') {
      this.#close(transport, offline ? OFFLINE_MS : 0, verdict, end);
      if (offline) return this.#owner.returned([item]);
    }
    const now = clock.now();
    const passing = verdict.outcome.kind === 'later';
    const placement = this.#owner.placement();
    const since = passing ? placement.lost(run, item, now + 5 * 60_000) : 0;
    const attempt: Attempt = { item, host: '', startedAt: now, intent: null };
    await this.#settle(run, { transport, lane: null, attempt, since, free: false }, end, verdict);
  }

  async #settle(run: Run, about: Circumstances, end: AttemptEnd, verdict: Verdict): Promise<void> {
    const { transport, lane, attempt, since, free } = about;
    const { item } = attempt;
    const now = this.#parts.clock.now();
    const closed = this.#transports.closure(transport.quotaKey, now);
    const firstAt = item.firstAt || Math.max(Math.min(since || now, attempt.startedAt), run.startedAt);
    const passing: Outcome = { kind: 'later', free: true, afterMs: closed ? OFFLINE_MS : 0 };
    const decision = decide(
      {
        id: item.id,
        tries: item.tries,
        asked: item.asked,
        hop: item.hop,
        hops: item.route.length,
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
      quotaKey: lane ? quotaKeyOf(transport, lane.destination) : transport.quotaKey,
      host: attempt.host,
      startedAt: attempt.startedAt,
      end,
      cause: verdict.cause,
    };
    const suppress = outcome.kind === 'rejected' && outcome.suppress && !free ? wordsFor(end) || 'rejected' : '';
    const { signal } = run.halted;
    const written = await this.#ledger.settle(
      { item, ...decision, firstAt: free ? item.firstAt : firstAt, attempt: record, suppress },
      attempt.intent,
      now,
    );
    // The ledger has reported it. On disk the delivery is as it was before; after a restart that is the truth.
    if (!written) run.drop(item);
    else if (decision.state === 'queued' && !signal.aborted) await this.#owner.placement().place(run, item);
  }

  /** What must be known before the delivery is decided on: until when its way is shut. */
  #effect(lane: Lane, verdict: Verdict, end: AttemptEnd, resting: boolean): void {
    const now = this.#parts.clock.now();
    const { effect, scope } = verdict;
    if (effect.kind === 'easeOff') lane.easeOff();
    if (effect.kind === 'restDestination') this.#rest(lane, now + effect.forMs, verdict, effect);
    if (effect.kind === 'closeTransport') this.#close(lane.transport, effect.forMs, verdict, end);
    if (resting && effect.kind !== 'pauseCampaign') {
      lane.trips++;
      const wish = lane.transport.name === DIRECT ? { maxConnections: 1 } : {};
      this.#rest(lane, now + BREAKER_MS * Math.min(lane.trips, 4), verdict, wish, scope === 'path');
    }
  }

  /** Whether so many messages were refused for what they are, or for their sender, that going on would burn the list. */
  #burns(run: Run, lane: Lane, { cause, effect, outcome }: Verdict): boolean {
    if (outcome.kind === 'delivered') {
      run.refusals.clear();
      lane.trips = 0;
      return false;
    }
    if (effect.kind !== 'pauseCampaign') return false;
    const count = (run.refusals.get(cause) ?? 0) + 1;
    run.refusals.set(cause, count);
    return count >= (effect.after ?? 1);
  }

  #stop(run: Run, lane: Lane, { scope, cause }: Verdict, end: AttemptEnd): void {
    run.stopping = false;
    run.refusals.clear();
    lane.refusals.delete(run.id);
    this.#owner.stop(run, { kind: 'refused', scope, cause, text: wordsFor(end) });
  }

  #rest(
    lane: Lane,
    until: number,
    verdict: Verdict,
    wish: { maxConnections?: number | undefined },
    shun = false,
  ): void {
    const { operator } = lane.destination;
    const now = this.#parts.clock.now();
    // Trouble of our address with one host of a provider is trouble with all of them.
    const all = operator && verdict.scope === 'path' ? this.#lanes.withKey(lane.transport.quotaKey) : [lane];
    for (const each of all) {
      if (each !== lane && each.destination.operator?.key !== operator?.key) continue;
      each.rest(until, { maxConnections: wish.maxConnections, shun });
      if (until - now > SHORT_REST_MS) this.#owner.returned(each.remove(() => true));
    }
  }

  #close(transport: Transport, forMs: number, verdict: Verdict, end: AttemptEnd): void {
    const now = this.#parts.clock.now();
    const text = wordsFor(end);
    const offline = end.kind === 'fault' && end.code === 'dnsOffline';
    const needsAction = isNeedy(verdict.effect);
    const known = this.#transports.closure(transport.quotaKey, now);
    const closure = this.#transports.close(transport.quotaKey, now, forMs, {
      cause: verdict.cause,
      text,
      offline,
      needsAction,
    });
    if (!known)
      this.#parts.log.warn(`${transport.name} is closed until ${new Date(closure.until).toISOString()}: ${text}`);
    for (const lane of this.#lanes.withKey(transport.quotaKey)) this.#owner.returned(lane.remove(() => true));
    if (needsAction) this.#needPerson(transport, verdict, text);
  }

  /** Campaigns that have no other way than transports a person must see to stop until somebody has. */
  #needPerson({ quotaKey }: Transport, { cause }: Verdict, text: string): void {
    const now = this.#parts.clock.now();
    for (const run of this.#owner.runs()) {
      if (run.state !== 'running') continue;
      const ways = run.settings.route
        .flat()
        .map((name) => ({ name, key: this.#transports.get(name, run.settings).quotaKey }));
      const own = ways.find(({ key }) => key === quotaKey);
      if (!own || ways.some(({ key }) => !this.#transports.closure(key, now)?.needsAction)) continue;
      this.#owner.stop(run, { kind: 'transportClosed', transport: own.name, cause, text, until: 0 });
    }
  }
}

function isNeedy(effect: Effect): boolean {
  return effect.kind === 'closeTransport' && effect.needsAction;
}
