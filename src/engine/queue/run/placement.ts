import type { AttemptEnd } from '../../../shared/outcome.ts';
import { DIRECT, type Route } from '../../../shared/settings.ts';
import type { Located, Transport } from '../../../shared/transport.ts';
import { type Chooser, chooseWay, type Way, type WayState } from '../policy/chooseWay.ts';
import { routeOf } from '../policy/rendezvous.ts';
import { spread } from '../policy/schedule.ts';
import type { Delivery } from '../store/delivery.ts';
import type { Ledger } from '../store/ledger.ts';
import type { CampaignRun } from './campaignRun.ts';
import type { Lane } from './lane.ts';
import type { Lanes } from './lanes.ts';
import { type LookupResult, Lookups } from './lookups.ts';
import { LostDomains } from './lostDomains.ts';
import type { RunnerDeps } from './runnerDeps.ts';
import type { Transports } from './transports.ts';

/** Events of placing. */
export type PlacementEvent =
  /** A domain's mail servers could not be found. The delivery is still held. */
  | { kind: 'notLocated'; run: CampaignRun; delivery: Delivery; transport: Transport; end: AttemptEnd }
  /** Something waits until then: nothing to check before. */
  | { kind: 'parked'; until: number }
  /** Something was set aside: there may be room for others. */
  | { kind: 'stirred' }
  /** Something unexpected: the campaign stops. */
  | { kind: 'broken'; run: CampaignRun; error: unknown };

export interface PlacementDeps extends Pick<RunnerDeps, 'clock' | 'suppressions' | 'routeFor'> {
  transports: Transports;
  lanes: Lanes;
  ledger: Ledger;
  mayStart(delivery: Delivery): boolean;
  tell(event: PlacementEvent): void;
  closing: AbortSignal;
}

/** How long a delivery that is due waits where its lane is full. */
const FULL_WAIT_MS = 15_000;

/**
 * Moves a delivery in memory to its lane, along its route, or sets it aside if it cannot be sent now. Which transport it
 * uses is chosen by policy (`chooseWay`); this determines the state of each transport.
 *
 * Contract: a delivery is placed once at a time and is one of `run.held`. After any await, a campaign that has stopped
 * has dropped the delivery, and nothing more is done with it. Setting aside writes nothing to disk for a delivery
 * never tried: its domain is parked; one tried before is deferred.
 */
export class Placement {
  readonly #deps: PlacementDeps;
  readonly #routing: Lookups<Route>;
  readonly #locating = new WeakMap<Transport, Lookups<Located>>();
  readonly lost = new LostDomains();

  constructor(deps: PlacementDeps) {
    this.#deps = deps;
    this.#routing = new Lookups(deps.clock);
  }

  /** Takes a delivery from the store into memory. */
  take(run: CampaignRun, delivery: Delivery): void {
    run.held.set(delivery.id, delivery);
    void this.place(run, delivery);
  }

  /** Never rejects. */
  async place(run: CampaignRun, delivery: Delivery): Promise<void> {
    try {
      await this.#place(run, delivery);
    } catch (error) {
      if (run.held.get(delivery.id) !== delivery) return;
      run.drop(delivery);
      this.#deps.tell({ kind: 'broken', run, error });
    }
  }

  async #place(run: CampaignRun, delivery: Delivery): Promise<void> {
    const { suppressions, ledger, transports, mayStart, tell } = this.#deps;
    const { signal } = run.halted;
    const forgotten = () => signal.aborted || run.held.get(delivery.id) !== delivery;
    if (suppressions.has(delivery.address, delivery.domain)) {
      await ledger.place(delivery, 'suppressed', 0, delivery.hop);
      return;
    }
    const route = await this.#routeOf(run, delivery);
    if (!route || forgotten()) return;
    delivery.route = routeOf(route, delivery.address);
    delivery.hop = Math.min(delivery.hop, delivery.route.length - 1);
    const lanes: (Lane | undefined)[] = [];
    for (;;) {
      const way = this.#choose(run, delivery, lanes);
      if (way.kind !== 'go') return await this.#setAside(run, delivery, way, lanes);
      delivery.way = way.hop;
      const transport = this.#transport(run, delivery, way.hop);
      const lane = lanes[way.hop];
      if (lane) {
        transports.claim(transport.accountKey, delivery, this.#deps.clock.now());
        lane.push(delivery, run.row.kind === 'test');
        return;
      }
      const found = await this.#locate(transport, delivery);
      if (forgotten()) return;
      if (found.kind === 'slow') return this.#comeAgain(run, delivery, found.againAt);
      if (!mayStart(delivery)) {
        run.drop(delivery);
        return tell({ kind: 'stirred' });
      }
      const { answer } = found;
      if (answer.kind === 'ended') return tell({ kind: 'notLocated', run, delivery, transport, end: answer.end });
      this.lost.found(run.key, delivery.domain);
      if (transport.name === DIRECT) run.deadDomains.found(delivery.domain);
      lanes[way.hop] = this.#deps.lanes.get(transport, answer.destination, run.settings);
    }
  }

