import type { AttemptEnd } from '../../shared/outcome.ts';
import { DIRECT } from '../../shared/settings.ts';
import type { Located, Transport } from '../../shared/transport.ts';
import type { Item } from './item.ts';
import type { Lane } from './lane.ts';
import type { Lanes } from './lanes.ts';
import type { Ledger } from './ledger.ts';
import type { Run } from './run.ts';
import type { RunnerParts } from './runnerParts.ts';
import { spread } from './schedule.ts';
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

/** Lookups of one domain under way before the rest of its rows wait outside memory. */
const MAX_LOCATING = 4;
/** A lookup that takes longer is slow: only the first few of its domain stay with it, and nobody else joins. */
const SLOW_LOOKUP_MS = 200;
/** A domain that cannot be found for so long is left to the backup. */
const LOST_MS = 30 * 60_000;
/** How long a delivery that is due waits where its lane is full. */
const FULL_WAIT_MS = 15_000;
const MAX_TROUBLED = 20_000;

interface Lookup {
  since: number;
  waiting: number;
  located: Promise<Located>;
  /** The same for those who are not to stay with a slow one: null when it is. */
  soon: Promise<Located | null>;
}

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
  readonly #locating = new Map<Transport, Map<string, Lookup>>();
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
    const { clock, suppressions, routeFor } = this.#parts;
    const { signal } = run.halted;
    const forgotten = () => signal.aborted || run.held.get(item.id) !== item;
    if (suppressions.has(item.address, item.domain)) {
      await this.#ledger.place(item, 'suppressed', 0, item.hop);
      return;
    }
    item.route = await routeFor(run.settings, item.domain, signal);
    if (forgotten()) return;
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
      const lookup = this.#lookUp(transport, item.domain, now);
      if (item.state === 'queued' && lookup.waiting >= MAX_LOCATING && now - lookup.since >= SLOW_LOOKUP_MS) {
        this.#parkBehind(lookup, run, item);
        return;
      }
      const stays = lookup.waiting++ < MAX_LOCATING || item.state !== 'queued';
      const located = await (stays ? lookup.located : lookup.soon);
      if (forgotten()) return;
      if (!located) {
        this.#parkBehind(lookup, run, item);
        return;
      }
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

  /** Looks again ever more seldom. */
  #parkBehind(lookup: Lookup, run: Run, item: Item): void {
    const now = this.#parts.clock.now();
    this.#transports.withdraw(item);
    run.park(item, null, now + Math.max(SLOW_LOOKUP_MS, now - lookup.since));
    this.#owner.pump();
  }

  /** One lookup at a time per domain; all who ask meanwhile share it. */
  #lookUp(transport: Transport, domain: string, now: number): Lookup {
    let lookups = this.#locating.get(transport);
    if (!lookups) {
      lookups = new Map();
      this.#locating.set(transport, lookups);
    }
    let lookup = lookups.get(domain);
    if (!lookup) {
      const located = transport.locate(domain, this.#closing);
      const patience = new AbortController();
      const slow = this.#parts.clock.sleep(SLOW_LOOKUP_MS, patience.signal);
      const soon = slow.then(
        () => null,
        () => located,
      );
      lookup = { since: now, waiting: 0, located, soon };
      lookups.set(domain, lookup);
      const forget = () => {
        patience.abort();
        lookups.delete(domain);
        if (lookups.size === 0) this.#locating.delete(transport);
      };
      lookup.located.then(forget, forget);
    }
    return lookup;
  }
}

function lostKey(run: Run, item: Item): string {
  return `${run.key} ${item.domain}`;
}
