import type {
  Attention,
  CampaignSnapshot,
  CampaignState,
  DeliveryState,
  TransportSnapshot,
} from '../../../shared/campaign.ts';
import { type LeftOut, leftOutKinds } from '../../../shared/leftOut.ts';
import type { Cause } from '../../../shared/outcome.ts';
import type { Settings } from '../../../shared/settings.ts';
import { RateMeter } from '../limits/rateMeter.ts';
import { routeOf } from '../policy/rendezvous.ts';
import type { CampaignStanding } from '../policy/transition.ts';
import type { CampaignRow } from '../store/campaignStore.ts';
import type { Delivery } from '../store/delivery.ts';
import type { DueCursor, MovedCounts, Tally } from '../store/deliveryStore.ts';
import type { Move } from '../store/ledger.ts';
import { NOWHERE, type SendingOrder } from '../store/sendingOrder.ts';
import { DeadDomains } from './deadDomains.ts';
import type { Lane } from './lane.ts';
import type { Compose } from './laneEvents.ts';
import { Marks } from './marks.ts';

/** A domain whose deliveries wait outside memory: its rows from `place` on are read when its transport has room. */
export interface Parked {
  place: number;
  /** The lane that has no room, or null where something else is in the way. */
  lane: Lane | null;
  /** Not checked before. */
  until: number;
  /** Its deliveries have a backup to use when the lane is not worth waiting for. */
  backup: boolean;
}

const START: DueCursor = { nextAt: -1, id: 0 };

/** One campaign in memory: its counts, how far its list has been read, and which deliveries are in progress. */
export class CampaignRun {
  readonly key: number;
  readonly id: string;
  readonly row: CampaignRow;
  readonly settings: Settings;
  /** Its state; changed by `Campaigns` alone. */
  standing: CampaignStanding;
  /** Deliveries in memory, from being read until they are settled. */
  readonly held = new Map<number, Delivery>();
  /** The order in which its list is read, once known; `ordering` while it is being computed. */
  order: SendingOrder | null = null;
  ordering: Promise<SendingOrder> | null = null;
  /** The place where reading continues, NOWHERE at the end; parked domains are read separately. */
  place = 0;
  readonly parked = new Map<string, Parked>();
  /** Nothing is due before this time; what is due has been read up to `due`. */
  dueAt = 0;
  due: DueCursor = START;
  /** It is about to stop by itself: nothing more of it starts. */
  stopping = false;
  /** Outside its sending hours it is idle, and reads again when they begin. */
  shut = false;
  /** Aborted whenever the campaign stops: deliveries being placed then are dropped, and read again. */
  halted = new AbortController();
  /** Readers whose servers said at once that they have no mailbox. */
  bounced = 0;
  /** Refusals of sender or message without a delivery in between, by cause. */
  readonly refusals = new Map<Cause, number>();
  readonly marks = new Marks();
  readonly deadDomains = new DeadDomains();
  /** Readers for whom sender or letter was refused, while the campaign continues for the others; by id. */
  readonly odd = new Set<number>();
  readonly counts: Record<DeliveryState, number>;
  readonly leftOut: Partial<LeftOut>;
  readonly tallies: Map<string, Tally>;
  prepare: Promise<Compose> | null = null;
  readonly #meter = new RateMeter();
  readonly #grouped: boolean;

  constructor(
    row: CampaignRow,
    counts: Record<DeliveryState, number>,
    leftOut: Partial<LeftOut>,
    tallies: Map<string, Tally>,
  ) {
    if (row.state === 'draft') throw new Error('a draft does not run');
    this.key = row.key;
    this.id = row.id;
    this.row = row;
    this.settings = row.settings;
    this.standing = { state: row.state, attention: row.attention, finishedAt: row.finishedAt };
    this.#grouped = row.settings.route.some((entry) => typeof entry !== 'string');
    this.counts = counts;
    this.leftOut = leftOut;
    this.tallies = tallies;
  }

  get state(): CampaignState {
    return this.standing.state;
  }

  get attention(): readonly Attention[] {
    return this.standing.attention;
  }

  get finishedAt(): number {
    return this.standing.finishedAt;
  }

  get startedAt(): number {
    return Math.max(this.row.startAt, this.row.createdAt);
  }

  /** Deliveries that may still be sent. */
  get unsettled(): number {
    return this.counts.queued + this.counts.sending + this.counts.deferred;
  }

