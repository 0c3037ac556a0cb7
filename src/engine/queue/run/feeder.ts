import { setImmediate } from 'node:timers/promises';
import { chooseWay } from '../policy/chooseWay.ts';
import type { DeliveryStore, ListWindow } from '../store/deliveryStore.ts';
import { NOWHERE, type SendingOrder } from '../store/sendingOrder.ts';
import type { CampaignRun } from './campaignRun.ts';
import type { Lanes } from './lanes.ts';
import { laneState, type Placement } from './placement.ts';
import type { Transports } from './transports.ts';

/** Deliveries of one campaign in memory at most. */
const WINDOW = 4000;
const CHUNK = 200;
const MAX_PARKED = 20_000;
const PARKED_AT_ONCE = 50;

/**
 * Reads a campaign's deliveries from the store as far as there is room for them: what is due, the list in its order, and
 * the domains that were parked. Memory is limited by the window, however long the list is.
 */
export class Feeder {
  readonly #deliveries: DeliveryStore;
  readonly #transports: Transports;
  readonly #lanes: Lanes;
  readonly #placement: Placement;

  constructor(deliveries: DeliveryStore, transports: Transports, lanes: Lanes, placement: Placement) {
    this.#deliveries = deliveries;
    this.#transports = transports;
    this.#lanes = lanes;
    this.#placement = placement;
  }

  /** Returns when to check again at the latest, or Infinity. */
  async fill(run: CampaignRun, now: number): Promise<number> {
    this.#due(run, now);
    const until = await this.#list(run, now);
    return Math.min(run.dueAt > now ? run.dueAt : Number.POSITIVE_INFINITY, until, this.#parked(run, now));
  }

  #due(run: CampaignRun, now: number): void {
    while (run.dueAt <= now && run.held.size < WINDOW) {
      const rows = this.#deliveries.due(run.key, run.id, now, run.due, CHUNK);
      for (const { delivery, at } of rows) {
        run.due = at;
        if (!run.held.has(delivery.id)) this.#placement.take(run, delivery);
      }
      if (rows.length === CHUNK) continue;
      run.due = { nextAt: -1, id: 0 };
      run.dueAt = this.#deliveries.nextDue(run.key, now) || Number.POSITIVE_INFINITY;
    }
  }

  async #list(run: CampaignRun, now: number): Promise<number> {
    const { signal } = run.halted;
    while (run.place !== NOWHERE && run.held.size <= WINDOW - CHUNK && run.parked.size < MAX_PARKED) {
      const { room, until } = this.#way(run, now);
      if (room <= 0) return until;
      const order = await this.#order(run);
      if (signal.aborted) break;
      const { deliveries, next } = this.#deliveries.window(run.key, run.id, order, run.place, Math.min(CHUNK, room));
      run.place = next;
      for (const delivery of deliveries) {
        if (!run.held.has(delivery.id) && !run.parked.has(run.parkKey(delivery))) this.#placement.take(run, delivery);
      }
      // Deliveries read so far reach their lanes meanwhile, so that the room there is known.
      await setImmediate();
      if (signal.aborted) break;
    }
    return Number.POSITIVE_INFINITY;
  }

  async #order(run: CampaignRun): Promise<SendingOrder> {
    if (run.order) return run.order;
    run.ordering ??= this.#deliveries.order(run.key);
    try {
      run.order = await run.ordering;
      return run.order;
    } finally {
      run.ordering = null;
    }
  }

  /** How much of the list is worth reading: nothing while the only transport for its mail is closed or full. */
  #way(run: CampaignRun, now: number): { room: number; until: number } {
    const free = { room: CHUNK, until: Number.POSITIVE_INFINITY };
    const { settings } = run;
    const { route } = settings;
    const others = Object.values(settings.domainRoutes);
    const names = route.filter((entry) => typeof entry === 'string');
    if (names.length < route.length || others.some((other) => other[0] !== names[0] || other.length !== names.length))
      return free;
    const lanes = names.map((name) => this.#lanes.only(this.#transports.get(name, settings)));
    const states = names.map((name, hop) => {
      const state = this.#transports.stateFor(this.#transports.get(name, settings).accountKey, now, null);
      const lane = lanes[hop];
      return lane && state.kind === 'open' ? laneState(lane, run, now) : state;
    });
    const way = chooseWay(names, states, {
      hop: 0,
      now,
      since: run.startedAt,
      forMs: settings.retry.forMs,
      spills: settings.whenQuotaReached === 'next',
    });
    switch (way.kind) {
      case 'go':
        return { ...free, room: lanes[way.hop]?.room(run.id, now) ?? CHUNK };
      case 'wait':
        return { room: 0, until: way.until || Number.POSITIVE_INFINITY };
      case 'expire':
        return free;
      default:
        return way satisfies never;
    }
  }

  #parked(run: CampaignRun, now: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const [key, parked] of run.parked) {
      if (run.held.size >= WINDOW) break;
      // Deliveries for a skipped lane go to the backup at once.
      const passed = parked.backup && parked.lane?.hold.avoided(now) === true;
      const until = passed ? 0 : Math.max(parked.until, parked.lane?.hold.until(now) ?? 0);
      if (until > now) {
        next = Math.min(next, until);
        continue;
      }
      const room = parked.lane && !passed ? Math.min(PARKED_AT_ONCE, parked.lane.room(run.id, now)) : PARKED_AT_ONCE;
      if (room === 0 || !run.order) continue;
      const { deliveries, next: place } = this.#backlog(run, run.order, parked.place, room);
      if (place === NOWHERE) run.parked.delete(key);
      else parked.place = place;
      for (const delivery of deliveries)
        if (run.parkKey(delivery) === key && !run.held.has(delivery.id)) this.#placement.take(run, delivery);
    }
    return next;
  }

  #backlog(run: CampaignRun, order: SendingOrder, from: number, room: number): ListWindow {
    let window: ListWindow = { deliveries: [], next: from };
    while (window.deliveries.length === 0 && window.next !== NOWHERE)
      window = this.#deliveries.backlog(run.key, run.id, order, window.next, room);
    return window;
  }
}
