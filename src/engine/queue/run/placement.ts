import type { AttemptEnd } from '../../../shared/outcome.ts';
import { DIRECT, type Route } from '../../../shared/settings.ts';
import type { Located, Transport } from '../../../shared/transport.ts';
import { routeOf } from '../policy/rendezvous.ts';
import { spread } from '../policy/schedule.ts';
import type { Item } from '../store/item.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Lane } from './lane.ts';
import type { Lanes } from './lanes.ts';
import { type Found, Lookups } from './lookups.ts';
import type { Run } from './run.ts';
import type { RunnerParts } from './runnerParts.ts';
import type { Closure, Transports } from './transports.ts';

/** What placing needs of those around it. */
export interface PlacementOwner {
  mayStart(item: Item): boolean;
  /** The way to a domain could not be found. */
  notLocated(run: Run, item: Item, transport: Transport, end: AttemptEnd): Promise<void>;
  pump(): void;
  /** Something unforeseen: the campaign stops. */
  broken(run: Run, error: unknown): void;
}

/** A domain that cannot be found for so long is left to the backup. */
const LOST_MS = 30 * 60_000;
/** How long a delivery that is due waits where its lane is full. */
const FULL_WAIT_MS = 15_000;
const MAX_TROUBLED = 20_000;

/**
 * Brings a delivery in memory to its lane, along its route, or sets it aside where it cannot go now.
 *
 * Contract: an item is placed once at a time and is one of `run.held`. Whatever was awaited, a campaign that stopped
 * meanwhile has forgotten the item, and nothing more is done with it. To be set aside costs nothing on disk for what was
 * never tried: its domain is parked; what was tried before is deferred. Nobody is moved to the backup but for a closed
 * or unreachable first transport or, if so set, for a quota used up.
 */
export class Placement {
  readonly #parts: RunnerParts;
  readonly #transports: Transports;
  readonly #lanes: Lanes;
  readonly #ledger: Ledger;
  readonly #owner: PlacementOwner;
  readonly #closing: AbortSignal;
  readonly #routing: Lookups<Route>;
  readonly #locating = new WeakMap<Transport, Lookups<Located>>();
  /** Domains whose way cannot be found for now, since when, and until when nobody asks again. */
  readonly #lost = new Map<string, { since: number; until: number }>();

  constructor(
    parts: RunnerParts,
    transports: Transports,
    lanes: Lanes,
    ledger: Ledger,
    owner: PlacementOwner,
    closing: AbortSignal,
  ) {
    this.#closing = closing;
    this.#parts = parts;
    this.#routing = new Lookups(parts.clock);
    this.#transports = transports;
    this.#lanes = lanes;
    this.#ledger = ledger;
    this.#owner = owner;
  }

  /** Takes a delivery from the store into memory. */
  take(run: Run, item: Item): void {
    run.held.set(item.id, item);
    void this.place(run, item);
  }

  /** Never rejects. */
  async place(run: Run, item: Item): Promise<void> {
    try {
      await this.#place(run, item);
    } catch (error) {
      if (run.held.get(item.id) !== item) return;
      run.drop(item);
      this.#owner.broken(run, error);
    }
  }