  /** It has ended or is replaced: what makes its messages, and the key that signs them, are dropped. */
  release(): void {
    const { prepare } = this;
    this.prepare = null;
    void prepare?.then(
      (compose) => compose.close?.(),
      () => {},
    );
  }

  /** Reads everything from the beginning again; what is in memory is skipped. */
  rewind(): void {
    this.place = 0;
    this.order?.forget();
    this.parked.clear();
    this.dueAt = 0;
    this.due = START;
  }

  /** The unit that waits together: a domain's deliveries, and with parallel relays those of them that use the same one. */
  parkKey(delivery: Delivery): string {
    return this.#grouped ? `${delivery.domain} ${routeOf(this.settings.route, delivery.address)[0]}` : delivery.domain;
  }

  /** Drops a delivery that is unchanged on disk, so that it is read again. */
  drop(delivery: Delivery): void {
    if (this.held.get(delivery.id) === delivery) this.held.delete(delivery.id);
    if (delivery.state === 'deferred') {
      this.dueAt = 0;
      this.due = START;
    } else {
      const parked = this.parked.get(this.parkKey(delivery));
      const from = parked ?? this;
      from.place = Math.min(from.place, this.#placeOf(delivery));
    }
  }

  /** Drops it and the rest of its domain until there is room in `lane`, or `until`. */
  park(delivery: Delivery, lane: Lane | null, until: number): void {
    if (this.held.get(delivery.id) === delivery) this.held.delete(delivery.id);
    const place = this.#placeOf(delivery);
    const parked = this.parked.get(this.parkKey(delivery));
    const backup = delivery.way < delivery.route.length - 1;
    if (parked) {
      parked.place = Math.min(parked.place, place);
      parked.until = Math.max(parked.until, until);
      if (lane) Object.assign(parked, { lane, backup });
    } else {
      this.parked.set(this.parkKey(delivery), { place, lane, until, backup });
    }
  }

  /**
   * Where it waits again. A deferred delivery does not know its place; where no order is known yet, reading begins at
   * the first.
   */
  #placeOf(delivery: Delivery): number {
    const place = delivery.place === NOWHERE ? (this.order?.placeOf(delivery.id) ?? 0) : delivery.place;
    this.order?.wait(place);
    return place;
  }

  /** This many were moved on disk, by the state they had. */
  count(moved: MovedCounts, to: DeliveryState): void {
    for (const [state, n] of Object.entries(moved) as [DeliveryState, number][]) {
      this.counts[state] -= n;
      this.counts[to] += n;
    }
  }

  moved(delivery: Delivery, { from, to, before, nextAt }: Move, now: number): void {
    this.counts[from]--;
    this.counts[to]++;
    if (from === 'deferred' && before) this.tally(before).deferred--;
    if (to === 'deferred') {
      this.dueAt = Math.min(this.dueAt, nextAt);
      if (delivery.transport) this.tally(delivery.transport).deferred++;
    } else if (delivery.transport && to === 'sent') this.tally(delivery.transport).sent++;
    else if (delivery.transport && (to === 'rejected' || to === 'expired')) this.tally(delivery.transport).rejected++;
    if (to !== 'sending' && to !== 'queued') {
      this.held.delete(delivery.id);
      this.#meter.count(now);
    }
  }

  tally(transport: string): Tally {
    let tally = this.tallies.get(transport);
    if (!tally) {
      tally = { sent: 0, deferred: 0, rejected: 0 };
      this.tallies.set(transport, tally);
    }
    return tally;
  }

  /** Messages settled per second over the last ten seconds, or since the first of them. */
  rate(now: number): number {
    return this.state === 'running' ? this.#meter.rate(now) : 0;
  }

  snapshot(
    now: number,
    attention: readonly Attention[],
    transports: readonly TransportSnapshot[],
    etaAt: number,
  ): CampaignSnapshot {
    const { row } = this;
    return {
      id: this.id,
      subject: row.subject,
      document: row.documentPath,
      recipients: row.recipientsPath,
      ...(row.moreLists.length > 0 ? { moreLists: row.moreLists } : {}),
      kind: row.kind,
      state: this.state,
      createdAt: row.createdAt,
      startAt: row.startAt,
      finishedAt: this.finishedAt,
      total: row.total,
      counts: { ...this.counts },
      refused: { ...leftOutKinds(this.leftOut), suppressed: this.counts.suppressed },
      leftOut: { ...this.leftOut, ...(this.counts.suppressed > 0 ? { suppressed: this.counts.suppressed } : {}) },
      rate: this.rate(now),
      etaAt,
      attention,
      transports,
    };
  }
}