  #transport(run: CampaignRun, delivery: Delivery, hop: number): Transport {
    return this.#deps.transports.get(delivery.route[hop] ?? DIRECT, run.settings);
  }

  #choose(run: CampaignRun, delivery: Delivery, lanes: readonly (Lane | undefined)[]): Way {
    const { settings } = run;
    const chooser: Chooser = {
      hop: delivery.hop,
      now: this.#deps.clock.now(),
      since: Math.max(delivery.firstAt, run.startedAt),
      forMs: settings.retry.forMs,
      spills: settings.whenQuotaReached === 'next',
    };
    const states = delivery.route.map((_name, hop) => this.#stateOf(run, delivery, hop, lanes[hop], chooser.now));
    return chooseWay(delivery.route, states, chooser);
  }

  #stateOf(run: CampaignRun, delivery: Delivery, hop: number, lane: Lane | undefined, now: number): WayState {
    const transport = this.#transport(run, delivery, hop);
    const closed = this.#deps.transports.stateFor(transport.accountKey, now, delivery);
    if (closed.kind === 'shut' || closed.kind === 'offline') return closed;
    // A deferred delivery comes back when it is due.
    if (transport.name === DIRECT && delivery.state === 'queued') {
      const lost = this.lost.at(run.key, delivery.domain, now);
      if (lost) {
        const last = hop === delivery.route.length - 1;
        return last || lost.forLong ? { kind: 'shut', ...lost } : { kind: 'busy', until: lost.until };
      }
    }
    return lane ? laneState(lane, run, now, closed) : closed;
  }

  /** Waits for its turn, or has waited for too long. */
  async #setAside(
    run: CampaignRun,
    delivery: Delivery,
    way: Exclude<Way, { kind: 'go' }>,
    lanes: readonly (Lane | undefined)[],
  ) {
    const { clock, ledger, transports, tell } = this.#deps;
    transports.withdraw(delivery);
    if (way.kind === 'expire') {
      await ledger.place(delivery, 'expired', 0, delivery.hop);
      return;
    }
    const lane = way.hop === null ? undefined : lanes[way.hop];
    if (way.hop !== null) delivery.way = way.hop;
    if (delivery.state === 'queued') {
      run.park(delivery, lane ?? null, way.until);
      // Reading has continued meanwhile: the parked rows must be checked, now or when their time comes.
      tell(way.until > clock.now() ? { kind: 'parked', until: way.until } : { kind: 'stirred' });
      return;
    }
    const now = clock.now();
    const until = way.until > 0 ? Math.max(way.until, now + 1000) : now + FULL_WAIT_MS;
    await ledger.place(
      delivery,
      'deferred',
      until + Math.round(spread(delivery.id, delivery.tries) * 10_000),
      delivery.hop,
    );
  }

  /** The route, or null when the lookup takes longer than this delivery may wait. */
  async #routeOf(run: CampaignRun, delivery: Delivery): Promise<Route | null> {
    const { signal } = run.halted;
    const route = this.#deps.routeFor(run.settings, delivery.domain, signal);
    if (!(route instanceof Promise)) return route;
    route.catch(() => {});
    const found = await this.#routing.ask(`${run.key} ${delivery.domain}`, delivery.state !== 'queued', () => route);
    if (found.kind === 'found') return found.answer;
    if (!signal.aborted && run.held.get(delivery.id) === delivery) this.#comeAgain(run, delivery, found.againAt);
    return null;
  }

  #locate(transport: Transport, delivery: Delivery): Promise<LookupResult<Located>> {
    let lookups = this.#locating.get(transport);
    if (!lookups) {
      lookups = new Lookups(this.#deps.clock);
      this.#locating.set(transport, lookups);
    }
    const { closing } = this.#deps;
    return lookups.ask(delivery.domain, delivery.state !== 'queued', () => transport.locate(delivery.domain, closing));
  }

  #comeAgain(run: CampaignRun, delivery: Delivery, at: number): void {
    this.#deps.transports.withdraw(delivery);
    run.park(delivery, null, at);
    this.#deps.tell({ kind: 'stirred' });
  }
}

export function laneState(lane: Lane, run: CampaignRun, now: number, open: WayState = { kind: 'open' }): WayState {
  const avoided = lane.hold.avoidedUntil(now);
  if (avoided > 0) return { kind: 'shut', until: avoided, since: lane.downSince || now };
  const quota = lane.hold.quota(now);
  if (quota > 0) return { kind: 'quota', until: quota };
  const until = lane.hold.until(now);
  const roomy = lane.room(run.id, now) > 0 || (run.row.kind === 'test' && until === 0);
  return roomy ? open : { kind: 'busy', until };
}