  /** The domain's lookup failed: until then its rows need not ask. Returns since when it fails. */
  lost(run: Run, item: Item, until: number): number {
    const key = lostKey(run, item);
    const since = this.#lost.get(key)?.since ?? this.#parts.clock.now();
    if (this.#lost.size >= MAX_TROUBLED) this.#lost.clear();
    this.#lost.set(key, { since, until });
    return since;
  }

  lostSince(run: Run, item: Item): number {
    return this.#lost.get(lostKey(run, item))?.since ?? 0;
  }

  async #place(run: Run, item: Item): Promise<void> {
    const { clock, suppressions } = this.#parts;
    const { signal } = run.halted;
    const forgotten = () => signal.aborted || run.held.get(item.id) !== item;
    if (suppressions.has(item.address, item.domain)) {
      await this.#ledger.place(item, 'suppressed', 0, item.hop);
      return;
    }
    const route = await this.#routeOf(run, item);
    if (!route || forgotten()) return;
    item.route = routeOf(route, item.address);
    item.hop = Math.min(item.hop, item.route.length - 1);
    for (;;) {
      const now = clock.now();
      const backup = item.hop === 0 && item.route.length > 1;
      const transport = this.#transports.get(item.route[item.hop] ?? DIRECT, run.settings);
      const closure = this.#transports.bar(transport.quotaKey, now, item, backup);
      if (closure) {
        if (backup && !closure.offline) item.hop++;
        else return await this.#wait(run, item, closure);
        continue;
      }
      const lost = this.#lost.get(lostKey(run, item));
      if (transport.name === DIRECT && lost && lost.until > now && item.state === 'queued') {
        if (backup && now - lost.since >= LOST_MS) {
          item.hop++;
          continue;
        }
        this.#transports.withdraw(item);
        if (now >= Math.max(lost.since, run.startedAt) + run.settings.retry.forMs)
          await this.#ledger.place(item, 'expired', 0, item.hop);
        else run.park(item, null, lost.until);
        return;
      }
      const found = await this.#locate(transport, item);
      if (forgotten()) return;
      if (found.kind === 'slow') {
        this.#comeAgain(run, item, found.againAt);
        return;
      }
      const located = found.answer;
      if (!this.#owner.mayStart(item)) {
        run.drop(item);
        this.#owner.pump();
        return;
      }
      if (located.kind === 'ended') return await this.#owner.notLocated(run, item, transport, located.end);
      this.#lost.delete(lostKey(run, item));
      const lane = this.#lanes.get(transport, located.destination, run.settings);
      const spills = run.settings.whenQuotaReached === 'next' && lane.hold.quota(clock.now()) > 0;
      if (backup && (spills || lane.hold.shunned(clock.now()))) {
        item.hop++;
        continue;
      }
      await this.#enter(run, item, lane);
      return;
    }
  }

  async #enter(run: Run, item: Item, lane: Lane): Promise<void> {
    const now = this.#parts.clock.now();
    const test = run.row.kind === 'test';
    if (lane.room(run.id, now) > 0 || (test && lane.hold.until(now) === 0)) {
      lane.push(item, test);
      return;
    }
    this.#transports.withdraw(item);
    const { downSince } = lane;
    if (downSince > 0 && now >= Math.max(downSince, item.firstAt, run.startedAt) + run.settings.retry.forMs) {
      await this.#ledger.place(item, 'expired', 0, item.hop);
      return;
    }
    const until = lane.hold.until(now);
    if (item.state === 'queued') {
      run.park(item, lane, until);
      if (until === 0) this.#owner.pump();
    } else {
      const at = (until || now + FULL_WAIT_MS) + Math.round(spread(item.id, item.tries) * 5_000);
      await this.#ledger.place(item, 'deferred', at, item.hop);
    }
  }

  async #wait(run: Run, item: Item, closure: Closure): Promise<void> {
    const now = this.#parts.clock.now();
    const since = Math.max(item.firstAt || closure.since, run.startedAt);
    if (!closure.offline && now >= since + run.settings.retry.forMs)
      await this.#ledger.place(item, 'expired', 0, item.hop);
    else if (item.state === 'queued') run.park(item, null, closure.until);
    else {
      const at = Math.max(closure.until, now + 1000) + Math.round(spread(item.id, item.tries) * 10_000);
      await this.#ledger.place(item, 'deferred', at, item.hop);
    }
  }

  /** The route, or null when it has to be looked for longer than this item may wait. */
  async #routeOf(run: Run, item: Item): Promise<Route | null> {
    const { signal } = run.halted;
    const route = this.#parts.routeFor(run.settings, item.domain, signal);
    if (!(route instanceof Promise)) return route;
    route.catch(() => {});
    const found = await this.#routing.ask(`${run.key} ${item.domain}`, item.state !== 'queued', () => route);
    if (found.kind === 'found') return found.answer;
    if (!signal.aborted && run.held.get(item.id) === item) this.#comeAgain(run, item, found.againAt);
    return null;
  }

  #locate(transport: Transport, item: Item): Promise<Found<Located>> {
    let lookups = this.#locating.get(transport);
    if (!lookups) {
      lookups = new Lookups(this.#parts.clock);
      this.#locating.set(transport, lookups);
    }
    return lookups.ask(item.domain, item.state !== 'queued', () => transport.locate(item.domain, this.#closing));
  }

  #comeAgain(run: Run, item: Item, at: number): void {
    this.#transports.withdraw(item);
    run.park(item, null, at);
    this.#owner.pump();
  }
}

function lostKey(run: Run, item: Item): string {
  return `${run.key} ${item.domain}`;
}
