import type { Clock } from '../../../shared/clock.ts';
import { detail, faultDetails } from '../../../shared/faultDetails.ts';
import type { Log } from '../../../shared/log.ts';
import { type AttemptEnd, endText, type Verdict } from '../../../shared/outcome.ts';
import { DIRECT } from '../../../shared/settings.ts';
import type { Transport } from '../../../shared/transport.ts';
import { type ReturnCounts, returnLimitAttention } from '../policy/returnLimits.ts';
import { probeDelay } from '../policy/schedule.ts';
import type { Delivery } from '../store/delivery.ts';
import type { CampaignRun } from './campaignRun.ts';
import type { Lane } from './lane.ts';
import type { Lanes } from './lanes.ts';
import type { SettlementEvent } from './settlementEvents.ts';
import { SILENCE_MS } from './silenceWatch.ts';
import type { Transports } from './transports.ts';

/** Without a network or a name server, the next check comes this soon. */
export const OFFLINE_MS = 30_000;
/** How long a destination pauses that refuses one delivery after the other for the same reason; up to four times as long. */
const BREAKER_MS = 30 * 60_000;
/** A pause longer than this is not waited out in memory. */
const SHORT_REST_MS = 10_000;

export interface EffectHandlerDeps {
  clock: Clock;
  log: Log;
  transports: Transports;
  lanes: Lanes;
  runs: () => Iterable<CampaignRun>;
  tell: (event: SettlementEvent) => void;
}

/** What an attempt means beyond its delivery: a destination pauses, a transport closes, a campaign waits for a person. */
export class EffectHandler {
  readonly #deps: EffectHandlerDeps;
  readonly #inARow = new Map<string, number>();

  constructor(deps: EffectHandlerDeps) {
    this.#deps = deps;
  }

  /** What a verdict requires. `tripped`: the same refusal has come too often in a row. */
  follow(lane: Lane, verdict: Verdict, end: AttemptEnd, tripped: boolean): void {
    const now = this.#deps.clock.now();
    const { effect, scope } = verdict;
    if (effect.kind === 'easeOff') lane.crew.slowDown();
    if (effect.kind === 'restDestination') this.#rest(lane, now + effect.forMs, verdict, effect);
    if (effect.kind === 'closeTransport' && this.#often(lane.transport, effect.after ?? 1))
      this.close(lane.transport, effect.forMs, verdict, end);
    if (verdict.outcome.kind === 'delivered') this.#inARow.delete(lane.transport.accountKey);
    if (tripped && effect.kind !== 'pauseCampaign') this.passOver(lane, verdict, scope === 'path');
  }

  /** Whether an account was refused so many times without a delivery in between. */
  #often({ accountKey }: Transport, after: number): boolean {
    const count = (this.#inARow.get(accountKey) ?? 0) + 1;
    this.#inARow.set(accountKey, count);
    if (count < after) return false;
    this.#inARow.delete(accountKey);
    return true;
  }

  /** It refuses one after the other: nothing more is tried there for a long time. */
  passOver(lane: Lane, verdict: Verdict, avoid: boolean): void {
    lane.trips++;
    const wish = lane.transport.name === DIRECT ? { maxConnections: 1 } : {};
    this.#rest(lane, this.#deps.clock.now() + BREAKER_MS * Math.min(lane.trips, 4), verdict, wish, avoid);
  }

  /** Closing counts as one failed attempt, however many were waiting: they move to their next transport or wait, uncounted. */
  close(transport: Transport, forMs: number, verdict: Verdict, end: AttemptEnd): void {
    const { clock, log, transports, lanes, tell } = this.#deps;
    const { accountKey } = transport;
    const now = clock.now();
    const text = endText(end);
    const offline = end.kind === 'fault' && end.code === 'dnsOffline';
    const needsAction = verdict.effect.kind === 'closeTransport' && verdict.effect.needsAction;
    const known = transports.closure(accountKey, now);
    const closure = transports.close(accountKey, now, forMs, { cause: verdict.cause, text, offline, needsAction });
    if (!known) log.warn(`${transport.name} is closed until ${new Date(closure.until).toISOString()}: ${text}`);
    for (const lane of lanes.withKey(accountKey)) tell({ kind: 'returned', deliveries: lane.remove(() => true) });
    if (needsAction) this.#needPerson(transport, verdict, text);
  }

  /**
   * The server is silent: the others move to their next transport. The wait itself continues, with the one
   * delivery it is for; deliveries without another transport wait with it.
   */
  silent(lane: Lane, carrying: boolean): void {
    const { clock, transports, lanes, tell } = this.#deps;
    const { transport } = lane;
    const now = clock.now();
    const text = detail(faultDetails.silence, lane.destination.label, SILENCE_MS / 1000);
    lane.lastError = text;
    const relay = transport.name !== DIRECT;
    if (relay)
      transports.close(transport.accountKey, now, 0, { cause: 'timeout', text, offline: false, needsAction: false });
    else lane.hold.silent(now + probeDelay(1));
    for (const each of relay ? [...lanes.withKey(transport.accountKey)] : [lane]) {
      let kept = each === lane && !carrying ? 1 : 0;
      const movable = each.remove((delivery) => delivery.way < delivery.route.length - 1 && --kept < 0);
      tell({ kind: 'returned', deliveries: movable });
    }
  }

  /** For a campaign, by its key: what came back before a mailbox was read, and after. Too much of it stops the campaign. */
  cameBack(key: number, before: ReturnCounts, after: ReturnCounts): void {
    const run = [...this.#deps.runs()].find((each) => each.key === key && each.row.kind !== 'test');
    const attention = run && returnLimitAttention(before, after, run.counts.sent);
    if (attention) this.#deps.tell({ kind: 'stop', run, attention });
  }

  #rest(
    lane: Lane,
    until: number,
    verdict: Verdict,
    wish: { maxConnections?: number | undefined },
    avoid = false,
  ): void {
    const { clock, lanes, tell } = this.#deps;
    const { operator } = lane.destination;
    const now = clock.now();
    // Trouble of our address with one host of a provider is trouble with all of them.
    const all = operator && verdict.scope === 'path' ? lanes.withKey(lane.transport.accountKey) : [lane];
    for (const each of all) {
      if (each !== lane && each.destination.operator?.key !== operator?.key) continue;
      each.rest(until, { maxConnections: wish.maxConnections, avoid });
      if (until - now > SHORT_REST_MS) tell({ kind: 'returned', deliveries: each.remove(() => true) });
    }
  }

  /** Campaigns whose only transports need a person's attention stop until they have got it. */
  #needPerson({ accountKey }: Transport, { cause }: Verdict, text: string): void {
    const { clock, transports, runs, tell } = this.#deps;
    const now = clock.now();
    for (const run of runs()) {
      if (run.state !== 'running') continue;
      const ways = run.settings.route.flat().map((name) => ({
        name,
        key: transports.get(name, run.settings).accountKey,
      }));
      const own = ways.find(({ key }) => key === accountKey);
      if (!own || ways.some(({ key }) => !transports.closure(key, now)?.needsAction)) continue;
      tell({ kind: 'stop', run, attention: { kind: 'transportClosed', transport: own.name, cause, text, until: 0 } });
    }
  }
}

/** Whether another transport of its route follows the one it was tried via. */
export function hasNext(delivery: Delivery): boolean {
  return delivery.way < delivery.route.length - 1;
}
